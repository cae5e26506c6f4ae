"""What a suite's failures do: rows that fail a critical row-level expectation are set aside, a critical batch-level failure blocks the window.

So does a critical expectation that could not be measured. A person's decision is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.records import ExpectationOutcome

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, order=True)
class SetAside:
    """A row that failed a critical row-level expectation of a suite."""

    window: str
    row_id: str
    suite: str
    expectation: str


def set_aside(window: str, suite: str, outcomes: Iterable[ExpectationOutcome], unexpected: Mapping[str, Sequence[str]]) -> list[SetAside]:
    """Return the rows of a window that fail a critical row-level expectation, given the ids of the `unexpected` rows by expectation."""
    failed = [one.expectation for one in outcomes if one.severity == "critical" and one.level == "row" and one.status == "fail"]
    return [SetAside(window, row, suite, name) for name in failed for row in unexpected[name]]


def blocks(outcomes: Iterable[ExpectationOutcome]) -> bool:
    """Whether a window with these outcomes waits for a person."""
    return any(one.blocks for one in outcomes)


def quarantine_table(rows: Iterable[SetAside]) -> pa.Table:
    """Return the rows as a table of text, in order.

    >>> quarantine_table([SetAside("2013-02", "r7", "rows", "known"), SetAside("2013-01", "r9", "rows", "known")])["row_id"].to_pylist()
    ['r9', 'r7']
    """
    import pyarrow as pa

    ordered = sorted(rows)
    return pa.table({name: pa.array([getattr(row, name) for row in ordered], pa.string()) for name in ("window", "row_id", "suite", "expectation")})
