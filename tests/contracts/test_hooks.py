"""What every hook promises, of whatever package: words or a `HookError`, twice no worse than once, names stay text, and no secret comes in or goes out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tests.flows.deliver.messages import around, event, evil, message
from tests.forge_double import forge
from tests.receiver import receiver

from keepfit import plugins
from keepfit.flows.deliver.attempt import seconds_of
from keepfit.flows.deliver.member import hook_of
from keepfit.hooks import Hook, HookError, Surroundings
from keepfit.params.hooks import SubscriberParams
from keepfit.records import Message, canonical

NAMES = plugins.names("hooks")
every_hook = pytest.mark.parametrize("name", NAMES)
SECRET = "hunter2hunter2hunter2"
BRANCH = "retrain/2026-02-harm"
PARAMS = "model: {name: flights, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n"
MESSAGES = {
    "plain": message(),
    "of a branch": message(event(kind="candidate_ready", branch=BRANCH)),
    "hostile": evil(),
    "hostile, of a branch": replace(evil(), events=(replace(evil().events[0], kind="candidate_ready", branch=BRANCH),)),
    "digest": message(event(), event(key="b", kind="promoted", ticket=None, severity=None, subject="7"), title="2 events"),
    "empty": message(title="", text=""),
}
every_message = pytest.mark.parametrize("sent", MESSAGES.values(), ids=MESSAGES)


@dataclass
class World:
    """A project's folder with all that a built-in hook may need, on this machine: a branch, a remote, a forge, a receiver, a program."""

    root: Path
    url: str
    forge: str
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)

    def hook(self, name: str) -> Hook:
        """A member as params.yaml makes it; one of another package with what it is by default."""
        made: Hook = hook_of("pager", SubscriberParams(hook=name, **self.fields.get(name, {})))
        return made

    def around(self, hook: Hook) -> Surroundings:
        """The environment has a secret in every variable that the hook names."""
        named = {variable for each, values in plugins.fields_of(hook).items() if each.endswith("_env") for variable in variables(values)}
        service = f"json://me:{SECRET}@{self.url.removeprefix('http://')}/{SECRET}"
        return around(self.root, **dict.fromkeys([*named, "GITHUB_TOKEN", "GITLAB_TOKEN"], SECRET) | {"NOTIFY": service, "PATH": os.defpath})


def variables(values: object) -> tuple[str, ...]:
    if isinstance(values, dict):
        return tuple(values.values())
    return tuple(values) if isinstance(values, tuple | list) else () if values is None else (str(values),)


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("hooks") / "project"
    with world(root) as made:
        yield made


@contextmanager
def world(root: Path) -> Iterator[World]:
    (root / "reports").mkdir(parents=True)
    (root / "params.yaml").write_text(PARAMS)
    (root / "page.sh").write_text("#!/bin/sh\ncat > got.json\n")
    (root / "page.sh").chmod(0o755)
    (root / "reports" / "REVIEW.md").write_text("# Review\n")
    for command in ("init -q -b main", "add -A", "commit -qm start", f"branch {BRANCH}", "init -q --bare ../far.git", "remote add origin ../far.git"):
        subprocess.run(["git", *command.split()], cwd=root, check=True)
    with ExitStack() as stack:
        there, double = stack.enter_context(receiver()), stack.enter_context(forge())
        double.token = SECRET
        made = World(root=root, url=there.url, forge=double.url)
        made.fields = {
            "file": {"path": "logs/keepfit.jsonl"},
            "command": {"command": ["./page.sh", "$(touch pwned)"], "pass_env": ["PAGER_KEY"]},
            "webhook": {"url": there.url, "allow": ["localhost"], "secret_env": "PAGER_SECRET", "headers_env": {"X-Token": "PAGER_TOKEN"}},
            "notify": {"url_env": "NOTIFY"},
            "github": {"repository": "o/r", "api": double.url},
            "gitlab": {"repository": "o/r", "api": double.url},
        }
        yield made


def outcome(hook: Hook, sent: Message, surroundings: Surroundings) -> str:
    """What it says; anything but words or a `HookError` fails the test."""
    try:
        said, refused = hook.deliver(sent, around=surroundings), None
    except HookError as bad:
        said, refused = str(bad), bad
    assert refused is None or (isinstance(refused.again, bool) and (refused.after or 0) >= 0)
    assert isinstance(said, str)
    assert said
    assert refused is not None or "\n" not in said
    return said


@every_hook
def test_it_is_a_frozen_dataclass_of_its_name(name):
    member = plugins.load("hooks", name)
    assert is_dataclass(member)
    assert member.__dataclass_params__.frozen
    assert member.name == name


@every_hook
def test_the_worker_knows_how_long_a_call_may_take_and_that_is_no_less_than_the_hook_itself_waits(name, shared):
    hook = shared.hook(name)
    assert getattr(hook, "seconds", 0) < seconds_of(hook) <= 24 * 3600


@every_hook
def test_its_docstring_says_what_a_second_call_with_the_same_message_does(name):
    assert "twice" in (plugins.load("hooks", name).__doc__ or "")


@every_message
@every_hook
def test_it_returns_words_or_refuses_and_twice_is_no_worse_and_the_message_stays_as_it_was(name, sent, shared):
    hook, before = shared.hook(name), canonical(sent)
    surroundings = shared.around(hook)
    for attempt in (1, 2):
        said = outcome(hook, replace(sent, attempt=attempt), surroundings)
        assert len(said) < 2000
        assert SECRET not in said
    assert canonical(sent) == before
    assert list(shared.root.rglob("pwned*")) == []


@every_hook
def test_a_message_of_a_branch_is_taken_where_all_is_there(name, shared):
    hook = shared.hook(name)
    surroundings = shared.around(hook)
    for _ in range(2):
        said = hook.deliver(MESSAGES["of a branch"], around=surroundings)
        assert isinstance(said, str)
        assert said


@every_hook
def test_where_nothing_is_there_it_refuses_or_says_words(name, shared, tmp_path):
    for root in (tmp_path / "gone", tmp_path):
        outcome(shared.hook(name), MESSAGES["of a branch"], around(root))


@every_hook
def test_a_secret_is_refused_in_every_key_that_has_a_variable_and_in_the_variables_name(name):
    keys = {each.name for each in fields(plugins.load("hooks", name))}
    for key in keys:
        value = {key: f"https://{SECRET}@example.org/"} if key.endswith("_env") or f"{key}_env" in keys else {f"{key}_token": SECRET}
        with pytest.raises(ValidationError, match="environment variable"):
            SubscriberParams(hook=name, **value)
