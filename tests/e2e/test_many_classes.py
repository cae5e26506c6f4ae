"""An own table of texts in four classes, no code: from `keepfit init` to a promoted first model that serves a frame with a column a class."""

from __future__ import annotations

import json

import pytest
from pyarrow import csv
from tests.e2e.shell import commands
from tests.e2e.shop import serve_rules
from tests.grammar import texts

from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.slow
MODEL, CLASSES = "e2e-many-classes", ("account", "billing", "delivery", "outage")


@pytest.fixture(scope="module")
def served(tmp_path_factory, gated_server):
    home = tmp_path_factory.mktemp("classes")
    csv.write_csv(texts(0, windows=8, rows=300), home / "rows.csv")
    asked = ("--data", str(home / "rows.csv"), "--time", "time", "--target", "topic", "--model", MODEL, "--id", "id", "--window", "week")
    commands(home)("keepfit", "init", "topics", *asked)
    run = commands(home / "topics", server=gated_server.uri)
    params = home / "topics" / "params.yaml"
    params.write_text(put(params.read_text(), "mlflow.tracking_uri", gated_server.uri))
    serve_rules(gated_server.rules, home / "topics" / "gate.yaml")
    run("dvc", "repro")
    run.commit("The first model")
    run("keepfit", "certify", MODEL, "1")
    run("keepfit", "promote", MODEL, "1")
    run("keepfit", "sync")
    return run


def test_the_first_model_is_promoted_and_pinned(served):
    pin = json.loads((served.folder / "baseline.json").read_text())["champion"]
    assert (pin["version"], pin["metric"]) == ("1", "error_rate")
    assert pin["value"] < 0.35


def test_the_champion_answers_a_frame_with_a_column_a_class(served, gated_server):
    import mlflow
    import pandas as pd

    mlflow.set_registry_uri(gated_server.uri)
    mlflow.set_tracking_uri(gated_server.uri)
    model = mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")
    said = ["the invoice was charged twice and my bill please refund the difference", "the router blinks red and wifi at home keeps dropping"]
    rows = pd.DataFrame({"text": said, "channel": ["mail", "phone"], "waited": [4.0, 2.0]})
    answer = model.predict(rows)
    assert tuple(answer.columns) == CLASSES
    assert answer.idxmax(axis=1).tolist() == ["billing", "outage"]
    assert [column.name for column in model.metadata.signature.outputs.inputs] == list(CLASSES)


def test_the_versions_page_reads_well_with_four_classes(served):
    card = (served.folder / "reports" / "SCORECARD.md").read_text()
    assert "## By class" in card
    assert "## Most often confused" in card
    assert all(len(line) < 400 for line in card.splitlines() if line.startswith("|"))
