from __future__ import annotations

import json
import subprocess

import pytest
from click.testing import CliRunner
from tests.evaluate.test_forgetting import HISTORY

from keepfit.cli.windows import window
from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.flows.retraining.past_matrix import past_matrix
from keepfit.records import to_json

PARAMS = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, features: {x: numeric}}\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project below a repository's root, whose scorecards were committed one after the other; once a file that is none."""
    folder = tmp_path / "keepfit"
    (folder / "reports").mkdir(parents=True)
    (folder / "params.yaml").write_text(PARAMS)
    (folder / "baseline.json").write_text('{"champion": null}')
    git(tmp_path, "init", "-q")
    for number, text in enumerate([*map(to_json, HISTORY[:2]), "not a scorecard", *map(to_json, HISTORY[2:])]):
        (folder / "reports/scorecard.json").write_text(text)
        git(tmp_path, "add", "-A")
        git(tmp_path, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", f"{number}")
    monkeypatch.chdir(folder)
    return folder


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_the_matrix_is_read_from_the_scorecards_that_git_keeps(root):
    found = past_matrix(Project(root))
    assert found.models == ("1", "2", "candidate")
    assert found.backward_transfer == pytest.approx(-0.025)
    done = CliRunner().invoke(window, ["past", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["models"][1] == {"model": "2", "values": {"2013-01": 0.77, "2013-02": 0.75, "2013-03": 0.5}}
    assert "backward transfer -0.0250, average forgetting +0.0250" in CliRunner().invoke(window, ["past"]).stdout


def test_a_project_that_was_never_asked_to_remember_is_told_how(root):
    (root / "params.yaml").write_text(PARAMS + "evaluate: {metric: log_loss}\n")
    with pytest.raises(DataError, match="no committed scorecard has a row about the past under log_loss") as raised:
        past_matrix(Project(root))
    assert "docs/forgetting.md" in raised.value.fix
