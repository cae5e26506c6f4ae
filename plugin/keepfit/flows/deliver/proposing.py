"""A candidate's branch, pushed, and proposed for review with its REVIEW.md: what the hooks `github` and `gitlab` share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from keepfit.errors import KeepfitError
from keepfit.flows.project import Project
from keepfit.hooks import HookError, Surroundings
from keepfit.integrations.forges.review_request import ProposedBranch, ReviewRequests, propose_once
from keepfit.integrations.forges.sticky import ForgeAwayError, ForgeError
from keepfit.integrations.programs.git import GitRepo, PushRejectedError
from keepfit.records import Event, Message

REVIEW = "reports/REVIEW.md"
GIT_SECONDS = 120.0
DEADLINE = 300.0
LONGEST_TITLE = 200
SCP = re.compile(r"^(?:[^@/:]+@)?(?P<host>[^/:]+):(?P<path>[^/].*|/[^/].*)$")
USERINFO = re.compile(r"://[^/@\s]+@")


@dataclass(frozen=True, kw_only=True)
class ForgePlace:
    """What a hook knows of its forge: what it is called there, and the fields of params.yaml with what stands in for those that are not given."""

    forge: str
    request: str
    token_env: str
    repository: str | None
    remote: str | None
    base: str | None
    requests: Callable[[str, str, str | None], ReviewRequests]
    """Of a repository, with a token, at a host (None: the remote names none)."""


def propose_branches(message: Message, place: ForgePlace, *, around: Surroundings) -> str:
    """Push and propose the branch of each event that names one; return what was done. Raises `HookError`."""
    branches = {event.branch: event for event in message.events if event.branch}
    if not branches:
        return "nothing to review: it names no branch"
    try:
        project = Project(Path(around.root))
        return "; ".join(_propose(project, event, place, around) for event in branches.values())
    except HookError:
        raise
    except ForgeError as bad:
        raise HookError(bad.what, again=isinstance(bad, ForgeAwayError), where=bad.where, fix=bad.fix) from bad
    except KeepfitError as bad:
        again = not isinstance(bad, PushRejectedError)
        raise HookError(_plain(bad.what), again=again, where=_plain(bad.where or around.root), fix=bad.fix) from bad


def _propose(project: Project, event: Event, place: ForgePlace, around: Surroundings) -> str:
    git, branch = GitRepo(project.root, timeout_seconds=GIT_SECONDS), str(event.branch)
    if git.tip(branch) is None:
        fix = "keepfit hooks run where keepfit improve ran, or push it by hand"
        raise HookError(f"no branch {_line(branch)!r} here: no {place.request} was opened", again=False, where=around.root, fix=fix)
    text = f"git show {branch}:{(git.prefix / REVIEW).as_posix()} is its text"
    remotes = git.remotes()
    remote = place.remote or ("origin" if "origin" in remotes else next(iter(remotes), None))
    if remote is None or remote not in remotes:
        missing = f"no git remote {remote!r}" if remote else "no git remote"
        raise HookError(f"{missing}: the branch {branch} is only here, no {place.request} was opened", again=False, where=around.root, fix=text)
    git.push(branch, remote=remote)
    token = around.environment.get(place.token_env)
    if not token:
        what = f"{place.token_env} is not set: {branch} is pushed to {remote}, but no {place.request} was opened"
        raise HookError(what, again=False, where=around.root, fix=f"export {place.token_env}=…, then keepfit hooks retry; or open it by hand: {text}")
    host, found = repository_of(git.address_of(remote))
    repository = place.repository or found
    if repository is None:
        what = f"the remote {remote} does not say which repository of {place.forge} it is"
        raise HookError(what, again=False, where=f"hooks: {place.forge}", fix="write repository: owner/name beside the hook")
    review = git.show(branch, REVIEW)
    proposed = ProposedBranch(
        branch=branch,
        base=place.base or project.params.update.base_branch,
        title=_line(f"Retrain {event.model} for {event.ticket or event.subject}")[:LONGEST_TITLE],
        text=review.decode("utf-8", "replace") if review else _line(event.changed),
    )
    return propose_once(place.requests(repository, token, host), proposed)


def repository_of(address: str) -> tuple[str | None, str | None]:
    """Return host and path of a remote's address; None for one that names no host, or no path on it.

    >>> repository_of("git@github.com:ml/flights.git"), repository_of("https://me@git.example.org/group/sub/flights/")
    (('github.com', 'ml/flights'), ('git.example.org', 'group/sub/flights'))
    >>> repository_of("../far.git"), repository_of("file:///srv/far.git")
    ((None, None), (None, None))
    """
    scp = SCP.match(address) if "://" not in address else None
    if scp:
        host, path = scp["host"], scp["path"]
    elif "://" in address and not address.startswith("file:"):
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
    else:
        return None, None
    plain = path.strip("/").removesuffix(".git").strip("/")
    return host or None, plain if "/" in plain else None


def _line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _plain(text: str) -> str:
    """Without the user and password of an address."""
    return USERINFO.sub("://", text)
