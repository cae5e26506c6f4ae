"""A fleet's overview: read from params, baseline.json and ledgers, on SQLite and PostgreSQL; one broken project stops no other."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from tests.flows.fleet.test_projects import fleet, project
from tests.integrations.ledger.conftest import on_postgres  # noqa: F401 - a fixture
from tests.integrations.ledger.made import judged, ticket

from keepfit.flows.fleet import overview
from keepfit.flows.fleet.overview import fleet_overview
from keepfit.integrations.journal import Journal
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Baseline, Evidence, JournalRow, Pin, to_json

NOW = datetime(2013, 7, 10)


def pinned(root):
    pin = Pin(model=root.name, version="7", digest="sha256:aa", trained_until=datetime(2013, 4, 1), evaluated_until=None)
    (root / "baseline.json").write_text(to_json(Baseline(champion=pin)))


def changed(since):
    return Evidence(kind="data", subject="x", detector="e-detector", statistic=1.0, effect=0.2, e_value=2000.0, n=9, n_reference=9, since=since)


def shared(home, uri):
    """Four projects on one ledger; `calm` is fine, `harmed` has a ticket, `drifts` called one change in two windows, `broken` cannot be read."""
    for name in ("calm", "harmed", "drifts", "broken"):
        project(home / name, name, f"ledger: {{uri: '{uri}'}}\n")
        pinned(home / name)
    (home / "broken" / "params.yaml").write_text("model: [")
    ledger = Ledger(uri)
    with ledger.transaction() as book:
        for name in ("calm", "harmed"):
            book.record_window(judged("2013-06", model=name, labelled=10))
        book.record_window(judged("2013-05", model="drifts", labelled=10, evidence=(changed("2013-05"),)))
        book.record_window(judged("2013-06", model="drifts", evidence=(changed("2013-05"),)))
        book.save_ticket(ticket("2013-06-harm", model="harmed", severity="critical"))
        book.save_ticket(ticket("2013-06-harm", model="another team's", severity="critical"))
    ledger.close()
    return fleet(home, "projects: ['*']\n")


def check(path):
    lines = fleet_overview(path, until=NOW)
    assert [(line.model, line.state) for line in lines] == [("harmed", "ticket"), ("broken", "broken"), ("calm", "ok"), ("drifts", "ok")]
    assert "not YAML" in lines[1].detail
    assert (lines[0].version, lines[0].tickets, lines[0].age_days, lines[0].folder) == ("7", {"critical": 1}, 100.0, "harmed")
    drifts = lines[3]
    assert (drifts.alerts, drifts.windows, drifts.promised, drifts.labelled_until) == (1, 2, 0.002, datetime(2013, 6, 1))


def test_one_line_a_model_worst_first(tmp_path):
    check(shared(tmp_path, f"sqlite:///{tmp_path}/ledger.db"))


@pytest.mark.postgres
def test_on_one_postgresql_too(tmp_path, on_postgres):  # noqa: F811 - the fixture
    check(shared(tmp_path, on_postgres))


def test_a_ledger_that_cannot_be_read_breaks_its_own_projects_only(tmp_path):
    for name in ("a", "b"):
        project(tmp_path / name, name)
        pinned(tmp_path / name)
    (tmp_path / "a" / ".keepfit").mkdir()
    (tmp_path / "a" / ".keepfit" / "ledger.db").write_text("no database" * 99)
    broken, fine = fleet_overview(fleet(tmp_path, "projects: [a, b]\n"), until=NOW)
    assert (broken.model, broken.state) == ("a", "broken")
    assert "the ledger cannot be used" in broken.detail
    assert (fine.model, fine.state, fine.detail) == ("b", "unmonitored", "no window was ever judged")


def test_looking_makes_no_ledger(tmp_path):
    project(tmp_path / "a", "a")
    fleet_overview(fleet(tmp_path, "projects: [a]\n"), until=NOW)
    assert not (tmp_path / "a" / ".keepfit").exists()


def test_each_ledger_is_opened_once(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(overview, "read_ledger", lambda uri, models, read=overview.read_ledger: opened.append(models) or read(uri, models))
    fleet_overview(shared(tmp_path, f"sqlite:///{tmp_path}/ledger.db"), until=NOW)
    assert opened == [["calm", "drifts", "harmed"]]


@pytest.fixture
def keepfit(tmp_path):
    def run(*arguments):
        return subprocess.run([sys.executable, "-m", "keepfit", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def test_the_command_shows_the_table_and_its_json(tmp_path, keepfit):
    shared(tmp_path, f"sqlite:///{tmp_path}/ledger.db")
    table = keepfit("fleet", "--until", "2013-07-10")
    assert table.returncode == 1, table.stderr  # one is broken
    assert "4 models: 1 broken, 2 ok, 1 ticket; 1 open ticket" in table.stdout
    assert table.stdout.splitlines()[1].startswith("harmed"), table.stdout
    assert "next: keepfit ticket 2013-06-harm" in table.stderr
    (tmp_path / "broken" / "params.yaml").unlink()
    said = keepfit("fleet", "fleet.yaml", "--until", "2013-07-10", "--json")
    assert said.returncode == 0, said.stderr
    assert [line["model"] for line in json.loads(said.stdout)["models"]] == ["harmed", "calm", "drifts"]


def test_waivers_are_those_that_the_journal_of_a_named_database_has_for_the_champion(tmp_path):
    project(tmp_path / "flights", "flights")
    pinned(tmp_path / "flights")
    path = fleet(tmp_path, "projects: [flights]\n")
    assert fleet_overview(path, until=NOW)[0].waivers is None
    about = {"target": "waive", "who": "tess", "via": "server", "text": "", "detail": {"rule": "overall", "until": "2999-01-01T00:00:00+00:00"}}
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    engine = create_engine(uri)
    Journal().prepare(engine)
    with Session(engine) as session, session.begin():
        Journal().append(session, JournalRow(at=datetime(2026, 1, 1, tzinfo=UTC), kind="waived", model="flights", version="7", **about))
    engine.dispose()
    assert fleet_overview(path, until=NOW, store=uri)[0].waivers == 1
