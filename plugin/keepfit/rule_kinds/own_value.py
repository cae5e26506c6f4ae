"""On which side of a bound a model's own value lies with its whole interval: what the absolute kinds share."""

from __future__ import annotations

from typing import Literal

from keepfit.rule_kinds.kind import Decided, Measured
from keepfit.rule_kinds.labels import labels_needed, labels_text


def side(measured: Measured, bound: float, *, asked: Literal["at least", "at most"]) -> Decided:
    """Return pass or fail if the whole interval is on one side; for `at most` everything is mirrored."""
    sign = 1 if asked == "at least" else -1
    near, far = (measured.low, measured.high) if sign == 1 else (measured.high, measured.low)
    ends = f"{measured.low:.4f} to {measured.high:.4f}"
    if sign * near >= sign * bound:
        return Decided("pass", f"{ends} is {asked} {bound:g}")
    if sign * far < sign * bound:
        return Decided("fail", f"{ends} is not {asked} {bound:g}")
    needed = labels_needed(half=abs(measured.value - near), distance=abs(measured.value - bound), n=measured.n)
    decided = labels_text(needed, measured.n, never="no number of labels would decide it")
    return Decided("undecided", f"{ends} lies on both sides of {bound:g}; {decided}")
