"""GitLab: the notes of a merge request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from keepfit.integrations.forges.sticky import Existing, ForgeError, ForgeRest

NEEDS = "a project access token with the scope api in the CI variable GITLAB_TOKEN: the job's own token may not write notes"


@dataclass(frozen=True)
class MergeRequest:
    """One merge request's notes; `page` is its address."""

    rest: ForgeRest
    project: str
    number: int
    page: str

    def comments(self) -> Iterator[Existing]:
        """Yield the notes that people or tools wrote."""
        for one in self.rest.pages(f"projects/{self.project}/merge_requests/{self.number}/notes"):
            if not one.get("system"):
                yield Existing(id=one["id"], body=one.get("body") or "")

    def create(self, body: str) -> str:
        """Add one and return its address."""
        made = self.rest.ask("POST", f"projects/{self.project}/merge_requests/{self.number}/notes", body={"body": body})
        return f"{self.page}#note_{made['id']}"

    def edit(self, comment: int, body: str) -> str:
        """Replace the text of one and return its address."""
        self.rest.ask("PUT", f"projects/{self.project}/merge_requests/{self.number}/notes/{comment}", body={"body": body})
        return f"{self.page}#note_{comment}"


def merge_request(environ: Mapping[str, str]) -> MergeRequest | None:
    """Return the merge request that a pipeline runs for, None without a token; raises `ForgeError` where the environment names no merge request."""
    token = environ.get("GITLAB_TOKEN")
    if not token:
        return None
    project, number = environ.get("CI_PROJECT_ID"), environ.get("CI_MERGE_REQUEST_IID", "")
    if not project or not number.isdigit():
        fix = "rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}] for the job"
        raise ForgeError("this run is of no merge request", where="CI_PROJECT_ID, CI_MERGE_REQUEST_IID", fix=fix)
    rest = ForgeRest(environ.get("CI_API_V4_URL", "https://gitlab.com/api/v4").rstrip("/"), {"PRIVATE-TOKEN": token}, NEEDS)
    return MergeRequest(rest, quote(project, safe=""), int(number), f"{environ.get('CI_PROJECT_URL', '')}/-/merge_requests/{number}")
