"""What happens inside the MLflow server is heard of once by whoever looks next, from the first look on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from tests.flows.owed import owed
from tests.flows.servers import add_version

from keepfit.errors import RefusedError
from keepfit.flows.deliver.journal_events import SeenUpTo, hear_journal, known_up_to
from keepfit.flows.project import Project
from keepfit.integrations.journal import Journal
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import JournalRow

PARAMS = "model: {{name: {name}, task: classification, target: y}}\ndata: {{live: rows.csv, time: t, timezone: America/New_York}}\n"
ROW = JournalRow(
    at=datetime(2026, 3, 1, 3, tzinfo=UTC),
    kind="promoted",
    model="m",
    version="3",
    target="alias champion",
    previous="2",
    rules="sha256:rr",
    who="tess",
    via="server",
    text="all demands are met",
)
REFUSED = replace(ROW, kind="refused", version="4", previous=None, text="keepfit refused: [KF-G020] roc_auc fell")


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text(PARAMS.format(name="m"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/registry.db")
    return Project(tmp_path)


def write(path, *rows):
    """Add rows to a registry's journal, as the gate does."""
    engine = sa.create_engine(f"sqlite:///{path}")
    Journal().prepare(engine)
    with Session(engine) as session, session.begin():
        for row in rows:
            Journal().append(session, row)
    engine.dispose()


def hear(project):
    said = []
    count = hear_journal(project, say=said.append)
    return count, said


def test_the_first_look_reports_no_history_and_the_next_what_is_new_once(project):
    write(project.root / "registry.db", ROW, REFUSED)
    assert hear(project) == (0, [])
    write(project.root / "registry.db", replace(ROW, version="5", previous="3"), replace(ROW, kind="rolled back", version="3", previous="5"))
    assert hear(project) == (2, [])
    assert hear(project) == (0, [])
    promoted, back = owed(project)
    assert (promoted.kind, promoted.version, promoted.changed) == ("promoted", "5", "tess moved alias champion from version 3 to version 5")
    assert (back.kind, back.version, back.subject, promoted.subject) == ("rolled_back", "3", "champion", "champion")
    assert promoted.at == datetime(2026, 2, 28, 22)  # the clock of the table


def test_of_a_model_without_rows_at_the_first_look_the_first_promotion_is_news(project):
    write(project.root / "registry.db", replace(ROW, model="another"))
    assert hear(project) == (0, [])
    write(project.root / "registry.db", ROW)
    assert hear(project) == (1, [])


def test_a_refusal_asked_for_again_and_again_is_one_event(project):
    write(project.root / "registry.db", ROW)
    hear(project)
    write(project.root / "registry.db", REFUSED, REFUSED, REFUSED, replace(REFUSED, text="keepfit refused: [KF-G031] expired"))
    assert hear(project) == (2, [])
    write(project.root / "registry.db", replace(REFUSED, text="keepfit refused: [KF-G031] expired"))
    assert hear(project) == (0, [])
    assert [event.kind for event in owed(project)] == ["promotion_refused", "promotion_refused"]


def test_what_is_no_move_is_no_event(project):
    write(project.root / "registry.db", ROW)
    hear(project)
    write(
        project.root / "registry.db",
        replace(ROW, kind="approved", version="4"),
        replace(REFUSED, target="KF-G007"),
        replace(ROW, rules="sha256:other", kind="waived"),
    )
    assert hear(project) == (0, [])


def test_another_journal_reports_no_history_either(project, monkeypatch):
    write(project.root / "registry.db", ROW)
    hear(project)
    write(project.root / "other.db", *(replace(ROW, version=str(number)) for number in range(4)))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project.root}/other.db")
    assert hear(project) == (0, [])
    write(project.root / "other.db", replace(ROW, version="9"))
    assert hear(project) == (1, [])


def test_rows_that_a_server_left_out_for_their_number_are_not_another_journal():
    seen, rows = SeenUpTo(row=7, hash="aa", place="here"), [(2000, "bb")]
    assert known_up_to(rows, seen, older=1500, place="here") == 7
    assert known_up_to(rows, seen, older=0, place="here") is None
    assert known_up_to(rows, SeenUpTo(row=0, hash="", place="there"), older=0, place="here") is None


def test_no_database_is_made_by_looking(project):
    assert hear(project) == (0, [])
    assert not (project.root / "registry.db").exists()


def test_a_server_is_asked_and_one_that_is_away_leaves_it_to_the_next_look(tmp_path, monkeypatch, gated_server):
    name = f"flights-{uuid4().hex[:8]}"
    (tmp_path / "params.yaml").write_text(PARAMS.format(name=name))
    project = Project(tmp_path)
    Mlflow(gated_server.uri).ensure_model(name)
    add_version(gated_server.uri, name)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", gated_server.uri)
    assert hear(project) == (0, [])
    with pytest.raises(RefusedError):
        Mlflow(gated_server.uri).move_alias(name, "champion", "1")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    count, said = hear(project)
    assert (count, len(said)) == (0, 1)
    assert said[0].startswith("no MLflow server answers")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", gated_server.uri)
    assert hear(project) == (1, [])
    refused = owed(project)[0]
    assert (refused.kind, refused.version, refused.link) == ("promotion_refused", "1", f"{gated_server.uri}/#/models/{name}/versions/1")
    assert refused.changed.startswith("keepfit refused")
