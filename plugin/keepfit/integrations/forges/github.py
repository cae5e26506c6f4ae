"""GitHub: the comments of a pull request, which to its REST interface is an issue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from keepfit.integrations.forges.sticky import Existing, ForgeError, ForgeRest

NEEDS = "permissions: {pull-requests: write} in the workflow; a pull request from a fork gets no token that may write"
PULL = re.compile(r"^refs/pull/(\d+)/")


@dataclass(frozen=True)
class PullRequest:
    """One pull request's comments."""

    rest: ForgeRest
    repository: str
    number: int

    def comments(self) -> Iterator[Existing]:
        """Yield those that are there, the oldest first."""
        for one in self.rest.pages(f"repos/{self.repository}/issues/{self.number}/comments"):
            yield Existing(id=one["id"], body=one.get("body") or "")

    def create(self, body: str) -> str:
        """Add one and return its address."""
        return str(self.rest.ask("POST", f"repos/{self.repository}/issues/{self.number}/comments", body={"body": body})["html_url"])

    def edit(self, comment: int, body: str) -> str:
        """Replace the text of one and return its address."""
        return str(self.rest.ask("PATCH", f"repos/{self.repository}/issues/comments/{comment}", body={"body": body})["html_url"])


def pull_request(environ: Mapping[str, str]) -> PullRequest | None:
    """Return the pull request that a workflow runs for, None without a token; raises `ForgeError` where the environment names no pull request."""
    token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN")
    if not token:
        return None
    repository, number = environ.get("GITHUB_REPOSITORY"), _number(environ)
    if not repository or number is None:
        fix = "on: pull_request in the workflow, or GITHUB_REPOSITORY=owner/name and GITHUB_REF=refs/pull/NUMBER/merge"
        raise ForgeError("this run is of no pull request", where="GITHUB_REPOSITORY, GITHUB_REF, GITHUB_EVENT_PATH", fix=fix)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return PullRequest(ForgeRest(environ.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"), headers, NEEDS), repository, number)


def _number(environ: Mapping[str, str]) -> int | None:
    found = PULL.match(environ.get("GITHUB_REF", ""))
    if found:
        return int(found[1])
    try:
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        return int((event.get("pull_request") or event["issue"])["number"])
    except (KeyError, OSError, ValueError, TypeError, AttributeError):
        return None
