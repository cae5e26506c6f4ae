from __future__ import annotations

import sqlite3

import pytest

from keepfit.errors import DataError
from keepfit.integrations.sql.address import address_of
from keepfit.integrations.sql.failures import failures


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (sqlite3.OperationalError("interrupted"), "takes too long"),
        (sqlite3.OperationalError("database is locked"), "locked by another program"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "the query writes"),
        (sqlite3.OperationalError("no such table: g"), "cannot run the query: no such table: g"),
        (sqlite3.DatabaseError("disk image is malformed: pa55word"), r"the database failed: disk image is malformed: \*\*\*"),
        (OSError("pa55word"), "the database failed"),
        (ImportError("x"), "no driver for postgresql"),
    ],
)
def test_what_a_database_answers_is_one_sentence_without_a_secret_and_without_its_exception(monkeypatch, tmp_path, error, says):
    monkeypatch.setenv("ROWS_DB", "postgresql://ann:pa55word@host/db")
    address = address_of("ROWS_DB", where="params.yaml: data.live", root=tmp_path)
    with pytest.raises(DataError, match=says) as said, failures(address):
        raise error
    assert "pa55word" not in str(said.value)
    assert said.value.__suppress_context__
    assert said.value.where == "params.yaml: data.live"
