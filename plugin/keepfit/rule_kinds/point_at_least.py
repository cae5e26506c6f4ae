"""`point_at_least`: a floor for the challenger's point value, as TFX's `value_threshold.lower_bound`: no interval, chance included."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.rule_kinds.kind import Decided, Measured, RuleKind


class PointAtLeast(RuleKind):
    """Pass when the challenger's value is at least the bound, else fail; never undecided, as no interval is looked at.

    The lower bound of GenericValueThreshold of TensorFlow Model Analysis, inclusive. Blind to chance: a model whose true value is the bound fails
    in every second window.

    >>> PointAtLeast().decide(Measured(value=0.70, low=0.6, high=0.8, n=90, challenger=0.70), 0.7)
    Decided(status='pass', detail='0.7 >= 0.7, by the point value')
    """

    name: ClassVar[str] = "point_at_least"
    relative: ClassVar[bool] = False
    looser: ClassVar[Literal["larger", "smaller"]] = "smaller"
    point: ClassVar[bool] = True
    passes_when: ClassVar[str] = "the challenger's point value is at least the bound, whatever its interval"
    bound_is: ClassVar[str] = "the lowest point value allowed, in the metric's unit"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return on which side of the floor the value lies."""
        passes = measured.challenger >= bound
        return Decided("pass" if passes else "fail", f"{measured.challenger:.6g} {'>=' if passes else '<'} {bound:g}, by the point value")

    def demand(self, bound: float) -> str:
        """Return the floor in words."""
        return f"is at least {bound:g} by its point value, without an interval"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """A floor above the metric's highest value can never be met."""
        return f"can never be met: {self.name} {bound:g}, but {metric} lies between {lowest:g} and {highest:g}" if bound > highest else None
