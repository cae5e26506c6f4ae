"""The whole gate for a team that has an MLflow server and a LightGBM model, and neither DVC nor git nor params: adopt, evaluate, certify, promote, refuse."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir

import pytest
from click.testing import CliRunner
from tests.flows.evaluating.by_hand import flights, models_of_flights

from keepfit.cli import app

pytestmark = pytest.mark.slow
MODEL = "flights-by-hand"


@pytest.fixture(scope="module")
def team(tmp_path_factory, gated_server):
    """Commands in an empty folder; three versions are logged with MLflow's own verbs, and the first has served since before there was a gate."""
    import mlflow
    from mlflow import MlflowClient

    home = tmp_path_factory.mktemp("door-two")
    with pytest.MonkeyPatch.context() as patched, chdir(home):
        patched.setenv("MLFLOW_TRACKING_URI", gated_server.uri)
        mlflow.set_tracking_uri(gated_server.uri)
        for model in models_of_flights():
            with mlflow.start_run():
                mlflow.lightgbm.log_model(model, name="model", registered_model_name=MODEL, pip_requirements=["lightgbm"])
        database = f"sqlite:///{gated_server.home}/.keepfit/server/mlflow.db"
        MlflowClient(database, database).set_registered_model_alias(MODEL, "champion", "1")
        flights(3000, seed=2, month=3).to_csv(home / "march.csv", index=False)
        yield Team(home, gated_server.uri)
    mlflow.set_tracking_uri(None)


class Team:
    """What people type, and what they are told."""

    def __init__(self, home, uri):
        self.home, self.uri = home, uri

    def __call__(self, *command, code=0):
        with chdir(self.home):
            done = CliRunner(env={"MLFLOW_TRACKING_URI": self.uri}).invoke(app, [str(word) for word in command])
        said = f"{done.output}\n{done.exception!r}"
        found = getattr(done.exception, "exit_code", done.exit_code) if done.exception is not None else done.exit_code
        assert found == code, said
        return said

    def evaluate(self, version, *more, code=0):
        about = ("--data", "march.csv", "--target", "late", "--slices", "carrier", "--time", "day", "--id", "id")
        return self("evaluate", MODEL, version, *about, *more, code=code)


def test_the_next_version_is_promoted_a_worse_one_is_not_and_a_table_that_changed_is_no_evidence(team):
    assert "KF-G002" in team("promote", MODEL, "2", code=3), "a version that nothing speaks for"
    team("gate", "adopt", MODEL, "--reason", "it served before there was a gate")
    said = team.evaluate("2", "--metric", "roc_auc")
    assert "against the champion, version 1" in said
    assert "the server's own, sha256:" in said
    assert f"next: keepfit certify {MODEL} 2 --evaluation keepfit-evaluation/{MODEL}-v2" in said

    folder, table = team.home / "keepfit-evaluation" / f"{MODEL}-v2", team.home / "march.csv"
    shutil.copy(table, team.home / "kept.csv")
    table.write_text(table.read_text().replace(",no,", ",yes,", 1))
    assert "the table march.csv has changed since it was evaluated" in team("certify", MODEL, "2", "--evaluation", folder, code=1)
    shutil.copy(team.home / "kept.csv", table)
    assert f"certified {MODEL} v2 as evaluated outside a project on march.csv" in team("certify", MODEL, "2", "--evaluation", folder)
    explained = team("gate", "explain", MODEL, "2")
    assert "KF-G036" in explained
    assert f"{MODEL} v2 is champion (before: v1)" in team("promote", MODEL, "2")

    said = team.evaluate("3", "--metric", "roc_auc", "--json", code=3)
    card = json.loads(said[said.index("{") : said.rindex("}") + 1])["scorecard"]
    assert (card["champion"]["version"], {row["slice"] for row in card["rows"] if row["status"] == "fail"}) == ("2", {"overall", "carrier=UA"})
    team("certify", MODEL, "3", "--evaluation", team.home / "keepfit-evaluation" / f"{MODEL}-v3")
    refused = team("promote", MODEL, "3", code=3)
    assert "carrier=UA roc_auc" in refused

    rows = json.loads(team("history", MODEL, "--json").rpartition("\n")[0])
    assert [(row["kind"], row["version"]) for row in rows if row["kind"] != "rules changed"][-3:] == [("adopted", "1"), ("promoted", "2"), ("refused", "3")]
    (team.home / "gate.yaml").write_text("models: {'flights-*': {trust: self}}\n")
    assert "the files are the certified ones" in team("verify", f"models:/{MODEL}@champion", "--rules", "gate.yaml")
