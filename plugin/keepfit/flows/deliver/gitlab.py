"""The hook `gitlab`: the branch of a candidate as a merge request with its REVIEW.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from keepfit.flows.deliver.proposing import DEADLINE, ForgePlace, propose_branches
from keepfit.hooks import Surroundings
from keepfit.integrations.forges.merge_requests import merge_requests
from keepfit.integrations.forges.review_request import ReviewRequests
from keepfit.records import Message


@dataclass(frozen=True, kw_only=True)
class GitlabHook:
    """Push the branch that an event names, by git, and open a merge request for it, or bring the text of the open one up to date.

    What was merged or closed is left. Without a remote or a token it is not taken, and says where branch and text are. The data of the branch is
    pushed by `keepfit improve --push` or `dvc push`. Called twice it is one merge request.
    """

    token_env: str | None = None
    repository: str | None = None
    remote: str | None = None
    base: str | None = None
    api: str | None = None
    name: ClassVar[str] = "gitlab"
    deadline_seconds: ClassVar[float] = DEADLINE

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Return the merge request's address with what was done; raises `HookError`."""

        def requests(repository: str, token: str, host: str | None) -> ReviewRequests:
            of_host = f"https://{host}/api/v4" if host and host != "gitlab.com" else None
            return merge_requests(repository, token=token, api=self.api or around.environment.get("CI_API_V4_URL") or of_host)

        place = ForgePlace(
            forge="GitLab",
            request="merge request",
            token_env=self.token_env or "GITLAB_TOKEN",
            repository=self.repository,
            remote=self.remote,
            base=self.base,
            requests=requests,
        )
        return propose_branches(message, place, around=around)
