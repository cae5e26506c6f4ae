"""`at_most`: a ceiling for the challenger's own value."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.rule_kinds.kind import Decided, Measured, RuleKind
from keepfit.rule_kinds.own_value import side


class AtMost(RuleKind):
    """Pass or fail when the whole interval of the challenger's value is on one side of the bound; else undecided.

    >>> AtMost().decide(Measured(value=0.70, low=0.68, high=0.72, n=900, challenger=0.70), 0.6).status
    'fail'
    """

    name: ClassVar[str] = "at_most"
    relative: ClassVar[bool] = False
    looser: ClassVar[Literal["larger", "smaller"]] = "larger"
    passes_when: ClassVar[str] = "the challenger's own interval lies below the bound"
    bound_is: ClassVar[str] = "the highest value allowed, in the metric's unit"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return on which side of the ceiling the interval lies."""
        return side(measured, bound, asked="at most")

    def demand(self, bound: float) -> str:
        """Return the ceiling in words."""
        return f"is shown to be at most {bound:g}"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """A ceiling below the metric's lowest value can never be met."""
        return f"can never be met: {self.name} {bound:g}, but {metric} lies between {lowest:g} and {highest:g}" if bound < lowest else None
