"""`not_shown_worse`: the burden of proof is on who would keep the champion, as long as the window could have found a loss that matters."""

from __future__ import annotations

from statistics import NormalDist
from typing import ClassVar, Literal

from keepfit.records import ScoreRow
from keepfit.rule_kinds.kind import Decided, Measured, RuleKind, four
from keepfit.rule_kinds.labels import labels_needed, labels_text
from keepfit.rule_kinds.spending import spent

POWER = 0.8
USUAL_CONFIDENCE = 0.95  # where a row does not say at which its interval was drawn


def found_loss(*, half: float, confidence: float | None, power: float = POWER) -> float:
    """Return the smallest loss that an interval of ±`half` would have shown with that power: half x (1 + z(power) / z(confidence)).

    The power of a one-sided test of a normal estimate; with few clusters, where `half` is of Student's t, it is a little too large.

    >>> round(found_loss(half=0.01, confidence=0.95), 4)
    0.0151
    """
    law = NormalDist()
    return half * (1 + law.inv_cdf(power) / law.inv_cdf(confidence or USUAL_CONFIDENCE))


class NotShownWorse(RuleKind):
    """Fail when the gain's upper bound is below 0. Pass when it is not and a loss of the bound would have been found with power .8; else undecided.

    A candidate whose lower bound is at least -bound passes whatever the power. An equal one passes as often as the interval's
    confidence says; one that is worse by the bound passes in at most a fifth of the windows, as the k-th attempt on the same rows in at most a fifth
    over k² of them: the power is then so much nearer 1. Blind to losses smaller than the bound
    that add up from one promotion to the next: the champion before goes on being scored for that (regret).

    >>> NotShownWorse().decide(Measured(value=-0.008, low=-0.021, high=0.005, n=900, champion=0.70, challenger=0.692), 0.02)
    Decided(status='pass', detail='no better, no worse; a loss of 0.0197 or more would have been found (power 0.8)')
    """

    name: ClassVar[str] = "not_shown_worse"
    relative: ClassVar[bool] = True
    looser: ClassVar[Literal["larger", "smaller"]] = "larger"
    equal_passes: ClassVar[bool] = True
    proof: ClassVar[Literal["pass", "fail"]] = "fail"
    passes_when: ClassVar[str] = "the challenger is not shown worse, by an interval that would have shown a loss as large as the bound with power .8"
    bound_is: ClassVar[str] = "the loss that must not stay hidden, in the metric's unit"

    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return whether a loss was shown, would have been shown, or might be hidden."""
        if measured.high < 0:
            return Decided("fail", f"shown worse: upper bound {measured.high:+.4f} < 0")
        half = (measured.high - measured.low) / 2
        power, low = spent(POWER, measured.attempt), _shown_low(measured)
        found = found_loss(half=half, confidence=measured.confidence, power=power)
        if low >= 0:
            return Decided("pass", f"shown not worse: lower bound {low:+.4f}")
        if low >= -bound:
            return Decided("pass", f"{_equal(measured)}; lower bound {low:+.4f} >= {-bound:+.4f}")
        if found <= bound:
            return Decided("pass", f"{_equal(measured)}; a loss of {found:.3g} or more would have been found (power {power:.3g})")
        needed = labels_needed(half=found, distance=bound, n=measured.n) if bound > 0 else None
        labels = labels_text(needed, measured.n, never="no number of labels would decide it")
        return Decided(
            "undecided", f"not shown worse, but only a loss of {found:.3g} or more would have been found (power {power:.3g}), not {bound:g}; {labels}"
        )

    def demand(self, bound: float) -> str:
        """Return the loss in words."""
        return f"is not shown worse than the champion's, on a window that finds a loss of {bound:g} with power {POWER:g}"

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """No window finds a loss of 0 with power .8: nothing but a proven gain would pass."""
        return f"can be met by a proven gain only: {self.name} {bound:g}, but no window finds so small a loss" if bound <= 0 else None

    def margin(self, bound: float, *, champion: float | None) -> float | None:
        """Return the bound: an interval of an equal candidate that reaches no further passes, whatever the power."""
        return bound

    def shown(self, row: ScoreRow) -> float | None:
        """Return the upper bound: it says whether the candidate is shown worse."""
        return row.high

    def bounded(self, row: ScoreRow) -> str:
        """Say what the bound is: beside a difference it would read as the size that is allowed."""
        return f"{'shown worse; ' if row.status == 'fail' else ''}largest hidden loss {four(row.bound)}"


def _shown_low(measured: Measured) -> float:
    """The lower bound by which a later attempt shows that it is not worse: of the interval as it is drawn, stretched to what the attempt has to spend."""
    if measured.attempt == 1:
        return measured.low
    law, confidence = NormalDist(), measured.confidence or USUAL_CONFIDENCE
    stretched = law.inv_cdf(spent(confidence, measured.attempt)) / law.inv_cdf(confidence)
    return measured.value - (measured.value - measured.low) * stretched


def _equal(measured: Measured) -> str:
    return "no better, no worse" if measured.high > 0 else "no better"
