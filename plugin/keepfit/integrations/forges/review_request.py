"""One pull or merge request of a branch: opened once, its text kept up to date, what people decided about it left as it is.

keepfit's text stands between two hidden lines; what people write around it stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

BEGINS, ENDS = "<!-- keepfit-review: begin -->", "<!-- keepfit-review: end -->"
HIDDEN = "<!-- keepfit-review"
State = Literal["open", "merged", "closed"]


@dataclass(frozen=True, kw_only=True)
class ReviewRequest:
    """A request that is there: its number, its address, what became of it, its text."""

    number: int
    url: str
    state: State
    body: str


@dataclass(frozen=True, kw_only=True)
class ProposedBranch:
    """What is to be proposed: a branch for a base, a title of one line, a text in Markdown."""

    branch: str
    base: str
    title: str
    text: str


class ReviewRequests(Protocol):
    """The pull or merge requests of one repository on some forge."""

    @property
    def longest(self) -> int:
        """How many characters a text may have there."""

    def of_branch(self, branch: str, base: str) -> Iterable[ReviewRequest]:
        """Yield those of a branch for a base, open or not."""

    def open(self, proposed: ProposedBranch, body: str) -> str:
        """Open one and return its address."""

    def edit(self, number: int, body: str) -> None:
        """Replace the text of one."""


def propose_once(proposals: ReviewRequests, proposed: ProposedBranch) -> str:
    """Open the request, or bring the text of the one that is open up to date; return in words what was done, with the address.

    One that was merged or closed is left: somebody decided. Raises `ForgeError`.
    """
    there = list(proposals.of_branch(proposed.branch, proposed.base))
    block = _block(proposed.text, proposals.longest)
    current = next((one for one in there if one.state == "open"), None)
    if current is None:
        decided = next((one for one in there if one.state == "merged"), None) or next(iter(there), None)
        return f"{decided.url} is {decided.state}: left as it is" if decided else f"opened {proposals.open(proposed, block)}"
    body = _with(current.body, block)
    if body == current.body:
        return f"{current.url} is up to date"
    if len(body) > proposals.longest:
        return f"{current.url} is open; its text has become too long to bring it up to date"
    proposals.edit(current.number, body)
    return f"updated {current.url}"


def _block(text: str, longest: int) -> str:
    """The text between its two lines; what is too long is cut, and it says so."""
    plain = text.replace(HIDDEN, HIDDEN.replace("<!--", "<!- -")).strip()
    room = longest - len(BEGINS) - len(ENDS) - 200
    cut = plain if len(plain) <= room else f"{plain[:room].rpartition(chr(10))[0]}\n\n(the rest is in `reports/REVIEW.md` of the branch)"
    return f"{BEGINS}\n{cut}\n{ENDS}"


def _with(body: str, block: str) -> str:
    """The body with the new block in the place of the old one; a body without one is somebody's own and stays."""
    body = body.replace("\r\n", "\n")
    before, begins, rest = body.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    return f"{before}{block}{after}" if begins and ends else body
