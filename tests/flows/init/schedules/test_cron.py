"""The cron script and its line, run by the shell that cron uses, with the environment that cron gives."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.flows.conftest import clicks, watched  # noqa: F401 - fixtures
from tests.flows.init.schedules.scheduled import LOOKS, schedule, seen, shell, stub
from tests.flows.monitoring.test_monitor import rows_of, write_rows

FIELDS = re.compile(r"([0-9]|[1-5][0-9]) \* \* \* \* (.*)")
NAME = "late-date-v2"


def line(root, name=NAME):
    """The crontab's line: when, and the command as cron hands it to a shell."""
    (found,) = [each for each in (root / "schedules" / f"{name}.crontab").read_text().splitlines() if not each.startswith("#")]
    fields = FIELDS.fullmatch(found)
    assert fields, found
    assert not re.search(r"(?<!\\)%", fields[2]), "cron ends the command at a bare per cent sign"
    return fields[2].replace("\\%", "%")


def by_cron(command, home, **environ):
    """As cron calls it: /bin/sh -c, from the home folder, with hardly any environment."""
    return shell(["/bin/sh", "-c", command], cwd=home, HOME=str(home), LOGNAME="me", SHELL="/bin/sh", PATH="/usr/bin:/bin", **environ)


@pytest.fixture
def stubbed(project, tmp_path):
    """The scheduled project, its command with the stub for a program, and a home."""
    schedule(project, "cron")
    command = line(project).replace(str(Path(sys.executable).with_name("keepfit")), str(stub(tmp_path)))
    return project, command, tmp_path


@pytest.mark.parametrize(("ends", "failed", "called"), LOOKS)
def test_findings_are_no_failures_and_messages_are_delivered_whatever_was_found(stubbed, ends, failed, called):
    project, command, home = stubbed
    done = by_cron(command, home, SEEN=str(home / "seen"), **ends)
    assert (bool(done.returncode), done.stdout) == (bool(failed), "")
    assert [each.partition(" in ")[0] for each in seen(home)] == called
    assert all(f" in {project} with " in each for each in seen(home))
    assert ("the end of" in done.stderr) == bool(failed)  # what a script says on stderr is mailed: nothing, unless it failed


def test_a_run_that_is_still_under_way_is_left_alone(stubbed):
    project, command, home = stubbed
    (project / ".keepfit").mkdir(exist_ok=True)
    held = subprocess.Popen(["flock", str(project / ".keepfit" / "schedule.lock"), "sh", "-c", "echo held; read _"], stdin=-1, stdout=-1, text=True)
    assert held.stdout.readline() == "held\n"
    done = by_cron(command, home, SEEN=str(home / "seen"))
    held.communicate("\n")
    assert (done.returncode, done.stderr, seen(home)) == (0, "", [])
    assert (by_cron(command, home, SEEN=str(home / "seen")).returncode, len(seen(home))) == (0, 2)


def test_secrets_come_from_a_file_of_the_persons_own(stubbed):
    _, command, home = stubbed
    (home / ".config" / "keepfit").mkdir(parents=True)
    (home / ".config" / "keepfit" / "env").write_text("MLFLOW_TRACKING_URI=https://models.example.org\n")
    by_cron(command, home, SEEN=str(home / "seen"))
    assert seen(home)[0].endswith("with https://models.example.org")


def test_the_log_keeps_what_was_said_and_does_not_grow_for_ever(stubbed):
    project, command, home = stubbed
    log = project / ".keepfit" / "schedule.log"
    by_cron(command, home, SEEN=str(home / "seen"))
    assert re.fullmatch(r"\S+Z keepfit monitor\n\S+Z keepfit hooks run\n", log.read_text())
    log.write_text("x" * 1_000_001)
    by_cron(command, home, SEEN=str(home / "seen"))
    assert (len(log.read_text().splitlines()), (log.parent / "schedule.log.1").stat().st_size) == (2, 1_000_001)


def test_a_real_run_judges_the_closed_windows_and_a_second_finds_nothing_to_do(watched, tmp_path):  # noqa: F811 - the fixture
    write_rows(watched.root, rows_of(1), rows_of(2), rows_of(3, flipped=True))
    subprocess.run(["git", "init", "-q", str(watched.root)], check=True)
    schedule(watched.root, "cron")
    first = by_cron(line(watched.root, "clicks"), tmp_path)
    log = (watched.root / ".keepfit" / "schedule.log").read_text()
    assert (first.returncode, first.stdout, first.stderr) == (0, "", ""), log
    assert "2013-03-harm asks to improve" in log
    again = by_cron(line(watched.root, "clicks"), tmp_path)
    assert (again.returncode, again.stderr) == (0, "")


def test_the_line_is_one_that_cron_takes_and_the_script_one_that_a_plain_shell_reads(project):
    schedule(project, "cron")
    assert line(project).endswith(".sh'")
    assert shell(["/bin/sh", "-n", str(project / "schedules" / f"{NAME}.sh")], cwd=project).returncode == 0
