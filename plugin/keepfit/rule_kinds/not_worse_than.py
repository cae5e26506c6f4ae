"""`not_worse_than`: non-inferiority; the candidate must be shown to lose no more than a margin."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.records import ScoreRow
from keepfit.rule_kinds.kind import Decided, Measured, RuleKind
from keepfit.rule_kinds.labels import gain_labels


class NotWorseThan(RuleKind):
    """Pass when the gain's lower bound is at least -margin, fail when its upper bound is below; else undecided.

    >>> NotWorseThan().decide(Measured(value=0.01, low=-0.01, high=0.03, n=900, champion=0.70, challenger=0.71), 0.02)
    Decided(status='pass', detail='lower bound -0.0100 >= -0.0200')
    """

    name: ClassVar[str] = "not_worse_than"
    relative: ClassVar[bool] = True
    looser: ClassVar[Literal["larger", "smaller"]] = "larger"
    passes_when: ClassVar[str] = "the interval's lower end is above the allowed loss"
    bound_is: ClassVar[str] = "the allowed loss, in the metric's unit"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return on which side of -margin the interval of the gain lies."""
        limit = 0.0 - bound
        if measured.low >= limit:
            return Decided("pass", f"lower bound {measured.low:+.4f} >= {limit:+.4f}")
        if measured.high < limit:
            return Decided("fail", f"upper bound {measured.high:+.4f} < {limit:+.4f}")
        labels = gain_labels(value=measured.value, low=measured.low, n=measured.n, margin=bound)
        return Decided("undecided", f"lower bound {measured.low:+.4f} < {limit:+.4f}; {labels}")

    def demand(self, bound: float) -> str:
        """Return the margin in words; a negative one asks for a gain."""
        if bound == 0:
            return "is shown to be not worse than the champion's at all"
        if bound > 0:
            return f"is shown to be not worse than the champion's by more than {bound:g}"
        return f"is shown to be better than the champion's by at least {-bound:g}"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """A gain larger than the metric's whole range can never be met."""
        if -bound > highest - lowest:
            return f"can never be met: {self.name} {bound:g}, but {metric} lies between {lowest:g} and {highest:g}"
        return None

    def margin(self, bound: float, *, champion: float | None) -> float | None:
        """Return the bound: it is the margin."""
        return bound

    def shown(self, row: ScoreRow) -> float | None:
        """Return the lower bound: it is what the margin is compared with."""
        return row.low
