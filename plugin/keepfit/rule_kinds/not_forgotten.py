"""`not_forgotten`: on no past window may the candidate be significantly worse than the champion by more than a loss that is allowed."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.records import RowBasis, ScoreRow
from keepfit.rule_kinds.kind import Decided, Measured, RuleKind, four
from keepfit.rule_kinds.labels import gain_labels

ERROR = 0.05
"""The family-wise error of calling a candidate forgetful that loses no more than the bound on any past window."""


class NotForgotten(RuleKind):
    """Fail when a loss larger than the bound is significant after Holm over the rule's windows, pass when the gain's lower bound is at least -bound.

    Everything else is undecided: the frozen holdout of one past window is small, and a dozen of them are looked at. It is shown, and does not block.
    The p-value is that of "worse by no more than the bound", adjusted (Holm 1979); a candidate that loses no more than the bound anywhere is
    refused in at most 5 % of evaluations, however many windows there are. Blind to losses within the bound that add up from one promotion to the next,
    and to what the champion had forgotten itself.

    >>> NotForgotten().decide(Measured(value=-0.06, low=-0.08, high=-0.04, n=900, champion=0.70, challenger=0.64, p_value=0.004), 0.02)
    Decided(status='fail', detail='forgotten: worse by 0.0600, by more than 0.02 with p 0.004 after Holm <= 0.05')
    """

    name: ClassVar[str] = "not_forgotten"
    relative: ClassVar[bool] = True
    looser: ClassVar[Literal["larger", "smaller"]] = "larger"
    undecided_blocks: ClassVar[bool] = False
    adjusted: ClassVar[bool] = True
    basis: ClassVar[RowBasis | None] = "past"
    passes_when: ClassVar[str] = "on no frozen holdout of a past window is the challenger significantly worse by more than the bound, after Holm's correction"
    bound_is: ClassVar[str] = "the loss allowed on a past window, in the metric's unit"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return whether a loss beyond the bound is significant, excluded, or neither."""
        limit = 0.0 - bound
        if measured.p_value is not None and measured.p_value <= ERROR and measured.value < limit:
            return Decided("fail", f"forgotten: worse by {-measured.value:.4f}, by more than {bound:g} with p {measured.p_value:.2g} after Holm <= {ERROR:g}")
        if measured.low >= limit:
            return Decided("pass", f"not forgotten: lower bound {measured.low:+.4f} >= {limit:+.4f}")
        if measured.high < limit:  # counting labels by this interval would name fewer than there are
            p = "" if measured.p_value is None else f": p {measured.p_value:.2g} after Holm > {ERROR:g}"
            return Decided("undecided", f"worse than allowed by its own interval, but not after correcting for all windows{p}")
        return Decided("undecided", f"may be worse by more than {bound:g}; {gain_labels(value=measured.value, low=measured.low, n=measured.n, margin=bound)}")

    def tested_loss(self, bound: float) -> float:
        """Return the bound: its p-values are of being worse by more than that."""
        return bound

    def demand(self, bound: float) -> str:
        """Return the bound and the error in words."""
        return f"is not shown worse than the champion's by more than {bound:g} on what is past (error {ERROR:g} over all of it together)"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """A negative bound asks for a gain on every past window, and one as wide as the metric's range refuses nothing."""
        if bound < 0:
            return f"calls equal candidates forgetful: {self.name} {bound:g} asks for a gain on every past window"
        return f"refuses nothing: {self.name} {bound:g}, but {metric} lies between {lowest:g} and {highest:g}" if bound >= highest - lowest else None

    def bounded(self, row: ScoreRow) -> str:
        """Say what the bound is: beside a difference it would read as the size that was found."""
        return f"{'forgotten; ' if row.status == 'fail' else ''}largest loss allowed {four(row.bound)}"
