"""The pull requests of a repository on GitHub, by its REST interface (docs.github.com/rest/pulls/pulls)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keepfit.integrations.forges.review_request import ProposedBranch, ReviewRequest, State
from keepfit.integrations.forges.sticky import ForgeRest

NEEDS = "a token that may write pull requests of the repository (fine-grained: Pull requests, read and write)"
API = "https://api.github.com"


@dataclass(frozen=True)
class PullRequests:
    """Of the repository `owner/name`."""

    rest: ForgeRest
    repository: str
    longest: int = 65_536

    def of_branch(self, branch: str, base: str) -> Iterator[ReviewRequest]:
        """Yield those of a branch of this repository for a base, open or not."""
        head = f"{self.repository.partition('/')[0]}:{branch}"
        for one in self.rest.pages(f"repos/{self.repository}/pulls", head=head, base=base, state="all"):
            state: State = "open" if one["state"] == "open" else "merged" if one.get("merged_at") else "closed"
            yield ReviewRequest(number=one["number"], url=one["html_url"], state=state, body=one.get("body") or "")

    def open(self, proposed: ProposedBranch, body: str) -> str:
        """Open one and return its address."""
        about = {"title": proposed.title, "head": proposed.branch, "base": proposed.base, "body": body}
        return str(self.rest.ask("POST", f"repos/{self.repository}/pulls", body=about)["html_url"])

    def edit(self, number: int, body: str) -> None:
        """Replace the text of one."""
        self.rest.ask("PATCH", f"repos/{self.repository}/pulls/{number}", body={"body": body})


def pull_requests(repository: str, *, token: str, api: str | None = None) -> PullRequests:
    """Return those of a repository `owner/name`."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return PullRequests(ForgeRest((api or API).rstrip("/"), headers, NEEDS), repository)
