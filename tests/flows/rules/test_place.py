from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest
from tests.flows.gitted import RULES, make_gitted

from keepfit.errors import ParamsError, ProjectError
from keepfit.flows.rules.place import InGit, OnDisk, rules_place, rules_text


@pytest.fixture
def gitted(tmp_path):
    return make_gitted(tmp_path / "our models@home" / "the:repo")


# -- the form -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("git+file:///srv/m@main:gate.yaml", ("/srv/m", "main", "gate.yaml")),
        ("git+file:///srv/a@b/c d@feature/x-1:keepfit/gate.yaml", ("/srv/a@b/c d", "feature/x-1", "keepfit/gate.yaml")),
        ("git+file:///srv/a:b@c:d@main:g@te.yaml", ("/srv/a:b@c:d", "main", "g@te.yaml")),
        ("git+file:///srv/ü.git@origin/main:gate.yaml", ("/srv/ü.git", "origin/main", "gate.yaml")),
    ],
)
def test_the_form_is_read_in_one_way(text, parts):
    place = rules_place(text)
    assert (str(place.repo), place.branch, place.path) == parts
    assert str(place) == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("git+file://srv/m@main:gate.yaml", "no absolute path"),
        ("git+file:///srv/m:gate.yaml", "no absolute path"),
        ("git+file:///srv/m@main", "no absolute path"),
        ("git+file:///srv/m@:gate.yaml", "no name of a branch"),
        ("git+file:///srv/m@--upload-pack=x:gate.yaml", "no name of a branch"),
        ("git+file:///srv/m@main^{tree}:gate.yaml", "no name of a branch"),
        ("git+file:///srv/m@main..x:gate.yaml", "no name of a branch"),
        ("git+file:///srv/m@main/:gate.yaml", "no name of a branch"),
        ("git+file:///srv/m@main:", "no relative path"),
        ("git+file:///srv/m@main:/etc/gate.yaml", "no relative path"),
        ("git+file:///srv/m@main:a/../../gate.yaml", "no relative path"),
        ("git+ssh://host/m@main:gate.yaml", "no such form of place"),
        ("git+file:/srv/m@main:gate.yaml", "no such form of place"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, problem):
    with pytest.raises(ParamsError, match=problem):
        rules_place(text)


def test_a_path_becomes_absolute_and_keeps_its_links(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert rules_place("link", here=tmp_path) == OnDisk(tmp_path / "link")
    assert rules_place("/etc/gate.yaml", here=tmp_path) == OnDisk(Path("/etc/gate.yaml"))


# -- the text -----------------------------------------------------------------------------------------------------------


def test_the_branchs_text_is_read_whatever_is_checked_out(gitted):
    assert rules_text(rules_place(gitted.place)) == RULES % "flights-*"
    gitted.git("checkout", "-q", "release/v1")
    (gitted.root / "keepfit" / "gate.yaml").write_text("models: {}")
    assert rules_text(rules_place(gitted.place)) == RULES % "flights-*"


def test_a_bare_repository_and_a_remotes_branch_are_read_too(gitted, tmp_path):
    gitted.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    gitted.git("clone", "-q", str(tmp_path / "bare.git"), str(tmp_path / "clone"))
    bare, clone = f"git+file://{tmp_path}/bare.git@release/v1", f"git+file://{tmp_path}/clone@origin/release/v1"
    for place in (bare, clone):
        assert rules_text(rules_place(f"{place}:keepfit/gate.yaml")) == RULES % "flights-*"


def test_a_tag_or_a_commit_is_no_branch(gitted):
    gitted.git("tag", "v9", "release/v1")
    for ref in ("v9", gitted.git("rev-parse", "release/v1").strip(), "HEAD"):
        with pytest.raises(ProjectError, match="has no branch"):
            rules_text(InGit(gitted.root, ref, "keepfit/gate.yaml"))


def test_what_is_in_the_way_is_said(gitted, tmp_path, monkeypatch):
    def refused(match, **parts):
        place = InGit(**{"repo": gitted.root, "branch": "release/v1", "path": "keepfit/gate.yaml", **parts})
        with pytest.raises(ProjectError, match=match):
            rules_text(place)

    refused("there is no folder 'nowhere'", repo=tmp_path / "nowhere")
    (tmp_path / "plain").mkdir()
    refused("no git repository here", repo=tmp_path / "plain")
    refused("a folder in a repository, not its top", repo=gitted.root / ".." / gitted.root.name / "sub")
    refused("has no branch 'release/v2'", branch="release/v2")
    refused("is not on the branch release/v1", path="keepfit/gate.yml")
    refused("is no file but a folder", path="keepfit")
    gitted.commit("release/v1", "x" * 1_000_001)
    refused("is larger than 1,000,000 bytes")
    gitted.commit("release/v1", b"\xff\xfe")
    refused("is no UTF-8 text")
    (gitted.root / "link.yaml").symlink_to("gate.yaml")
    gitted.git("add", "-A")
    gitted.git("commit", "-q", "-m", "a link")
    refused("is no file but a link", path="link.yaml", branch="main")
    monkeypatch.setenv("PATH", str(tmp_path))
    refused("git is not installed")


@pytest.fixture(autouse=True)
def _a_folder_inside(gitted):
    (gitted.root / "sub").mkdir()


def test_a_repository_of_another_user_is_refused(gitted):
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (gitted.root, gitted.root / ".git"):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        with pytest.raises(ProjectError, match="belongs to another user"):
            rules_text(rules_place(gitted.place))


def test_a_file_that_is_none_is_said_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 1_000_001)
    for name, problem in (("pipe", "no regular file"), ("", "is a folder"), ("none", "no such file or directory"), ("large", "is larger than")):
        with pytest.raises(ProjectError, match=problem):
            rules_text(OnDisk(tmp_path / name))
