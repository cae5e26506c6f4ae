"""One comment that is made once and edited afterwards, found by the hidden line that it begins with.

A comment of the same beginning that somebody else wrote is not edited where the forge does not allow it; that is said, not worked around.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from keepfit.errors import KeepfitError

TIMEOUT_SECONDS = 30.0
PAGE = 100
MOST_PAGES = 100
SAID = 200
DENIED = (401, 403, 404)
"""A token that may not see a private repository is answered 404."""


class ForgeError(KeepfitError):
    """A forge that did not take a comment."""


@dataclass(frozen=True, kw_only=True)
class Existing:
    """A comment that is there: its number, its text."""

    id: int
    body: str


@dataclass(frozen=True, kw_only=True)
class Posted:
    """Where the comment is, and if this call made it."""

    url: str
    created: bool


class Discussion(Protocol):
    """A pull request's comments on some forge."""

    def comments(self) -> Iterator[Existing]:
        """Yield those that are there, the oldest first."""

    def create(self, body: str) -> str:
        """Add one and return its address."""

    def edit(self, comment: int, body: str) -> str:
        """Replace the text of one and return its address."""


def post_once(discussion: Discussion, body: str, *, marker: str) -> Posted:
    """Edit the comment that begins with `marker`, or make it; raises `ForgeError` in a sentence where the forge refuses or does not answer."""
    there = next((comment for comment in discussion.comments() if comment.body.lstrip().startswith(marker)), None)
    if there is None:
        return Posted(url=discussion.create(body), created=True)
    return Posted(url=discussion.edit(there.id, body), created=False)


@dataclass(frozen=True)
class ForgeRest:
    """A forge's REST interface at `api`, asked with these headers; `needs` says what a token must be allowed to do."""

    api: str
    headers: Mapping[str, str] = field(repr=False)
    needs: str

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield the entries of a list, page by page."""
        for page in range(1, MOST_PAGES + 1):
            found = self.ask("GET", path, params={"per_page": PAGE, "page": page})
            yield from found
            if len(found) < PAGE:
                return

    def ask(self, method: str, path: str, *, params: Mapping[str, int] | None = None, body: Mapping[str, str] | None = None) -> Any:
        """Return the answer's JSON."""
        import requests

        try:
            answer = requests.request(method, f"{self.api}/{path}", params=params, json=body, headers=dict(self.headers), timeout=TIMEOUT_SECONDS)
            if answer.ok:
                return answer.json()
        except requests.RequestException as bad:
            raise ForgeError(f"{self.api} does not answer: {' '.join(str(bad).split())[:SAID]}", fix="run the same command again") from bad
        said = " ".join(answer.text.split())[:SAID]
        if answer.status_code in DENIED:
            what = f"the token may not {'read' if method == 'GET' else 'write'} {path}"
            raise ForgeError(what, where=f"{answer.status_code} {said}", fix=self.needs)
        raise ForgeError(f"{self.api} answered {answer.status_code} to {method} {path}", where=said, fix="run the same command again")
