from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from tests.flows.deliver.messages import around, evil, message

from keepfit.errors import ParamsError
from keepfit.flows.deliver.command import CommandHook
from keepfit.flows.deliver.member import hook_of
from keepfit.hooks import HookError
from keepfit.params.hooks import SubscriberParams
from keepfit.records import Message, from_json


@pytest.fixture
def script(tmp_path):
    """A program in the project's folder."""

    def written(text, name="page.sh"):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return CommandHook(command=(f"./{name}", "two words", "$(touch pwned)"), seconds=20)

    return written


def refused(hook, root, **environment):
    with pytest.raises(HookError) as caught:
        hook.deliver(message(), around=around(root, **environment))
    return caught.value


def test_it_reads_the_message_as_json_in_the_projects_folder_and_no_shell_reads_anything(script, tmp_path):
    hook = script('cat > got.json; printf "%s\\n" "$@" > arguments; pwd -P > place; echo paged Ann')
    assert hook.deliver(evil(), around=around(tmp_path)) == "paged Ann"
    assert from_json(Message, (tmp_path / "got.json").read_bytes()) == evil()
    assert (tmp_path / "arguments").read_text() == "two words\n$(touch pwned)\n"
    assert (tmp_path / "place").read_text() == f"{tmp_path.resolve()}\n"
    assert not (tmp_path / "pwned").exists()


def test_it_sees_what_it_needs_and_what_was_named_and_no_other_secret(script, tmp_path):
    hook = CommandHook(command=script("env > seen").command, pass_env=("PAGER_KEY",))
    ours = {"PAGER_KEY": "k", "MLFLOW_TRACKING_PASSWORD": "p", "KEEPFIT_KEYS": "/keys", "HOME": "/srv/me", "PATH": os.defpath, "LD_PRELOAD": "x"}
    assert hook.deliver(message(), around=around(tmp_path, **ours)) == "./page.sh ran"
    seen = dict(line.split("=", 1) for line in (tmp_path / "seen").read_text().splitlines())
    assert {name: seen.get(name) for name in ("PAGER_KEY", "KEEPFIT_HOOK", "HOME")} == {"PAGER_KEY": "k", "KEEPFIT_HOOK": "pager", "HOME": "/srv/me"}
    assert seen.keys() - {"PAGER_KEY", "KEEPFIT_HOOK", "HOME", "PATH", "PWD", "OLDPWD", "SHLVL", "_"} == set()


def test_a_variable_that_was_named_and_is_not_set_is_a_sentence(script, tmp_path):
    found = refused(CommandHook(command=script("exit 0").command, pass_env=("PAGER_KEY",)), tmp_path)
    assert (found.again, found.what) == (False, "PAGER_KEY is not set in the environment")


@pytest.mark.parametrize(
    ("ends", "again", "says"),
    [
        ("exit 75", True, "ended with 75 (try later)"),
        ("exit 1", True, "ended with 1"),
        ("exit 7", True, "ended with 7"),
        ("exit 65", False, "ended with 65 (refused)"),
        ("exit 78", False, "ended with 78 (wrongly configured)"),
        ("nosuch", False, "ended with 127 (not found)"),
        ("kill -9 $$", True, f"was ended by signal {int(signal.SIGKILL)}"),
    ],
)
def test_how_it_ends_says_if_it_is_tried_again(script, tmp_path, ends, again, says):
    found = refused(script(ends), tmp_path)
    assert found.again is again
    assert says in found.what


@pytest.mark.parametrize(("command", "says"), [(("./nosuch",), "No such file"), (("./plain",), "Permission denied"), (("./a\0b",), "null")])
def test_what_cannot_be_started_is_a_sentence(tmp_path, command, says):
    (tmp_path / "plain").write_text("no program")
    found = refused(CommandHook(command=command), tmp_path)
    assert says in found.what
    assert not found.again


def test_a_folder_that_is_gone_is_tried_again(tmp_path):
    assert refused(CommandHook(command=("true",)), tmp_path / "gone").again


def test_one_that_hangs_is_ended_with_all_that_it_started(script, tmp_path):
    hook = CommandHook(command=script("sleep 600 & echo $! > child; trap '' TERM; echo still here; wait").command, seconds=1.5)
    start = time.monotonic()
    found = refused(hook, tmp_path)
    assert time.monotonic() - start < 30
    assert found.again
    assert found.what == "the command './page.sh' did not end within 1.5 seconds: still here"
    assert not running(int((tmp_path / "child").read_text()))


def test_what_one_leaves_running_that_ended_well_is_ended_too(script, tmp_path):
    script("sleep 600 & echo $! > child").deliver(message(), around=around(tmp_path))
    assert not running(int((tmp_path / "child").read_text()))


def running(pid, patience=3.0):
    """Whether a process runs and is no zombie; the kernel takes a moment to end it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except FileNotFoundError:
            return False
        time.sleep(0.02)
    return True


def test_much_output_is_bounded_and_harmless(script, tmp_path):
    found = refused(script("head -c 3000000 /dev/zero | tr '\\0' a; printf '\\n\\033[31mred\\033[0m\\n'; exit 1"), tmp_path)
    assert len(str(found)) < 700
    assert "\033" not in str(found)


def test_a_message_that_is_not_read_is_no_trouble(script, tmp_path):
    assert script("exec true").deliver(message(text="x" * 1_000_000), around=around(tmp_path)) == "./page.sh ran"


@pytest.mark.parametrize("command", ["./page.sh --team 'ml ops'", "./page.sh 'open"])
def test_a_text_is_refused_with_the_list_to_write(command):
    with pytest.raises(ParamsError, match=r"a command is a list of arguments, no text for a shell: write \['./page.sh'") as caught:
        hook_of("pager", SubscriberParams(hook="command", command=command))
    assert "hooks.subscribers.pager" in str(caught.value)


@pytest.mark.parametrize("fields", [{"command": []}, {"command": [["a"]]}, {"command": ["a"], "seconds": 0}, {"command": {"a": 1}}])
def test_other_nonsense_is_refused(fields):
    with pytest.raises(ParamsError):
        hook_of("pager", SubscriberParams(hook="command", **fields))


def test_it_may_run_twice_for_one_message_which_it_can_tell(script, tmp_path):
    hook = script("cat >> got.jsonl")
    for attempt in (1, 2):
        hook.deliver(message(attempt=attempt), around=around(tmp_path))
    first, second = (json.loads(line) for line in (tmp_path / "got.jsonl").read_text().splitlines())
    assert first["key"] == second["key"]
