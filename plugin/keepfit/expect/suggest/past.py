"""Past windows as suggestions see them: those that lines are learned from, and the incidents that a line should have caught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from keepfit.errors import DataError
from keepfit.expect.suggest.answers import answer
from keepfit.expect.suggest.facts import WindowFacts
from keepfit.expect.suggest.measures import Measure, measures_of
from keepfit.stats.prediction_interval import FEWEST
from keepfit.tables.windows import rows_per_window

A_YEAR: Mapping[str, float] = {"month": 12, "week": 365.25 / 7, "day": 365.25}
DAYS: Mapping[str, tuple[float, float]] = {"month": (28.0, 31.0), "week": (7.0, 7.0), "day": (1.0, 1.0)}
FALSE_A_YEAR = 1.0


@dataclass(frozen=True, kw_only=True)
class PastWindows:
    """Windows in the order of time: the `accepted` ones, which lines are learned from, and the `incidents`, which are left out of that.

    `size` is that of the windows (`data.window`), `key` the column that names rows, `target` the one whose labels may come later. `condition` (arguments of the
    library) says that the facts are of some rows only, which a line has to say as well, and `of` what these are called.
    """

    accepted: Sequence[WindowFacts]
    incidents: Sequence[WindowFacts] = ()
    size: str
    key: str | None = None
    target: str | None = None
    condition: Mapping[str, Any] = field(default_factory=dict)
    of: str = ""

    @property
    def a_year(self) -> float:
        """How many windows a year has; of a count of rows as many as went by in the time that is known, of no time as many as there are."""
        if self.size in A_YEAR:
            return A_YEAR[self.size]
        starts = [one.start for one in self.accepted if one.start is not None]
        span = max(starts) - min(starts) if starts else timedelta(0)
        return max(1.0, (len(starts) - 1) * timedelta(days=365.25) / span) if span else float(max(1, len(self.accepted)))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What a line may bound."""
        days = None if rows_per_window(self.size) is not None or self.condition else DAYS.get(self.size)
        return measures_of(self.accepted, key=self.key, days=days, target=self.target)

    def alpha(self, lines: int) -> float:
        """Return the chance of a false alarm that one of so many lines has a window, so that all together have one a year."""
        return min(0.05, FALSE_A_YEAR / (max(1, lines) * self.a_year))

    def score(self, kind: str, kwargs: Mapping[str, Any]) -> Score:
        """Return which windows a line fails on."""
        return Score(
            caught=tuple(one.window for one in self.incidents if answer(kind, kwargs, one) is False),
            missed=tuple(one.window for one in self.incidents if answer(kind, kwargs, one) is not False),
            false=tuple(one.window for one in self.accepted if answer(kind, kwargs, one) is False),
        )

    def require(self) -> None:
        """Raise `DataError` where the windows are too few to predict anything."""
        if len(self.accepted) >= FEWEST:
            return
        there = f"{len(self.accepted)} accepted windows" if self.accepted or not self.incidents else "no accepted window"
        aside = f", {len(self.incidents)} are incidents" if self.incidents else ""
        raise DataError(f"{there}{aside}: a prediction interval needs {FEWEST}", where="closed windows", fix="keepfit monitor closes windows; suggest later")


@dataclass(frozen=True, kw_only=True)
class Score:
    """What history says of a line: the incidents it fails on, those it does not, and the accepted windows it fails on."""

    caught: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
