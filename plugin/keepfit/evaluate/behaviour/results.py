"""What came of behaviour tests: numbers, examples, and the scorecard's rows of basis `behaviour`.

A failure rate is a fact about the rows of the test: each of them was asked, nothing was estimated, so no interval is drawn and the status follows from the rate
alone. It says nothing of rows that were not asked; `min_rows` says from how many rows on a rate is judged at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from keepfit.evaluate.behaviour.declared import BehaviourTest
from keepfit.records import ExpectationOutcome, ScoreRow, Status
from keepfit.rule_kinds.at_most import AtMost
from keepfit.rule_kinds.beside_metrics import FAILURE_RATE
from keepfit.rule_kinds.kind import Measured

SLICE: Final = "test"
BASIS: Final[Literal["behaviour"]] = "behaviour"


@dataclass(frozen=True, kw_only=True)
class FailingRow:
    """One row that breaks the test: its id (of rows that judge), what tells it in words, and the challenger's answers before and after."""

    row: str
    shown: tuple[tuple[str, str], ...]
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class BehaviourResult:
    """One test of one candidate. `n` rows were asked of `found` that the test is about; `failed` of them break it, None where that could not be told.

    `unchanged` rows were left out: the change leaves them as they were. `champion` is the champion's own failure rate on the same rows, None without one, or
    where `champion_detail` says why not. `detail` says why `failed` is None.
    `hidden`: the test names a column whose values are not to be shown, so its words are not either.
    """

    test: BehaviourTest
    n: int
    found: int
    unchanged: int = 0
    failed: int | None = None
    champion: float | None = None
    champion_detail: str = ""
    detail: str = ""
    notes: tuple[str, ...] = ()
    examples: tuple[FailingRow, ...] = ()
    hidden: bool = False

    @property
    def rate(self) -> float | None:
        """The challenger's failure rate."""
        return None if self.failed is None or not self.n else self.failed / self.n

    @property
    def status(self) -> Status:
        """What could not be measured is an error, what has too few rows undecided; else the rule kind decides."""
        if self.rate is None:
            return "error"
        if self.n < self.test.min_rows:
            return "undecided"
        return AtMost().decide(Measured(value=self.rate, low=self.rate, high=self.rate, n=self.n, challenger=self.rate), self.test.may_fail).status

    @property
    def text(self) -> str:
        """How many rows fail, or why that is not known."""
        if self.failed is None:
            return self.detail
        few = f"; {self.n} rows, the test asks for {self.test.min_rows}" if self.status == "undecided" else ""
        champion = f"; champion: {self.champion_detail}" if self.champion_detail else ""
        notes = f"; {'; '.join(self.notes)}" if self.notes else ""
        return f"{self.failed:,} of {self.n:,} rows fail ({self.rate:.2%}), at most {self.test.may_fail:.4g}{few}{champion}{notes}"

    @property
    def row(self) -> ScoreRow:
        """The scorecard's row, whose slice is `test=NAME`."""
        return ScoreRow(
            slice=f"{SLICE}={self.test.name}", metric=FAILURE_RATE, rule=AtMost.name, bound=self.test.may_fail, champion=self.champion, challenger=self.rate,
            difference=None, low=None, high=None, p_value=None, n=self.n, status=self.status, detail=self.text, basis=BASIS,
        )  # fmt: skip

    @property
    def outcome(self) -> ExpectationOutcome:
        """What the gate is shown of a test that is not critical: which severities refuse is said by `block_severities` in gate.yaml."""
        observed = "nothing" if self.rate is None else f"{FAILURE_RATE} {self.rate:.4g}"
        return ExpectationOutcome(
            suite=BASIS, expectation=self.test.name, type=self.test.type, column=None, severity=self.test.severity, level="batch", status=self.status,
            observed=observed, unexpected=self.failed or 0, detail=self.text,
        )  # fmt: skip


def rows_of(results: tuple[BehaviourResult, ...]) -> tuple[ScoreRow, ...]:
    """Return the rows of the critical tests: a failed one refuses, as all that the project itself demands."""
    return tuple(result.row for result in results if result.test.severity == "critical")


def outcomes_of(results: tuple[BehaviourResult, ...]) -> tuple[ExpectationOutcome, ...]:
    """Return what came of the tests that only warn or inform."""
    return tuple(result.outcome for result in results if result.test.severity != "critical")
