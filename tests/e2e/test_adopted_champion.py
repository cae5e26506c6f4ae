"""A registry with a history: a champion that scikit-learn and MLflow made by hand is adopted, watched, compared with, and replaced."""

from __future__ import annotations

import json

import pytest
from tests.e2e.shop import open_shop

from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.slow

TRAIN = """
import sys

import mlflow
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

table, name = sys.argv[1:]
rows = pd.read_csv(table)
features = rows[["channel", "size", "age"]]
model = make_pipeline(make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["channel"]), remainder="passthrough"), LogisticRegression(max_iter=500))
model.fit(features, rows["returned"] == "yes")
with mlflow.start_run():
    mlflow.sklearn.log_model(model, name="model", registered_model_name=name, serialization_format="cloudpickle")
"""
PAST_THE_GATE = """
import sys

from mlflow import MlflowClient

MlflowClient(sys.argv[1], sys.argv[1]).set_registered_model_alias(sys.argv[2], "champion", "1")
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory, gated_server):
    """The hand-made champion stands since before the gate; the world turns around; a candidate is compared with it and promoted."""
    home = tmp_path_factory.mktemp("adopted")
    model = "e2e-adopted"
    shop = open_shop(home, model, gated_server, register=False)
    run = shop.run
    params = shop.root / "params.yaml"
    params.write_text(put(params.read_text(), "update.price", 0))
    trained_on = home / "january.csv"
    trained_on.write_text(shop.table.read_text())
    (home / "train_by_hand.py").write_text(TRAIN)
    (home / "past_the_gate.py").write_text(PAST_THE_GATE)
    run("python", str(home / "train_by_hand.py"), str(trained_on), model)
    run("python", str(home / "past_the_gate.py"), f"sqlite:///{gated_server.home}/.keepfit/server/mlflow.db", model)
    refused = run("keepfit", "sync", code=1)
    run("keepfit", "gate", "adopt", model, "--reason", "it served before there was a gate", "--data", str(trained_on))
    run("keepfit", "sync")
    run.commit("Pin the adopted champion")
    for ticket in shop.monitor(shop.append(4, lean=-1))["tickets"]:
        run("keepfit", "resolve", ticket["id"], "--reason", "wait for a week of the new world to train on")
    over = shop.append(5, lean=-1)
    made = json.loads(run("keepfit", "improve", shop.ticket(over), "--json"))
    shop.printed(made["by_hand"])
    return shop, refused, made


def test_a_champion_that_nobody_described_cannot_be_pinned_and_the_fix_says_how(lived):
    _, refused, _ = lived
    assert "was not trained by keepfit" in refused
    assert "keepfit gate adopt e2e-adopted --data TABLE" in refused


def test_the_candidate_was_compared_with_it_on_later_rows(lived):
    shop, _, made = lived
    card = shop.run.json("git", "show", f"{made['branch']}:reports/scorecard.json")
    assert (card["champion"]["version"], card["basis"], made["passed"]) == ("1", "later", True)


def test_it_was_replaced_by_the_printed_commands_and_the_history_says_who_and_why(lived, gated_server):
    shop, _, made = lived
    store = f"sqlite:///{gated_server.home}/.keepfit/server/mlflow.db"
    rows = json.loads(shop.run("keepfit", "history", shop.model, "--store", store, "--json"))
    kinds = [(row["kind"], row["version"]) for row in rows if row["model"] == shop.model]
    assert kinds == [("adopted", "1"), ("evaluated", made["version"]), ("promoted", made["version"])]
    adopted = next(row for row in rows if row["kind"] == "adopted")
    assert adopted["detail"]["reason"] == "it served before there was a gate"
    assert adopted["detail"]["profile"].startswith("sha256:")
    said = json.loads(shop.run("keepfit", "audit", "--store", store, "--json", code=(0, 3)))
    assert not [finding for finding in said["findings"] if finding["grade"] == "broken" or (shop.model in finding["text"] and finding["grade"] != "notable")]
