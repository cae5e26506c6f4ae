"""A Label Studio export of three annotators, from file to labels: votes, kappa, what was skipped, and the row to be asked about again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from keepfit.flows.labelling.import_labels import ImportRequest, import_labels
from keepfit.flows.labelling.ties import open_ties
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import people_labels
from keepfit.records import Queue, QueueRow, to_json

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PARAMS = """
model: {name: m, task: classification, target: churned, positive: "1"}
data: {live: rows.csv, time: t, id: id, features: {x: numeric}}
"""


def annotation(who, label, *, day=29, cancelled=False):
    given = [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}] if label else []
    return {"id": who * 100, "completed_by": who, "result": given, "was_cancelled": cancelled, "updated_at": f"2026-11-{day}T10:00:00.123456Z"}


def task(number, row, *annotations):
    return {"id": number, "data": {"row": row, "queue": "may", "text": "t", "label": "1"}, "annotations": list(annotations), "drafts": [], "predictions": []}


def test_an_export_of_three_annotators_becomes_labels(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    rows = [f"r{row},2026-01-{row + 1:02},{row},{row % 2}" for row in range(6)]
    (tmp_path / "rows.csv").write_text("\n".join(["id,t,x,churned", *rows, ""]))
    project = Project(tmp_path)
    (project.state / "queues").mkdir(parents=True)
    asked = tuple(QueueRow(row=f"r{row}", selected="random" if row == 0 else "active", probability=0.5) for row in range(6))
    made = Queue(name="may", made_at=NOW, strategy="margin", seed=0, format="label-studio", model="m", rows=asked)
    (project.state / "queues" / "may.json").write_text(to_json(made))
    export = [
        task(1, "r0", annotation(1, "1"), annotation(2, "1"), annotation(3, "0", day=30)),
        task(2, "r1", annotation(1, "0"), annotation(2, "0", cancelled=True)),
        task(3, "r2", annotation(1, "1"), annotation(2, "0")),
        task(4, "r3", annotation(1, "")),
        task(5, "r4"),
    ]
    (tmp_path / "project-1.json").write_text(json.dumps(export))
    found = import_labels(project, tmp_path / "project-1.json", ImportRequest(), now=NOW)
    assert found.refused == ()
    assert (found.file, found.taken, found.empty) == ("labels/project-1.csv", 2, 2)
    assert [(one.row, one.label, one.annotator, one.known_at.day, one.selected, one.queue) for one in people_labels(project)] == [
        ("r0", "1", "1; 2", 30, "random", "may"),
        ("r1", "0", "1", 29, "active", "may"),
    ]
    assert [(tie.row, tie.answers, tie.queue) for tie in open_ties(project)] == [("r2", {"1": "1", "2": "0"}, "may")]
    assert (found.agreement.measure, found.agreement.rows, found.agreement.annotators) == ("Fleiss' kappa", 2, 3)
    assert import_labels(project, tmp_path / "project-1.json", ImportRequest()).file is None
