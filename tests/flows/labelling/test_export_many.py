"""A queue for a text model of four classes: strategies read rows of probabilities, people choose among the classes, texts are shown whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.grammar import TOPICS, texts

from keepfit.flows.labelling.export import ExportRequest, export_queue
from keepfit.flows.labelling.import_labels import ImportRequest, import_labels
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import people_labels
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.tables import write_parquet
from keepfit.records import Baseline, Pin, to_json
from keepfit.tables.conform import conform
from keepfit.tables.frames import to_frame

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PARAMS = f"""
model: {{name: topics, task: classification, target: topic, classes: [{", ".join(TOPICS)}]}}
data: {{live: rows.parquet, time: time, id: id, window: week, features: {{text: text, channel: categorical}}}}
train: {{estimator: sklearn.linear_model.LogisticRegression, params: {{}}}}
evaluate: {{metric: error_rate, slices: {{channel: {{}}}}}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Four labelled weeks have trained the champion; the fifth is closed and has no labels."""
    root = tmp_path_factory.mktemp("topics")
    (root / "params.yaml").write_text(PARAMS)
    known, new = texts(0, windows=4, rows=80), texts(0, windows=5, rows=80).slice(320)
    train_once(Project(root).params, to_frame(conform(known, Project(root).params)), root / "models" / "champion")
    pin = Pin(model="topics", version="1", digest="sha256:ab", trained_until=datetime(2024, 1, 29), evaluated_until=datetime(2024, 1, 29))
    (root / "baseline.json").write_text(to_json(Baseline(champion=pin)))
    waiting = new.set_column(new.column_names.index("topic"), "topic", pa.nulls(new.num_rows, pa.string()))
    write_parquet(pa.concat_tables([known, waiting]), root / "rows.parquet")
    store = WindowStore(Project(root), datetime(2024, 1, 29), datetime(2024, 2, 5))
    store.rows(store.windows[0])
    return Project(root)


def export(project, out, **asked):
    return export_queue(project, ExportRequest(rows=10, out=project.root / out, **asked), now=NOW).queue


@pytest.mark.parametrize("strategy", ["random", "uncertainty", "margin", "diversity", "slices"])
def test_each_strategy_asks_about_texts_and_the_allowed_labels_are_the_classes(project, strategy):
    made = export(project, f"{strategy}.csv", strategy=strategy)
    assert (len(made.rows), made.classes) == (10, tuple(TOPICS))
    header, *lines = (project.root / f"{strategy}.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header == "row,label (billing | outage | delivery | account),time,text,channel"
    assert all(" here" in line for line in lines)


def test_label_studio_shows_the_text_and_lets_people_choose_among_the_classes(project):
    made = export(project, "tasks.json", strategy="margin")
    task = json.loads((project.root / "tasks.json").read_text(encoding="utf-8"))[0]
    assert " here" in task["data"]["text"]
    assert task["data"]["columns"].keys() == {"time", "channel"}
    view = ET.fromstring((project.root / "tasks.xml").read_text(encoding="utf-8"))
    assert [one.tag for one in view] == ["Text", "Table", "Choices"]
    assert [choice.get("value") for choice in view.find("Choices")] == list(TOPICS)
    said = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["outage"]}}
    answered = [{"id": 1, **task, "annotations": [{"id": 1, "completed_by": 1, "result": [said], "was_cancelled": False}]}]
    (project.root / "project-7.json").write_text(json.dumps(answered))
    assert import_labels(project, project.root / "project-7.json", ImportRequest(), now=NOW).taken == 1
    (label,) = people_labels(project)
    assert (label.row, label.label, label.queue) == (made.rows[0].row, "outage", "tasks")


def test_rows_that_wait_are_those_of_the_week_without_labels(project):
    made = export(project, "rest.csv", windows=("all",))
    assert made.population is not None
    assert made.population <= 80
    assert pc.all(pc.starts_with(pa.array([row.row for row in made.rows]), "004-")).as_py()
