"""`keepfit init --schedule`: with a new project or in one that is there; nothing that was edited is lost, and all of it can be undone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from tests.flows.init.schedules.scheduled import schedule

from keepfit.errors import ProjectError
from keepfit.flows.init.init import InitRequest, init
from keepfit.flows.init.schedules.add import SCHEDULERS
from keepfit.flows.init.undo import undo

KINDS = sorted(SCHEDULERS)


def files(root):
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and not {".git", ".keepfit"} & set(path.parts)}


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_project_that_is_there_only_the_schedule_is_written_and_undo_takes_it_back(project, kind):
    before = files(project)
    made, asked = schedule(project, kind)
    written = files(project) - before
    assert (written != set(), asked, made.declined) == (True, [], ())
    again, asked = schedule(project, kind)
    assert (files(project), asked, again.declined) == (before | written, [], ())
    assert set(undo(project, changed_too=False).removed) == written
    assert files(project) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_edited_is_asked_about_and_kept(project, kind):
    before = files(project)
    schedule(project, kind)
    edited = project / min(files(project) - before - {".gitlab-ci.yml"})
    edited.write_text("mine\n")
    made, asked = schedule(project, kind)
    assert (edited.read_text(), made.declined) == ("mine\n", tuple(asked))
    assert asked == [edited.relative_to(project).as_posix()]
    assert undo(project, changed_too=False).kept == (edited.relative_to(project).as_posix(),)
    assert edited.read_text() == "mine\n"


def test_the_command_says_what_to_type_next(project):
    done = subprocess.run([sys.executable, "-m", "keepfit", "init", "--schedule", "github"], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("next:\n  git add .github/workflows/keepfit-late-date-v2.yml && git commit")
    assert "TODO: ledger.uri is a file, which a runner forgets after each job" in done.stderr


def test_a_new_project_has_its_schedule_in_the_first_commit(tmp_path):
    made = init(InitRequest(folder=tmp_path / "new", schedule="github"), ask=lambda *_: False, say=lambda _line: None)
    listed = subprocess.run(["git", "ls-files"], cwd=made.root, capture_output=True, text=True, check=True).stdout.splitlines()
    assert ".github/workflows/keepfit-flights-late.yml" in listed
    assert any("gh secret set MLFLOW_TRACKING_URI" in line for line in made.next)


def test_secrets_that_params_name_are_named_in_the_schedule(project):
    path = project / "params.yaml"
    path.write_text(path.read_text() + "hooks: {subscribers: {pager: {hook: webhook, url_env: PAGER_URL, secret_env: PAGER_SECRET}}}\n")
    schedule(project, "github")
    text = next((project / ".github" / "workflows").iterdir()).read_text()
    assert "      PAGER_URL: ${{ secrets.PAGER_URL }}\n      PAGER_SECRET: ${{ secrets.PAGER_SECRET }}\n" in text


def test_a_folder_in_the_place_of_a_file_is_refused_before_anything_is_written(project):
    (project / "schedules" / "late-date-v2.sh").mkdir(parents=True)
    before = files(project)
    with pytest.raises(ProjectError, match="is a folder where a file should be"):
        schedule(project, "cron")
    assert files(project) == before


@pytest.mark.parametrize("after", ["init.intent", "init.file", "schedule.files"])
def test_a_run_that_is_killed_is_taken_back_whole(project, after):
    before = files(project)
    command = [sys.executable, "-m", "keepfit", "init", "--schedule", "cron"]
    killed = subprocess.run(command, cwd=project, env={**os.environ, "KEEPFIT_KILL_AFTER": after}, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    undo(project, changed_too=False)
    assert files(project) == before
