"""Where the gate's rules lie: a file, or a file at the tip of a branch (`git+file://REPO@BRANCH:PATH`); and its text.

The second form does not care what is checked out: only a commit on the branch changes the rules. REPO is the absolute path of a
repository's top (bare or not) and is read as it stands, without `%20`; PATH is relative to that top. PATH holds no `:` and
BRANCH no `@`, so there is one way to read a text, whatever REPO is called.

>>> place = rules_place("git+file:///srv/our models@home/repo@release/v1:keepfit/gate.yaml")
>>> str(place.repo), place.branch, place.path
('/srv/our models@home/repo', 'release/v1', 'keepfit/gate.yaml')
>>> rules_place("gate.yaml", here=Path("/srv")).path
PosixPath('/srv/gate.yaml')
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ParamsError, ProjectError
from keepfit.integrations.programs.git import GitRepo

GIT = "git+file://"
FORM = f"{GIT}/REPO@BRANCH:PATH"
MAX_BYTES = 1_000_000
GIT_SECONDS = 5.0  # for each of at most five commands, while protected requests wait
ENDED = r"(?:/|\.|\.lock)$"
NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^?*\[\\]|\.\.|@\{|//|^[-/.]|/\.|" + ENDED)  # what git itself refuses in a branch's name
EMPTY = ("", ".", "..")


@dataclass(frozen=True)
class OnDisk:
    """A file of the file system."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name, as findings show it."""
        return self.path.name

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class InGit:
    """A file at the tip of a branch: a local one, else a remote's (`origin/main`)."""

    repo: Path
    branch: str
    path: str

    @property
    def name(self) -> str:
        """The file's path in the repository, as findings show it."""
        return self.path

    def __str__(self) -> str:
        return f"{GIT}{self.repo}@{self.branch}:{self.path}"


RulesPlace = OnDisk | InGit


def rules_place(text: str, *, here: Path | None = None) -> RulesPlace:
    """Read a place as `KEEPFIT_GATE` or `--rules` names it; raises `ParamsError` for a git form that cannot be meant.

    A relative file is one below `here` (None: it stays relative). Links are kept: what they lead to may be changed.
    """
    if not text.startswith("git+"):
        return OnDisk(Path(text) if here is None else (here / text).absolute())
    if not text.startswith(GIT):
        raise ParamsError(f"no such form of place: {text[:80]!r}", where="the gate's rules", fix=f"{FORM}, or the path of a file")
    head, _, path = text.removeprefix(GIT).rpartition(":")
    repo, _, branch = head.rpartition("@")
    problem = _problem(repo, branch, path)
    if problem:
        raise ParamsError(f"{problem} in {text[:160]!r}", where="the gate's rules", fix=f"{FORM}; REPO is absolute, PATH relative to its top")
    return InGit(Path(repo), branch, path)


def _problem(repo: str, branch: str, path: str) -> str | None:
    """What of the three parts cannot be meant, None if all can."""
    if not repo.startswith("/") or "\0" in repo:
        return "no absolute path of a repository before '@BRANCH:PATH'"
    if not branch or NO_BRANCH.search(branch):
        return f"no name of a branch: {branch[:60]!r},"
    if "\0" in path or any(part in EMPTY for part in path.split("/")):
        return f"no relative path of a file: {path[:60]!r},"
    return None


# -- the text -----------------------------------------------------------------------------------------------------------


def rules_text(place: RulesPlace) -> str:
    """Return the text that lies there now; raises `ProjectError` saying what is in the way."""
    return text_at(place, tip_of(place)) if isinstance(place, InGit) else _text_of_file(place)


def tip_of(place: InGit) -> str:
    """Return the commit at the branch's tip; raises `ProjectError` for no repository, somebody else's, or no such branch."""
    git = _repo(place)
    found = git.tip(place.branch) or git.remote_tip(place.branch)
    if found is None:
        git.run("rev-parse", "--git-dir")  # says so if there is no repository, or git does not trust it
        raise ProjectError(f"the repository {place.repo.name} has no branch {place.branch!r}", where=str(place.repo), fix="git branch -a lists the branches")
    return found


def text_at(place: InGit, commit: str) -> str:
    """Return the file's text at a commit of its repository; raises `ProjectError` if there is no such file, or no text."""
    git = _repo(place)
    if git.prefix != Path():
        raise ProjectError(f"{place.repo.name} is a folder in a repository, not its top", where=str(place.repo), fix=f"name the top: {FORM}")
    entry = git.entry(commit, place.path)
    where = f"{place.branch} of {place.repo}"
    if entry is None:
        raise ProjectError(f"{place.path} is not on the branch {place.branch}", where=where, fix=f"commit it there, or name another PATH: {FORM}")
    if entry.kind != "file":
        raise ProjectError(f"{place.path} is no file but a {entry.kind} on the branch {place.branch}", where=where, fix="name the file itself")
    if entry.size > MAX_BYTES:
        raise _too_large(place, where)
    return _decoded(place, git.content(entry.id), where)


def _repo(place: InGit) -> GitRepo:
    if not place.repo.is_dir():
        raise ProjectError(f"there is no folder {place.repo.name!r}", where=str(place.repo), fix=f"{FORM}; the path is read as it stands, without %20")
    return GitRepo(place.repo, timeout_seconds=GIT_SECONDS)


def _text_of_file(place: OnDisk) -> str:
    where = str(place)
    try:
        found = place.path.stat()
        if not stat.S_ISREG(found.st_mode):  # asked before it is opened: opening a pipe would wait for ever
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no regular file"
            raise ProjectError(f"{place.name} is {kind}", where=where, fix="name the file itself")
        with place.path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as bad:
        said = (getattr(bad, "strerror", None) or str(bad)).lower()
        raise ProjectError(f"{place.name} cannot be read: {said}", where=where, fix="name a file that this account can read") from bad
    if len(content) > MAX_BYTES:
        raise _too_large(place, where)
    return _decoded(place, content, where)


def _too_large(place: RulesPlace, where: str) -> ProjectError:
    return ProjectError(f"{place.name} is larger than {MAX_BYTES:,} bytes", where=where, fix="it does not look like a gate.yaml: name another file")


def _decoded(place: RulesPlace, content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as bad:
        raise ProjectError(f"{place.name} is no UTF-8 text", where=where, fix="save it as UTF-8") from bad
