"""What a rule kind is: the status that follows from a row's numbers, and all that others need to know of the kind.

A kind is one object in one file, and no other file knows its name. An evaluation asks it to `decide`; the gate asks which of two
bounds is looser, whether undecided refuses, and for its words. A status rests on nothing but the numbers of its own row and the
bound, so whoever holds the row can see if they agree. The MLflow server loads this: no numpy, no clock, no file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from keepfit.records import RowBasis, ScoreRow


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was measured on one slice under one metric: the numbers of a scorecard row.

    `value` and its interval, `low` to `high`, are of the gain over the champion (positive is better) for a relative kind, of the
    challenger's own metric for an absolute one. `p_value` is that of being worse, None where nothing is compared; `n` counts rows.
    `confidence` is that of each end of the interval, None where it is not known. `attempt` is which model this is that the same rows judge.
    """

    value: float
    low: float
    high: float
    n: int
    challenger: float
    champion: float | None = None
    p_value: float | None = None
    confidence: float | None = None
    attempt: int = 1


@dataclass(frozen=True)
class Decided:
    """A row's status, and why in a few words; for undecided also how many labels would decide it."""

    status: Literal["pass", "fail", "undecided"]
    detail: str


class RuleKind(ABC):
    """A kind of rule; its only parameter is the rule's `bound`, which the certificate signs with the row.

    | fact | says |
    |---|---|
    | `name` | what `kind` is called in `params.yaml` and `gate.yaml` |
    | `relative` | whether it compares with the champion; a first model is judged by absolute kinds only |
    | `looser` | which of two bounds asks for less, the `larger` or the `smaller` |
    | `undecided_blocks` | whether the gate refuses what too few rows could not decide, where the rule itself does not say |
    | `equal_passes` | whether a candidate that is as good as the champion is meant to pass, on a window that can tell |
    | `basis` | which rows it reads where a rule does not say: None, those on which the scorecard rests; or rows beside them (`past`, …) |
    | `proof` | which status must be shown, so that its error is spent over attempts on the same rows (`spending.py`): the `pass`, or the `fail` |
    | `unit` | what the bound is measured in: the metric's unit, an error rate, or a share |
    | `point` | whether it looks at the point value alone, so that nothing measured is undecided and chance decides (`keepfit rules check` warns) |
    | `adjusted` | whether its p-values are adjusted (Holm) for looking at all slices of one rule |
    | `passes_when`, `bound_is` | its words in the documentation |
    """

    name: ClassVar[str]
    relative: ClassVar[bool]
    looser: ClassVar[Literal["larger", "smaller"]]
    undecided_blocks: ClassVar[bool] = True
    equal_passes: ClassVar[bool] = False
    basis: ClassVar[RowBasis | None] = None
    proof: ClassVar[Literal["pass", "fail"]] = "pass"
    unit: ClassVar[Literal["metric", "error rate", "share"]] = "metric"
    point: ClassVar[bool] = False
    adjusted: ClassVar[bool] = False
    passes_when: ClassVar[str]
    bound_is: ClassVar[str]

    @abstractmethod
    def decide(self, measured: Measured, bound: float) -> Decided:
        """Return the status of what was measured. A better value at the same width of the interval is never a worse status."""

    @abstractmethod
    def demand(self, bound: float) -> str:
        """Return what the kind demands of a metric, after its name: `is shown to be …`; whether undecided refuses is added to it."""

    def problem(self, bound: float, *, metric: str, lowest: float, highest: float) -> str | None:
        """Return why no candidate can be on both sides of the bound of a rule about a metric with such values; None if some can."""
        return None

    def tested_loss(self, bound: float) -> float:
        """Return the loss, in the metric's unit, that the p-values of a relative kind are of: "worse by no more than this". 0: not worse at all."""
        return 0.0

    def margin(self, bound: float, *, champion: float | None) -> float | None:
        """Return how far below the champion the interval of a gain may reach and still pass, in the metric's unit.

        A candidate that is as good as the champion passes if half its interval is no wider. None if the kind has no such margin,
        or if that takes a champion's value and none is known.
        """
        return None

    def shown(self, row: ScoreRow) -> float | None:
        """Return the number of a row that a reason names beside the bound."""
        return row.difference if self.relative else row.challenger

    def bounded(self, row: ScoreRow) -> str:
        """Return the bound that a row was judged by, in words."""
        return f"bound {four(row.bound)}"


def judged_looser(kind: RuleKind, bound: float, than: float) -> bool:
    """Whether one bound asks for less than another."""
    return bound > than if kind.looser == "larger" else bound < than


def four(value: float | None) -> str:
    """Return a number with four digits that count, `none` for None.

    >>> four(0.031249), four(None)
    ('0.03125', 'none')
    """
    return "none" if value is None else f"{value:.4g}"
