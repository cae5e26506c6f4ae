"""Tickets of one cause are one message to who would get it from each project; nothing else is left out."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from tests.flows.fleet.test_projects import fleet, project
from tests.integrations.ledger.made import ticket

from keepfit.flows.fleet.messages import deliver_all, fold
from keepfit.flows.fleet.projects import fleet_projects
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import RootCause
from keepfit.report.events.setting import EventSetting
from keepfit.report.events.ticket import ticket_opened

MODELS = ("a", "b", "c")


def opened(model, *, column="x", severity="warning"):
    root = RootCause(kind="covariate", column=column)
    return ticket("2013-06-drift", model=model, window="2013-06", root=root, severity=severity, opened=datetime(2013, 7, 1))


def made(home, *, hooks, models=MODELS, tickets=None, rows="../rows.csv"):
    """Projects on one ledger, each with a new ticket that is owed its event."""
    uri = f"sqlite:///{home}/ledger.db"
    for name in models:
        project(home / name, name, f"ledger: {{uri: '{uri}'}}\nhooks: {{subscribers: {hooks.format(home=home, model=name)}}}\n")
        params = home / name / "params.yaml"
        params.write_text(params.read_text().replace("live: rows.csv", f"live: {rows}"))
    ledger = Ledger(uri)
    with ledger.transaction() as book:
        for one in tickets or [opened(name) for name in models]:
            book.save_ticket(one)
            book.owe_event(ticket_opened(one, setting=EventSetting(pages=None, retrains=False, redact=())))
    ledger.close()
    return fleet_projects(fleet(home, f"projects: [{', '.join(models)}]\n"))


def messages(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def test_one_message_names_the_models_and_every_ticket_stays(tmp_path):
    projects = made(tmp_path, hooks="{{ops: {{hook: file, path: {home}/sent.jsonl}}}}")
    assert deliver_all(projects, hear=lambda *_: None) == 2
    (sent,) = messages(tmp_path / "sent.jsonl")
    assert (sent["model"], sent["events"][0]["ticket"]) == ("a", "2013-06-drift")
    assert "what changed: one cause in 3 models (also b, c): " in sent["text"]
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db")
    with ledger.reading() as book:
        assert [[one.status for one in book.tickets(name)] for name in MODELS] == [["open"]] * 3
        assert [book.owed_of(name) for name in MODELS] == [(), (), ()]
    ledger.close()
    assert deliver_all(projects, hear=lambda *_: None) == 0
    assert len(messages(tmp_path / "sent.jsonl")) == 1


@pytest.mark.parametrize(
    "hooks",
    [
        "{{ops: {{hook: file, path: sent.jsonl}}}}",
        "{{ops: {{hook: file, path: {home}/{model}.jsonl}}}}",
        "{{ops: {{hook: file, path: {home}/sent.jsonl}}, own: {{hook: retrain}}}}",
        "{{ops: {{hook: file, path: {home}/sent.jsonl, models: '[bc]'}}}}",
    ],
    ids=["a file of each project", "other subscribers", "a retraining of each", "the first model is heard by nobody"],
)
def test_nobody_misses_a_message_for_another_s_sake(tmp_path, hooks):
    projects = made(tmp_path, hooks=hooks)
    assert fold([each.project for each in projects]) == 0


def test_another_column_is_another_message(tmp_path):
    tickets = [opened("a"), opened("b", column="z"), opened("c")]
    deliver_all(made(tmp_path, hooks="{{ops: {{hook: file, path: {home}/sent.jsonl}}}}", tickets=tickets), hear=lambda *_: None)
    assert [(one["model"], "one cause in 2 models (also c)" in one["text"]) for one in messages(tmp_path / "sent.jsonl")] == [("a", True), ("b", False)]


def test_who_hears_only_what_is_critical_hears_of_the_gravest(tmp_path):
    tickets = [opened("a"), opened("b", severity="critical"), opened("c")]
    hooks = "{{ops: {{hook: file, path: {home}/sent.jsonl, severity: critical}}}}"
    deliver_all(made(tmp_path, hooks=hooks, tickets=tickets), hear=lambda *_: None)
    assert [one["events"][0]["severity"] for one in messages(tmp_path / "sent.jsonl")] == ["critical"]


def test_projects_without_subscribers_are_not_looked_at(tmp_path):
    projects = made(tmp_path, hooks="{{}}")
    (tmp_path / "ledger.db").unlink()
    assert deliver_all(projects, hear=lambda *_: None) == 0
    assert not (tmp_path / "ledger.db").exists()
