"""GitHub's workflow: what YAML says of it, and its steps run by the shell of GitHub's runners."""

from __future__ import annotations

import re

import pytest
import yaml
from tests.flows.init.schedules.scheduled import LOOKS, schedule, seen, shell, with_stub


@pytest.fixture
def workflow(project):
    made, _ = schedule(project, "github")
    return made, yaml.safe_load((project / ".github" / "workflows" / "keepfit-late-date-v2.yml").read_text())


def test_it_looks_every_hour_one_run_at_a_time_and_may_only_read(workflow):
    _, described = workflow
    (when,) = described[True]["schedule"]  # YAML reads `on` as true, GitHub does not
    assert re.fullmatch(r"\d{1,2} \* \* \* \*", when["cron"])
    assert (described["permissions"], described["concurrency"]) == ({"contents": "read"}, {"group": "keepfit-late-date-v2", "cancel-in-progress": False})


def test_secrets_are_named_and_none_is_held(workflow):
    _, described = workflow
    given = described["jobs"]["monitor"]["env"]
    assert given == {name: f"${{{{ secrets.{name} }}}}" for name in ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")}


@pytest.mark.parametrize(("ends", "failed", "called"), LOOKS)
def test_its_look_is_what_a_runners_shell_makes_of_it(workflow, project, tmp_path, ends, failed, called):
    _, described = workflow
    steps = {step["name"]: step["run"] for step in described["jobs"]["monitor"]["steps"] if "run" in step}
    assert list(steps) == ["install", "data", "look"]
    assert not [script for script in steps.values() if "${{" in script]
    done = shell(["bash", "-e", "-c", steps["look"]], cwd=project, **with_stub(tmp_path), **ends)
    assert (done.returncode, [each.partition(" in ")[0] for each in seen(tmp_path)]) == (failed, called)


def test_what_a_runner_would_forget_is_said(workflow):
    made, _ = workflow
    assert [line.partition(":")[0] for line in made.doubts] == ["ledger.uri is a file, which a runner forgets after each job"]
    assert made.next[1:] == tuple(f"gh secret set MLFLOW_TRACKING_{name}" for name in ("URI", "USERNAME", "PASSWORD"))


def test_a_project_in_a_folder_of_its_repository_is_looked_at_there(project):
    inner = project / "models" / "late one"
    inner.mkdir(parents=True)
    for name in ("params.yaml", "baseline.json"):
        (project / name).rename(inner / name)
    schedule(inner, "github")
    described = yaml.safe_load((project / ".github" / "workflows" / "keepfit-late-date-v2.yml").read_text())
    assert described["jobs"]["monitor"]["defaults"]["run"]["working-directory"] == "models/late one"
