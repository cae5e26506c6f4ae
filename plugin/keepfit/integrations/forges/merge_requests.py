"""The merge requests of a project on GitLab, by its REST interface (docs.gitlab.com/api/merge_requests)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from keepfit.integrations.forges.review_request import ProposedBranch, ReviewRequest, State
from keepfit.integrations.forges.sticky import ForgeRest

NEEDS = "a project access token with the scope api, of a developer at least"
API = "https://gitlab.com/api/v4"
STATES: dict[str, State] = {"opened": "open", "locked": "open", "merged": "merged", "closed": "closed"}


@dataclass(frozen=True)
class MergeRequests:
    """Of the project by its path, percent-encoded, or its number."""

    rest: ForgeRest
    project: str
    longest: int = 1_048_576

    def of_branch(self, branch: str, base: str) -> Iterator[ReviewRequest]:
        """Yield those of a branch of this project for a base, open or not."""
        for one in self.rest.pages(f"projects/{self.project}/merge_requests", source_branch=branch, target_branch=base, state="all"):
            yield ReviewRequest(number=one["iid"], url=one["web_url"], state=STATES[one["state"]], body=one.get("description") or "")

    def open(self, proposed: ProposedBranch, body: str) -> str:
        """Open one and return its address."""
        about = {"source_branch": proposed.branch, "target_branch": proposed.base, "title": proposed.title, "description": body}
        return str(self.rest.ask("POST", f"projects/{self.project}/merge_requests", body=about)["web_url"])

    def edit(self, number: int, body: str) -> None:
        """Replace the text of one."""
        self.rest.ask("PUT", f"projects/{self.project}/merge_requests/{number}", body={"description": body})


def merge_requests(project: str, *, token: str, api: str | None = None) -> MergeRequests:
    """Return those of a project `group/name` (or its number)."""
    return MergeRequests(ForgeRest((api or API).rstrip("/"), {"PRIVATE-TOKEN": token}, NEEDS), quote(project, safe=""))
