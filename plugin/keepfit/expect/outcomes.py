"""What an answer must satisfy after a library ran a suite: an answer without evidence is no pass.

>>> few = LibraryResult(success=True, support=3, observed="0.2", unexpected=0)
>>> mean = Expectation(id="m", type="expect_column_mean_to_be_between", kwargs={"column": "x"}, severity="critical", level="batch")
>>> judge(mean, few, suite="rows", window="2013-02", min_rows=20).status
'undecided'
"""

from __future__ import annotations

from dataclasses import dataclass

from keepfit.expect.suites import Expectation
from keepfit.records import ExpectationOutcome, Status

SAMPLES = 5
STRUCTURAL = ("expect_table_", "expect_column_to_exist", "expect_column_type_to_be")


@dataclass(frozen=True, kw_only=True)
class LibraryResult:
    """What a library measured. `support` is the number of rows that spoke: neither NULL nor outside a condition.

    `success` None is no answer; `failure` is the first line of what broke; `sample` names rows or values that failed.
    """

    success: bool | None
    support: int | None
    observed: str
    unexpected: int
    sample: tuple[str, ...] = ()
    failure: str = ""
    finite: bool = True


def judge(expectation: Expectation, measured: LibraryResult, *, suite: str, window: str | None, min_rows: int) -> ExpectationOutcome:
    """Turn what was measured into an outcome: `error` if it could not be measured, `undecided` on fewer rows than `min_rows`.

    A row-level expectation judges each row for itself and a structural one (is the column there?) needs no rows: for
    these a small number is an answer.
    """
    status, detail = _status(expectation, measured, min_rows)
    return ExpectationOutcome(
        suite=suite,
        expectation=expectation.id,
        type=expectation.type,
        column=expectation.column,
        severity=expectation.severity,
        level=expectation.level,
        status=status,
        observed=measured.observed,
        unexpected=measured.unexpected,
        sample=measured.sample[:SAMPLES] if status == "fail" else (),
        window=window,
        detail=detail,
    )


def unanswered(expectation: Expectation, *, suite: str, window: str | None) -> ExpectationOutcome:
    """The outcome of an expectation that the library left out of its answer."""
    nothing = LibraryResult(success=None, support=None, observed="", unexpected=0)
    return judge(expectation, nothing, suite=suite, window=window, min_rows=1)


def _status(expectation: Expectation, measured: LibraryResult, min_rows: int) -> tuple[Status, str]:
    if measured.failure:
        return "error", measured.failure
    if measured.success is None:
        return "error", "the library gave no answer"
    if expectation.type.startswith(STRUCTURAL):
        return ("pass", "") if measured.success else ("fail", expectation.wanted)
    if not measured.support:
        return "error", "no row has a value to judge"
    if not measured.finite:
        return "error", "the measured value is not a finite number"
    if expectation.level == "batch" and measured.support < min_rows:
        return "undecided", f"{measured.support} rows with a value, {min_rows} needed (params.yaml: expect.min_rows)"
    return ("pass", "") if measured.success else ("fail", expectation.wanted)
