"""`no_proof_of_harm`: no slice may be significantly worse; too few rows to tell are shown, and do not refuse."""

from __future__ import annotations

from typing import ClassVar, Literal

from keepfit.records import ScoreRow
from keepfit.rule_kinds.kind import Decided, Measured, RuleKind, four
from keepfit.rule_kinds.labels import gain_labels


class NoProofOfHarm(RuleKind):
    """Fail when harm is significant after Holm over the rule's slices, pass when the gain's lower bound is at least 0; else undecided.

    The bound is the family-wise error; the p-values are the adjusted ones. The interval beside them is drawn at
    `evaluate.confidence`, which may ask for more proof than the bound does. Holm asks for more labels than are named.

    >>> NoProofOfHarm().decide(Measured(value=-0.03, low=-0.05, high=-0.01, n=900, champion=0.70, challenger=0.67, p_value=0.004), 0.05)
    Decided(status='fail', detail='worse by 0.0300, p 0.004 after Holm <= 0.05')
    """

    name: ClassVar[str] = "no_proof_of_harm"
    relative: ClassVar[bool] = True
    looser: ClassVar[Literal["larger", "smaller"]] = "smaller"
    undecided_blocks: ClassVar[bool] = False
    proof: ClassVar[Literal["pass", "fail"]] = "fail"
    unit: ClassVar[Literal["metric", "error rate", "share"]] = "error rate"
    adjusted: ClassVar[bool] = True
    passes_when: ClassVar[str] = "no slice is significantly worse after Holm's correction"
    bound_is: ClassVar[str] = "the family-wise error"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return whether harm is significant, excluded, or neither."""
        if measured.p_value is not None and measured.p_value <= bound:
            other = "" if measured.high < 0 else "; the interval is drawn at a higher confidence (evaluate.confidence), at which better is not excluded"
            return Decided("fail", f"worse by {-measured.value:.4f}, p {measured.p_value:.2g} after Holm <= {bound:g}{other}")
        if measured.low >= 0:
            return Decided("pass", "shown not worse")
        if measured.high < 0:  # counting labels by this interval would name fewer than there are
            p = "" if measured.p_value is None else f": p {measured.p_value:.2g} after Holm > {bound:g}"
            return Decided("undecided", f"worse by its own interval, but not after correcting for all slices{p}; more labels would decide it")
        return Decided("undecided", f"no proof either way; {gain_labels(value=measured.value, low=measured.low, n=measured.n, margin=0.0)}")

    def demand(self, bound: float) -> str:
        """Return the error in words."""
        return f"is not shown worse than the champion's (error {bound:g} over all slices together)"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """An error of 1 calls everything harm, one of 0 nothing."""
        if bound >= 1:
            return f"can never be met: {self.name} {bound:g}, but every p-value is at most 1"
        return f"refuses nothing: no p-value is below {bound:g}" if bound <= 0 else None

    def bounded(self, row: ScoreRow) -> str:
        """Say that the bound is an error rate: beside a difference it would read as the size that is allowed."""
        if row.status != "fail":
            return f"error rate bound {four(row.bound)}"
        other = " (the interval is drawn at a higher confidence)" if row.high is not None and row.high >= 0 else ""
        return f"significantly worse at bound {four(row.bound)}{other}"
