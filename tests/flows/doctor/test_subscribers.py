from __future__ import annotations

import sys
from importlib.machinery import PathFinder

import pytest
from tests.flows.deliver.receivers import project_with

from keepfit.flows.doctor.subscribers import examine

CHAT = {"hook": "webhook", "url": "https://example.org/", "secret_env": "CHAT_SECRET", "headers_env": {"X-Key": "CHAT_KEY"}}


def looked(tmp_path, **subscribers):
    return [(check.name, check.status, check.found) for check in examine(project_with(tmp_path / "p", **subscribers))]


def test_nothing_is_said_where_nobody_subscribed(tmp_path):
    assert looked(tmp_path) == list(examine(None)) == []


def test_a_secret_that_is_not_set_here_is_named_before_anybody_needs_it(tmp_path, monkeypatch):
    log = {"hook": "file", "path": "a.jsonl"}
    monkeypatch.delenv("CHAT_SECRET", raising=False)
    monkeypatch.setenv("CHAT_KEY", "k")
    assert looked(tmp_path, chat=CHAT, log=log) == [
        ("subscriber chat", "warn", "CHAT_SECRET not set in this environment"),
        ("subscribers", "ok", "log can be called from here"),
    ]
    monkeypatch.setenv("CHAT_SECRET", "s")
    assert looked(tmp_path, chat=CHAT, log=log) == [("subscribers", "ok", "chat, log can be called from here")]


def test_a_hook_of_a_package_that_is_not_here_fails(tmp_path):
    [(name, status, found)] = looked(tmp_path, far={"hook": "nosuch"})
    assert (name, status, found) == ("subscriber far", "fail", "its hook cannot be made: no hook 'nosuch'")


def test_mail_without_the_library_fails(tmp_path, monkeypatch):
    monkeypatch.setenv("MAIL", "mailto://x")
    found = PathFinder.find_spec
    monkeypatch.delitem(sys.modules, "apprise", raising=False)
    monkeypatch.setattr(PathFinder, "find_spec", lambda name, *rest: None if name == "apprise" else found(name, *rest))
    assert looked(tmp_path, mail={"hook": "notify", "url_env": "MAIL"}) == [("subscriber mail", "fail", "Apprise is not installed")]


@pytest.mark.parametrize("text", ["hooks: {subscribers: {a: {hook: file, nosuch: 1}}}\n", "model: 3\n"])
def test_params_that_cannot_be_read_are_another_checks(tmp_path, text):
    project = project_with(tmp_path / "p")
    (project.root / "params.yaml").write_text(text)
    assert list(examine(project)) == []
