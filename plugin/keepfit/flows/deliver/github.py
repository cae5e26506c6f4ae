"""The hook `github`: the branch of a candidate as a pull request with its REVIEW.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from keepfit.flows.deliver.proposing import DEADLINE, ForgePlace, propose_branches
from keepfit.hooks import Surroundings
from keepfit.integrations.forges.pull_requests import pull_requests
from keepfit.integrations.forges.review_request import ReviewRequests
from keepfit.records import Message


@dataclass(frozen=True, kw_only=True)
class GithubHook:
    """Push the branch that an event names, by git, and open a pull request for it, or bring the text of the open one up to date.

    What was merged or closed is left. Without a remote or a token it is not taken, and says where branch and text are. The data of the branch is
    pushed by `keepfit improve --push` or `dvc push`. Called twice it is one pull request.
    """

    token_env: str | None = None
    repository: str | None = None
    remote: str | None = None
    base: str | None = None
    api: str | None = None
    name: ClassVar[str] = "github"
    deadline_seconds: ClassVar[float] = DEADLINE

    def deliver(self, message: Message, *, around: Surroundings) -> str:
        """Return the pull request's address with what was done; raises `HookError`."""

        def requests(repository: str, token: str, host: str | None) -> ReviewRequests:
            of_host = f"https://{host}/api/v3" if host and host != "github.com" else None
            return pull_requests(repository, token=token, api=self.api or around.environment.get("GITHUB_API_URL") or of_host)

        place = ForgePlace(
            forge="GitHub",
            request="pull request",
            token_env=self.token_env or "GITHUB_TOKEN",
            repository=self.repository,
            remote=self.remote,
            base=self.base,
            requests=requests,
        )
        return propose_branches(message, place, around=around)
