"""Records of suggested expectations: lines for a suite with what history says of each, and the patch that would add them."""

from __future__ import annotations

from typing import Literal

from keepfit.records.form import record
from keepfit.records.words import Severity


@record
class SuggestedLine:
    """A line for the suite file `suite`: new, or one that is there made tighter or looser (`before`: its bounds until now).

    `caught` are the incidents that it fails on, `missed` those that it does not; `false` the accepted ones among `windows` that it fails on.
    """

    suite: str
    id: str
    change: Literal["new", "tighter", "looser"]
    type: str
    about: str
    bounds: str
    before: str = ""
    severity: Severity
    caught: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    windows: int
    reason: str

    @property
    def evidence(self) -> str:
        """What history says of it, in words.

        >>> SuggestedLine(
        ...     suite="s", id="a", change="new", type="t", about="", bounds="", severity="info", caught=("2013-12",), missed=("2013-02",), windows=10, reason=""
        ... ).evidence
        'would have caught 1 of 2 incidents (2013-12), 0 false on 10 windows'
        """
        incidents = len(self.caught) + len(self.missed)
        named = f" ({', '.join(self.caught[:3])}{', …' if len(self.caught) > 3 else ''})" if self.caught else ""
        one = "incident" if incidents == 1 else "incidents"
        caught = f"would have caught {len(self.caught)} of {incidents} {one}{named}, " if incidents else "no incident to catch yet, "
        return f"{caught}{len(self.false)} false on {self.windows} windows"


@record
class NotSuggested:
    """A line that was considered and is not proposed, and why: `there` where a line of the suite demands as much already."""

    id: str
    why: str
    there: bool = False


@record
class Suggestion:
    """What a source (`windows`, a ticket, `scorecard`) suggests: lines, what is not suggested, and the patch to the suite files ('' for none).

    `windows` accepted ones were learned from, `incidents` left out of it. `lines_considered` share one false alarm a year: each may be false with the chance
    `alpha` in a window.
    """

    schema: int = 1
    source: str
    lines: tuple[SuggestedLine, ...]
    not_suggested: tuple[NotSuggested, ...] = ()
    windows: tuple[str, ...]
    incidents: tuple[str, ...] = ()
    lines_considered: int
    alpha: float
    patch: str = ""
