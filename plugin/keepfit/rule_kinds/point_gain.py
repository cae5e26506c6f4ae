"""`point_gain`: a floor for the challenger's point gain over the champion, as TFX's `change_threshold.absolute`: no interval, chance included."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.records import ScoreRow
from keepfit.rule_kinds.kind import Decided, Measured, RuleKind, four


class PointGain(RuleKind):
    """Pass when the gain (positive is better) is at least the bound, else fail; never undecided, as no interval is looked at.

    The absolute change of GenericChangeThreshold of TensorFlow Model Analysis, inclusive: of a metric that is better when lower, the bound has the other
    sign. There a champion whose value is 0 fails whatever the change, as the relative change that is asked beside it is no number; so it does here.
    Blind to chance: an equal candidate fails a bound of 0 in every second window.

    >>> PointGain().decide(Measured(value=-0.01, low=-0.1, high=0.08, n=90, champion=0.70, challenger=0.69), -0.01)
    Decided(status='pass', detail='gain -0.01 >= -0.01, by the point value')
    """

    name: ClassVar[str] = "point_gain"
    relative: ClassVar[bool] = True
    looser: ClassVar[Literal["larger", "smaller"]] = "smaller"
    point: ClassVar[bool] = True
    passes_when: ClassVar[str] = "the point gain over the champion is at least the bound, whatever its interval"
    bound_is: ClassVar[str] = "the smallest gain allowed (negative: a loss), in the metric's unit"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return on which side of the bound the gain lies."""
        if measured.champion == 0:
            return Decided("fail", "the champion's value is 0, which leaves a change undefined: TFX blesses nothing then")
        passes = measured.value >= bound
        return Decided("pass" if passes else "fail", f"gain {measured.value:.6g} {'>=' if passes else '<'} {bound:g}, by the point value")

    def demand(self, bound: float) -> str:
        """Return the bound in words; a negative one allows a loss."""
        said = f"better than the champion's by at least {bound:g}" if bound >= 0 else f"worse than the champion's by at most {-bound:g}"
        return f"is {said} by its point value, without an interval"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """A gain larger than the metric's whole range can never be met."""
        return f"can never be met: {self.name} {bound:g}, but {metric} lies between {lowest:g} and {highest:g}" if bound > highest - lowest else None

    def bounded(self, row: ScoreRow) -> str:
        """Say that it is the smallest gain: beside a difference it would read as the loss that is allowed."""
        return f"smallest gain {four(row.bound)}, by the point value"
