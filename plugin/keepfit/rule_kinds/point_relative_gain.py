"""`point_relative_gain`: a floor for the gain as a share of the champion's value, as TFX's `change_threshold.relative`: no interval, chance included."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.records import ScoreRow
from keepfit.rule_kinds.kind import Decided, Measured, RuleKind, four


class PointRelativeGain(RuleKind):
    """Pass when the gain (positive is better) divided by the champion's value is at least the bound, else fail; never undecided.

    The relative change of GenericChangeThreshold of TensorFlow Model Analysis, inclusive: (candidate - champion) / champion, as its code computes it (its guide
    calls it candidate / champion). Of a champion at 0 there is no relative change, and it fails. Blind to chance, and to which change matters where the
    champion's value is near 0.

    >>> PointRelativeGain().decide(Measured(value=-0.07, low=-0.1, high=0.08, n=90, champion=0.70, challenger=0.63), -0.05)
    Decided(status='fail', detail='relative gain -0.1 < -0.05, by the point value')
    """

    name: ClassVar[str] = "point_relative_gain"
    relative: ClassVar[bool] = True
    looser: ClassVar[Literal["larger", "smaller"]] = "smaller"
    unit: ClassVar[Literal["metric", "error rate", "share"]] = "share"
    point: ClassVar[bool] = True
    passes_when: ClassVar[str] = "the point gain over the champion, as a share of the champion's value, is at least the bound, whatever its interval"
    bound_is: ClassVar[str] = "the smallest gain allowed (negative: a loss), as a share of the champion's value"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return on which side of the bound the share lies."""
        if not measured.champion:
            return Decided("fail", "the champion's value is 0, which leaves a relative change undefined: TFX blesses nothing then")
        share = measured.value / measured.champion
        passes = share >= bound
        return Decided("pass" if passes else "fail", f"relative gain {share:.6g} {'>=' if passes else '<'} {bound:g}, by the point value")

    def demand(self, bound: float) -> str:
        """Return the bound in words; a negative one allows a loss."""
        said = f"better than the champion's by at least {bound:g}" if bound >= 0 else f"worse than the champion's by at most {-bound:g}"
        return f"is {said} of that by its point value, without an interval"

    def bounded(self, row: ScoreRow) -> str:
        """Say that it is a share: beside a difference it would read as one."""
        return f"smallest relative gain {four(row.bound)}, by the point value"
