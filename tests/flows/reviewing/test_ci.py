"""The CI examples are run: by the steps that are in the files, on the branch of a real retraining, beside a forge on this machine."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml
from tests.ci_scripts import CI, run, steps
from tests.flows.projects import MODEL, TICKET
from tests.forge_double import forge

from keepfit.report.comment import marker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
JOBS = ["candidate", "certify", "registered", "certify-registered"]
RUNS = {
    "github.yml": {"GITHUB_TOKEN": "writes", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/pull/7/merge"},
    "gitlab.yml": {"GITLAB_TOKEN": "writes", "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "7", "CI_PROJECT_URL": "http://g/o/r"},
}


def environ(file, small, double, **more):
    where = {"GITHUB_API_URL": double.url, "CI_API_V4_URL": double.url}
    return {**RUNS[file], **where, "MLFLOW_TRACKING_URI": small.uri, **more}


@pytest.mark.parametrize("file", RUNS)
def test_both_files_have_the_same_jobs_and_what_they_do_by_name(file):
    described = yaml.safe_load((CI / file).read_text(encoding="utf-8"))
    jobs = described["jobs"] if file == "github.yml" else {name: job for name, job in described.items() if not name.startswith(".")}
    assert list(jobs) == JOBS
    verbs = {job: re.findall(r"keepfit (evaluate|certify|comment|gate \w+)", "\n".join(steps(file, job))) for job in JOBS}
    assert verbs == {
        "candidate": ["comment", "gate check"],
        "certify": ["certify"],
        "registered": ["evaluate", "comment"],
        "certify-registered": ["evaluate", "certify", "gate explain"],
    }


def test_the_key_is_given_to_no_step_that_runs_somebodys_code():
    github = yaml.safe_load((CI / "github.yml").read_text(encoding="utf-8"))
    assert "CERTIFY_KEY" not in github["env"]
    given = [step["name"] for job in github["jobs"].values() for step in job["steps"] if "CERTIFY_KEY" in step.get("env", {})]
    assert given == ["certify", "certify"]
    gitlab = yaml.safe_load((CI / "gitlab.yml").read_text(encoding="utf-8"))
    for line in (line for job in ("certify", "certify-registered") for line in gitlab[job]["script"] if re.search("dvc repro|keepfit evaluate", line)):
        assert line.startswith("env -u CERTIFY_KEY ")


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("file", RUNS)
def test_every_script_is_one_that_bash_reads(file, job):
    for script in steps(file, job):
        done = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("file", ["github.yml", pytest.param("gitlab.yml", marks=pytest.mark.long)])
def test_a_pull_request_is_evaluated_and_commented_and_what_is_merged_is_certified(file, improved, tmp_path):
    """The branch's job, then the merge, certified by the key of the secret."""
    small = improved.copy(tmp_path)
    small.git("checkout", "-q", f"retrain/{TICKET}")
    with forge() as double:
        done = run(file, "candidate", small.root, **environ(file, small, double))
        assert done.code in (0, 3, 4), done.said
        assert "made: http" in done.said
        assert "KF-G" in done.said, "the gate's word is the last step"
        [comment] = double.comments
    assert comment["body"].startswith(marker(MODEL))
    small.git("checkout", "-q", "main")
    small.git("merge", "-q", "--no-ff", f"retrain/{TICKET}")
    small.keepfit("keys", "new", "ci", KEEPFIT_KEYS=str(tmp_path / "keys"))
    done = run(file, "certify", small.root, MLFLOW_TRACKING_URI=small.uri, CERTIFY_KEY=(tmp_path / "keys" / "ci.pem").read_text())
    assert done.code == 0, done.said
    assert f"next: keepfit promote {MODEL} 2" in done.said
