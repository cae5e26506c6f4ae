"""DuckDB's troubles are sentences, and Ctrl-C ends its work."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from keepfit.errors import DataError
from keepfit.integrations.duckdb.connection import connected, interruptible


def test_an_interrupt_ends_a_query_that_would_run_for_hours():
    def stop():
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(KeyboardInterrupt), connected() as connection:
        interruptible(connection, lambda: connection.execute("SELECT count(*) FROM range(1000000000000) a WHERE a.range % 7 = 3").fetchall())


def test_a_file_that_is_no_table_is_one_sentence(tmp_path):
    (tmp_path / "x.parquet").write_text("no table")
    with pytest.raises(DataError, match=r"DuckDB: .*x\.parquet") as raised, connected() as connection:
        connection.execute(f"SELECT * FROM read_parquet('{tmp_path}/x.parquet')")
    assert raised.value.fix == "write the file again, or dvc pull"


def test_more_than_memory_goes_to_a_folder_that_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with connected(memory="100MB") as connection:
        rows = connection.execute("SELECT count(*) FROM (SELECT DISTINCT range % 9000000 AS a, range AS b, range + 1 AS c FROM range(9000000))").fetchone()
    assert rows == (9_000_000,)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_into_what_a_notebook_prints():
    with connected() as connection:
        assert connection.sql("select current_setting('enable_progress_bar')").fetchall() == [(False,)]
