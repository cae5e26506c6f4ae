"""One run at a time of one model; a killed process gives the lock back."""

from pathlib import Path

import pytest

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.run_lock import file_name, one_at_a_time


def test_a_second_run_waits_for_the_first_and_then_gives_up_with_a_sentence(tmp_path):
    uri, told = f"sqlite:///{tmp_path}/ledger.db", []
    with one_at_a_time(uri, "monitor", "m", patience=0, waiting=lambda: told.append("first")):
        second = one_at_a_time(uri, "monitor", "m", patience=0.3, waiting=lambda: told.append("second"))
        with pytest.raises(LedgerError, match="another run of keepfit on this model"):
            second.__enter__()
        with one_at_a_time(uri, "monitor", "another model", patience=0, waiting=lambda: told.append("another model")):
            pass
    with one_at_a_time(uri, "monitor", "m", patience=0, waiting=lambda: told.append("third")):
        pass
    assert told == ["second"]
    assert Path(f"{tmp_path}/ledger.db.{file_name('monitor', 'm')}.lock").exists()


@pytest.mark.postgres
def test_on_postgresql_a_second_host_waits_too(postgres):
    told = []
    with one_at_a_time(postgres.uri, "monitor", "m", patience=0, waiting=lambda: told.append("first")):
        second = one_at_a_time(postgres.uri, "monitor", "m", patience=0.3, waiting=lambda: told.append("second"))
        with pytest.raises(LedgerError, match="another run of keepfit on this model"):
            second.__enter__()
        with one_at_a_time(postgres.uri, "monitor", "another model", patience=0, waiting=lambda: told.append("another model")):
            pass
    with one_at_a_time(postgres.uri, "monitor", "m", patience=0, waiting=lambda: told.append("third")):
        pass
    assert told == ["second"]


def test_a_lock_is_named_for_one_model_whatever_the_model_is_called(tmp_path):
    names = ["flights", "flights/late", "flights-late", "../flights", "Łódź", "f" * 300]
    files = [file_name("monitor", name) for name in names]
    assert len(set(files)) == len(names)
    assert all(len(file) < 40 and "/" not in file for file in files)
