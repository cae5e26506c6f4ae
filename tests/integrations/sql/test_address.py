from __future__ import annotations

import pytest

from keepfit.errors import DataError
from keepfit.integrations.sql.address import address_of

WHERE = "params.yaml: data.live"


def address(monkeypatch, tmp_path, url):
    monkeypatch.setenv("ROWS_DB", url)
    return address_of("ROWS_DB", where=WHERE, root=tmp_path)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ann:pa55word@host/db", 'FATAL for "ann" with pa55word at host'),
        ("postgresql://ann:pa%40ss%3Aword@host/db", "FATAL for ann with pa@ss:word or pa%40ss%3Aword"),
        ("postgresql://ann:left@righthalf@host/db", 'could not translate host name "righthalf@host"'),
        ("postgresql://ann@host/db?password=pa55word&sslmode=require", "conninfo password=pa55word"),
        ("postgresql://ann:xy@host/db", "tried xy twice, luxyry"),
    ],
)
def test_what_a_driver_says_is_shown_without_the_password_however_it_is_written(monkeypatch, tmp_path, url, said):
    found = address(monkeypatch, tmp_path, url)
    shown = found.short(RuntimeError(said))
    assert not any(secret in shown for secret in ("pa55word", "pa@ss", "pa%40ss", "righthalf", " xy "))
    assert "***" in shown
    assert "ann:" not in repr(found)
    assert "pa55word" not in repr(found)


def test_a_url_that_leaves_the_driver_open_gets_the_one_that_is_tested(monkeypatch, tmp_path):
    assert address(monkeypatch, tmp_path, "postgres://ann@host/db").url.drivername == "postgresql+psycopg"
    assert address(monkeypatch, tmp_path, "postgresql+psycopg2://ann@host/db").url.drivername == "postgresql+psycopg2"


def test_a_relative_sqlite_file_lies_in_the_project(monkeypatch, tmp_path):
    assert address(monkeypatch, tmp_path, "sqlite:///rows.db").file == tmp_path / "rows.db"
    assert address(monkeypatch, tmp_path, "sqlite:////srv/rows.db").file.as_posix() == "/srv/rows.db"


@pytest.mark.parametrize(("url", "says"), [("", "has no ROWS_DB"), ("pa55word", "no database URL"), ("sqlite://", "names no SQLite file")])
def test_an_environment_without_a_url_is_said_and_what_it_holds_is_not(monkeypatch, tmp_path, url, says):
    with pytest.raises(DataError, match=says) as refused:
        address(monkeypatch, tmp_path, url)
    assert refused.value.where == f"{WHERE}.url_env"
    assert "pa55word" not in str(refused.value)
