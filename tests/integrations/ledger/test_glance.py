"""A glance at tickets says what the ledger says, or nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from tests.integrations.ledger.made import ticket

from keepfit.errors import LedgerError
from keepfit.integrations.ledger import glance as module
from keepfit.integrations.ledger.glance import glance
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.schema import SCHEMA


@pytest.fixture
def uri(tmp_path):
    made = f"sqlite:///{tmp_path}/a ledger's.db"
    ledger = Ledger(made)
    with ledger.transaction() as book:
        for name in ("2013-02-harm", "2013-01-harm"):
            book.save_ticket(ticket(name))
        book.save_ticket(ticket("2013-02-harm", model="another"))
        book.save_ticket(ticket("2013-01-harm", status="resolved"))
    ledger.close()
    return made


def opened(uri, model="flights"):
    ledger = Ledger(uri)
    with ledger.reading() as book:
        found = book.tickets(model)
    ledger.close()
    return found


def test_it_sees_what_the_ledger_sees(uri):
    assert module.SCHEMA == SCHEMA
    model = ticket().model
    assert [one.id for one in glance(uri, model)] == ["2013-02-harm", "2013-01-harm"]
    assert glance(uri, model) == opened(uri, model)
    assert glance(uri, "nobody's") == ()


def test_what_it_is_not_sure_of_it_leaves_to_the_ledger(uri, tmp_path):
    path = uri.removeprefix("sqlite:///")
    for other in ("postgresql://h/db", "sqlite://", f"{uri}?timeout=3", f"{uri}%20", f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}"):
        assert glance(other, "m") is None
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE keepfit_ledger SET schema = 9")
    assert glance(uri, "m") is None
    (tmp_path / "text.db").write_text("no database" * 100)
    assert glance(f"sqlite:///{tmp_path}/text.db", "m") is None
    assert not (tmp_path / "none.db").exists()


def test_a_record_of_a_newer_keepfit_is_refused_by_name(uri):
    with sqlite3.connect(uri.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE keepfit_tickets SET record = json_set(record, '$.schema', 9)")
    with pytest.raises(LedgerError, match="this keepfit knows 1"):
        glance(uri, ticket().model)


def test_keepfit_ticket_loads_no_sqlalchemy(tmp_path):
    (tmp_path / "params.yaml").write_text("model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n")
    (tmp_path / "baseline.json").write_text('{"champion": null, "previous": null, "schema": 1}\n')
    Ledger(f"sqlite:///{tmp_path}/.keepfit/ledger.db").view("m")
    code = "import sys\nfrom keepfit.cli import app\napp(['ticket'], standalone_mode=False)\nassert 'sqlalchemy' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
