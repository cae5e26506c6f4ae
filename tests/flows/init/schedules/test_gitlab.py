"""GitLab's job: what YAML says of it, and its script run as GitLab's runners do."""

from __future__ import annotations

import pytest
import yaml
from tests.flows.init.schedules.scheduled import LOOKS, schedule, seen, shell, with_stub

JOB = "keepfit-late-date-v2"


def described(root):
    return yaml.safe_load((root / ".gitlab" / f"{JOB}.yml").read_text())[JOB]


def test_only_a_schedule_runs_it_and_one_at_a_time(project):
    schedule(project, "gitlab")
    job = described(project)
    assert (job["rules"], job["resource_group"]) == ([{"if": "$CI_PIPELINE_SOURCE == 'schedule'"}], JOB)
    assert yaml.safe_load((project / ".gitlab-ci.yml").read_text()) == {"include": [{"local": f"/.gitlab/{JOB}.yml"}]}


@pytest.mark.parametrize(("ends", "failed", "called"), LOOKS)
def test_its_script_is_what_a_runners_shell_makes_of_it(project, tmp_path, ends, failed, called):
    schedule(project, "gitlab")
    script = "\n".join(line for line in described(project)["script"] if not line.startswith("dvc "))
    done = shell(["bash", "-eo", "pipefail", "-c", script], cwd=project, **with_stub(tmp_path), **ends)
    assert (done.returncode, [each.partition(" in ")[0] for each in seen(tmp_path)]) == (failed, called)


def test_a_pipeline_of_peoples_own_is_not_touched_and_the_line_to_add_is_said(project):
    (project / ".gitlab-ci.yml").write_text("test: {script: [make test]}\n")
    made, asked = schedule(project, "gitlab", answer=True)
    assert ((project / ".gitlab-ci.yml").read_text(), asked) == ("test: {script: [make test]}\n", [])
    assert made.next[0] == f"add to .gitlab-ci.yml: include: [{{local: /.gitlab/{JOB}.yml}}]"
