"""Recipes raced on the past: ranked on the first two thirds of the windows, and the value of the best told on the rest, which had no part in the choice.

Every recipe is trained to window j - 1 and judged on window j, so each has one paired gain a window over the reference (all history). A recipe is worth
writing down if it is better in windows to come, so a window is one observation: the mean gain's interval is Student's over windows, and with fewer than
eight of them never narrower than what the rows of those windows, clustered by day or group, leave open (`stats/spread.py`). The p-values of all
recipes are Holm's, as people look at all of them.

Blind to windows that vary together (a season that favours one recipe for months, models that share most of their rows), to a world in which the rest
differs from what comes, and to recipes that were not entered: one that is tried in a second race because the first disappointed has been chosen on the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

from keepfit.errors import DataError
from keepfit.stats.bounds import p_below, quantile
from keepfit.stats.holm import holm
from keepfit.stats.spread import Influences, Spread, clustered
from keepfit.update.bounded_value import BoundedValue

REFERENCE = "all"
LEAST_WINDOWS = 4
"""Two to rank on and two to tell a value on: from one nobody knows how windows differ."""


@dataclass(frozen=True, kw_only=True)
class Raced:
    """A recipe's mean gain over the reference: `ranked` on the first windows, `rest` with its bounds on the others (`clusters`: windows).

    `p` is Holm's of "it is not above 0" on the rest.
    """

    ranked: float
    rest: BoundedValue
    p: float


@dataclass(frozen=True, kw_only=True)
class Race:
    """How a race ended: the first so many of the windows ranked; the `leader` there, and what was `chosen`: it, if it is surely better on the rest.

    Recipes are in the order of the ranking; the reference, whose gain is 0, is none of them.
    """

    windows: int
    ranking: int
    recipes: Mapping[str, Raced]
    leader: str
    chosen: str


def check_windows(windows: int) -> None:
    """Raise `DataError` if so many judged windows are too few for a race."""
    if windows < LEAST_WINDOWS:
        what = f"a race needs {LEAST_WINDOWS} windows with labels after the first, there are {windows}"
        raise DataError(what, where="--recipes", fix="smaller windows (data.window: week or day), or wait for more of them")


def first_part(windows: int) -> int:
    """Return how many of the judged windows rank: two thirds, and at least two stay.

    >>> [first_part(windows) for windows in (4, 5, 11, 32)]
    [2, 3, 7, 21]
    """
    return min(2 * windows // 3, windows - 2)


def race(gains: Mapping[str, Sequence[BoundedValue]], *, confidence: float) -> Race:
    """Return how the race of these recipes ended, given the paired gain over the reference in each judged window, in time order, for each.

    The bounds of the gains are one-sided at `confidence`, as are those of what is told. Raises `DataError` for fewer than four windows.

    >>> def steady(*gains): return [BoundedValue(value=gain, low=gain - 0.01, high=gain + 0.01, n=500) for gain in gains]
    >>> told = race({"last3": steady(*[0.05, 0.04, 0.06] * 3), "decay2": steady(*[0.02, 0.0, 0.01] * 3)}, confidence=0.95)
    >>> told.leader, told.chosen, round(told.recipes["last3"].rest.low, 3), round(told.recipes["last3"].p, 4)
    ('last3', 'last3', 0.033, 0.0131)
    """
    windows = len(next(iter(gains.values())))
    check_windows(windows)
    ranking = first_part(windows)
    rest = {name: _Mean.of(found[ranking:], confidence=confidence) for name, found in gains.items()}
    p_values = dict(zip(rest, holm([one.p for one in rest.values()]), strict=True))
    found = {name: Raced(ranked=_mean(gains[name][:ranking]), rest=one.bounded(confidence), p=p_values[name]) for name, one in rest.items()}
    order = sorted(found, key=lambda name: -found[name].ranked)
    leader = order[0] if found[order[0]].ranked > 0 else REFERENCE
    sure = leader != REFERENCE and found[leader].p <= 1 - confidence
    return Race(windows=windows, ranking=ranking, recipes={name: found[name] for name in order}, leader=leader, chosen=leader if sure else REFERENCE)


@dataclass(frozen=True, kw_only=True)
class _Mean:
    """A mean gain over windows, how it spreads, and the rows behind it."""

    value: float
    spread: Spread
    n: int

    @classmethod
    def of(cls, gains: Sequence[BoundedValue], *, confidence: float) -> _Mean:
        """Take each window as one cluster; what its rows leave open is the least."""
        import numpy as np

        value, errors = _mean(gains), [_error(one, confidence) for one in gains]
        influence = np.array([(one.value - value) / len(gains) for one in gains])
        alone = Spread(error=sqrt(sum(error**2 for error in errors)) / len(gains), freedom=0)
        return cls(value=value, spread=clustered([Influences(np.arange(len(gains)), influence)], alone), n=sum(one.n for one in gains))

    @property
    def p(self) -> float:
        """The one-sided p-value of "it is not above 0"."""
        return p_below(-self.value, self.spread.error, self.spread.freedom)

    def bounded(self, confidence: float) -> BoundedValue:
        """Return it with its bounds."""
        reach, spread = self.spread.reach(confidence), self.spread
        low, high = self.value - reach, self.value + reach
        return BoundedValue(value=self.value, low=low, high=high, n=self.n, clusters=spread.clusters, design=spread.design, freedom=spread.freedom)


def _mean(gains: Sequence[BoundedValue]) -> float:
    return sum(one.value for one in gains) / len(gains)


def _error(gain: BoundedValue, confidence: float) -> float:
    """The standard error behind a window's bounds; 0 where its rows say nothing of it (they are of one moment): then windows alone do."""
    return (gain.value - gain.low) / quantile(confidence, gain.freedom) if isfinite(gain.low) else 0.0
