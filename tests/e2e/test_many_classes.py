"""An own table of four classes, no code: from `keepfit init` to a promoted first model that serves a frame with a column a class."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

import pytest
from tests.e2e.shell import commands
from tests.e2e.shop import serve_rules

from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.slow
MODEL, CLASSES = "e2e-many-classes", ("billing", "contract", "legal", "outage")


def lines(n=2400):
    rng = random.Random(0)
    for row in range(n):
        topic = rng.choices(CLASSES, weights=(4, 3, 1, 4))[0]
        length, urgent = CLASSES.index(topic) * 30 + rng.gauss(0, 20), rng.gauss(topic == "outage", 0.8)
        at = datetime(2026, 1, 5) + timedelta(minutes=20 * row)
        yield f"t{row},{at.isoformat()},{rng.choice(['mail', 'phone'])},{length:.1f},{urgent:.2f},{topic}"


@pytest.fixture(scope="module")
def served(tmp_path_factory, gated_server):
    home = tmp_path_factory.mktemp("classes")
    (home / "rows.csv").write_text("\n".join(["ticket,at,channel,length,urgent,topic", *lines()]) + "\n")
    asked = ("--data", str(home / "rows.csv"), "--time", "at", "--target", "topic", "--model", MODEL, "--id", "ticket", "--window", "week")
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
    rows = pd.DataFrame({"channel": ["mail", "phone"], "length": [0.0, 90.0], "urgent": [0.0, 1.0]})
    answer = model.predict(rows)
    assert tuple(answer.columns) == CLASSES
    assert answer.idxmax(axis=1).tolist() == ["billing", "outage"]
    assert [column.name for column in model.metadata.signature.outputs.inputs] == list(CLASSES)


def test_the_versions_page_reads_well_with_four_classes(served):
    card = (served.folder / "reports" / "SCORECARD.md").read_text()
    assert "## By class" in card
    assert "## Most often confused" in card
    assert all(len(line) < 400 for line in card.splitlines() if line.startswith("|"))
