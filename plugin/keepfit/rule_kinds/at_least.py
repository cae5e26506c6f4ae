"""`at_least`: a floor for the challenger's own value."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.rule_kinds.kind import Decided, Measured, RuleKind
from keepfit.rule_kinds.own_value import side


class AtLeast(RuleKind):
    """Pass or fail when the whole interval of the challenger's value is on one side of the bound; else undecided.

    >>> AtLeast().decide(Measured(value=0.70, low=0.68, high=0.72, n=900, challenger=0.70), 0.6)
    Decided(status='pass', detail='0.6800 to 0.7200 is at least 0.6')
    """

    name: ClassVar[str] = "at_least"
    relative: ClassVar[bool] = False
    looser: ClassVar[Literal["larger", "smaller"]] = "smaller"
    passes_when: ClassVar[str] = "the challenger's own interval lies above the bound"
    bound_is: ClassVar[str] = "the lowest value allowed, in the metric's unit"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return on which side of the floor the interval lies."""
        return side(measured, bound, asked="at least")

    def demand(self, bound: float) -> str:
        """Return the floor in words."""
        return f"is shown to be at least {bound:g}"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """A floor above the metric's highest value can never be met."""
        return f"can never be met: {self.name} {bound:g}, but {metric} lies between {lowest:g} and {highest:g}" if bound > highest else None
