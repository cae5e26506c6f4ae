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
    """A forge that did not take a comment or a request."""


class ForgeAwayError(ForgeError):
    """A forge that does not answer, or not now: the same may be taken later."""


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

    def pages(self, path: str, **only: str) -> Iterator[dict[str, Any]]:
        """Yield the entries of a list, page by page; `only` are further parameters of the question."""
        for page in range(1, MOST_PAGES + 1):
            found = self.ask("GET", path, params={**only, "per_page": PAGE, "page": page})
            yield from found
            if len(found) < PAGE:
                return

    def ask(self, method: str, path: str, *, params: Mapping[str, int | str] | None = None, body: Mapping[str, str] | None = None) -> Any:
        """Return the answer's JSON. The token goes to this interface alone: a redirect is not followed, and nobody's .netrc takes its place."""
        import requests

        own: dict[str, Any] = {"headers": dict(self.headers), "auth": _as_it_is, "allow_redirects": False}
        try:
            answer = requests.request(method, f"{self.api}/{path}", params=params, json=body, timeout=TIMEOUT_SECONDS, **own)
            if answer.ok and not answer.is_redirect:
                return answer.json()
        except requests.RequestException as bad:
            raise ForgeAwayError(f"{self.api} does not answer: {' '.join(str(bad).split())[:SAID]}", fix="run the same command again") from bad
        said = " ".join(answer.text.split())[:SAID]
        if answer.is_redirect:
            raise ForgeError(f"{path} is elsewhere now", where=f"{self.api} answered {answer.status_code}", fix="name the repository as it is called now")
        if answer.status_code in DENIED:
            what = f"the token may not {'read' if method == 'GET' else 'write'} {path}"
            raise ForgeError(what, where=f"{answer.status_code} {said}", fix=self.needs)
        kind = ForgeAwayError if answer.status_code >= 500 or answer.status_code == 429 else ForgeError
        raise kind(f"{self.api} answered {answer.status_code} to {method} {path}", where=said, fix="run the same command again")


def _as_it_is(request: Any) -> Any:
    """What requests calls in the place of looking for a password of its own in .netrc, which would replace the token."""
    return request
