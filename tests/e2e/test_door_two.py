"""The whole gate for a team that has an MLflow server and a LightGBM model, and neither DVC nor git nor params: adopt, evaluate, certify, promote, refuse."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir

import pytest
from click.testing import CliRunner
from tests.ci_scripts import run
from tests.flows.evaluating.by_hand import flights, models_of_flights
from tests.forge_double import forge

from keepfit.cli import app
from keepfit.report.comment import marker

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
    said = [(row["kind"], row["version"]) for row in rows if row["kind"] != "rules changed"]
    assert said[-5:] == [("adopted", "1"), ("evaluated", "2"), ("promoted", "2"), ("evaluated", "3"), ("refused", "3")]
    assert (card["attempt"], "attempt 2" in next(row["text"] for row in rows if (row["kind"], row["version"]) == ("evaluated", "3"))) == (2, True)
    (team.home / "gate.yaml").write_text("models: {'flights-*': {trust: self}}\n")
    assert "the files are the certified ones" in team("verify", f"models:/{MODEL}@champion", "--rules", "gate.yaml")


@pytest.mark.long
@pytest.mark.parametrize("file", ["github.yml", "gitlab.yml"])
def test_the_ci_examples_evaluate_and_comment_on_a_pull_request_and_certify_what_is_merged(team, file, tmp_path):
    """Version 3 loses on one carrier: the comment says so, it is certified all the same, and the gate's word ends the job."""
    candidate = {"MODEL": MODEL, "VERSION": "3", "TABLE": "march.csv", "TARGET": "late", "OPTIONS": '"--time day --id id --slices carrier --metric roc_auc"'}
    (team.home / "candidate.env").write_text("".join(f"{name}={value}\n" for name, value in candidate.items()))
    asked = CliRunner(env={"MLFLOW_TRACKING_URI": team.uri})
    asked.invoke(app, ["gate", "adopt", MODEL, "--reason", "it served before there was a gate"])  # refused where the test above did it
    with forge() as double:
        github = {"GITHUB_TOKEN": "writes", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_API_URL": double.url}
        gitlab = {"GITLAB_TOKEN": "writes", "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "7", "CI_API_V4_URL": double.url}
        done = run(file, "registered", team.home, MLFLOW_TRACKING_URI=team.uri, **(github if file == "github.yml" else gitlab))
        assert done.code == 0, done.said
        [comment] = double.comments
    assert comment["body"].startswith(marker(MODEL))
    assert "carrier=UA" in comment["body"].partition("<details>")[0]
    done = run(file, "certify-registered", team.home, MLFLOW_TRACKING_URI=team.uri, CERTIFY_KEY=key(tmp_path))
    assert done.code == 3, done.said
    assert f"certified {MODEL} v3 as evaluated outside a project on march.csv" in done.said
    assert "carrier=UA roc_auc" in done.said


def key(folder):
    """The private half of a key pair, as a secret store has it."""
    done = CliRunner(env={"KEEPFIT_KEYS": str(folder)}).invoke(app, ["keys", "new", "default"])
    assert done.exit_code == 0, done.output
    return (folder / "default.pem").read_text()
