"""A ledger's file: copied in one state while others write, smaller after rows are gone."""

from __future__ import annotations

import threading

import pytest
from tests.integrations.ledger.made import MODEL, judged

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.file import copy_to, shrink
from keepfit.integrations.ledger.ledger import Ledger


def test_a_copy_made_while_another_process_writes_is_one_state(ledger, tmp_path):
    done = threading.Event()

    def write():
        other = Ledger(ledger.uri)
        for number in range(1, 13):
            with other.transaction() as book:  # two rows or none
                book.record_window(judged(f"2012-{number:02}"))
                book.record_window(judged(f"2012-{number:02}", champion="sha256:bb"))
        other.close()
        done.set()

    with ledger.transaction() as book:
        book.record_window(judged("2011-01"))
    writer = threading.Thread(target=write)
    writer.start()
    counts = set()
    while True:
        ended = done.is_set()
        copy_to(ledger.uri, tmp_path / "copy.db")
        copy = Ledger(f"sqlite:///{tmp_path}/copy.db")
        with copy.reading() as book:
            counts.add(len(book.windows(MODEL, None)))
        copy.close()
        if ended:
            break
    writer.join()
    assert all(count % 2 for count in counts)
    assert max(counts) == 25


def test_a_copy_that_cannot_be_written_is_a_sentence_and_leaves_nothing(ledger, tmp_path):
    with ledger.transaction():
        pass
    with pytest.raises(LedgerError, match="cannot be copied"):
        copy_to(ledger.uri, tmp_path / "no" / "copy.db")
    (tmp_path / "file").mkdir()
    with pytest.raises(LedgerError, match="cannot be copied"):
        copy_to(ledger.uri, tmp_path / "file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "file"]


def test_without_a_ledger_none_is_made(tmp_path):
    with pytest.raises(LedgerError, match="there is no ledger yet"):
        copy_to(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_on_a_server_is_copied_by_its_own_tools(tmp_path):
    with pytest.raises(LedgerError) as caught:
        copy_to("postgresql+psycopg://me:secret@host/db", tmp_path / "copy.db")
    assert "pg_dump" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert shrink("postgresql+psycopg://me:secret@host/db") == 0


def test_the_file_is_smaller_once_its_rows_are_gone(ledger):
    with ledger.transaction() as book:
        for number in range(1, 13):
            book.record_window(judged(f"2012-{number:02}", notes=("x" * 20_000,)))
        book.remove(MODEL, book.superseded(MODEL, before=judged("2013-01").window.end, champions=set()))
    ledger.close()
    assert shrink(ledger.uri) > 200_000
    assert shrink(ledger.uri) == 0
