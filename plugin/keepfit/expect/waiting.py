"""Expectations on the label column while rows still wait for their labels: held where labels are there, not decidable elsewhere.

A row without a label is no broken row, and a window without any is not broken either: such an expectation is *undecided*, blocks
nothing and sets no row aside. It is judged when its labels come. Blind to labels that never come.

>>> mean = Expectation(id="m", type="expect_column_mean_to_be_between", kwargs={"column": "y"}, severity="critical", level="batch")
>>> [Labels(target="y", rows=100, labelled=there).waits(mean) for there in (0, 60, 100)]
[True, True, False]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from keepfit.expect.suites import Expectation
from keepfit.records import ExpectationOutcome, Status

NAMING = ("column", "column_A", "column_B")
PRESENCE = frozenset(
    {"expect_column_values_to_not_be_null", "expect_column_proportion_of_non_null_values_to_be_between", "expect_column_to_exist"},
)


@dataclass(frozen=True, kw_only=True)
class Labels:
    """How many of a table's rows have a value in the column `target`; `target` None: the table has no column that comes later."""

    target: str | None
    rows: int
    labelled: int

    def waits(self, expectation: Expectation) -> bool:
        """Whether the expectation speaks of the target and some rows still wait for it."""
        return self.target is not None and self.labelled < self.rows and speaks_of(expectation.kwargs, self.target)

    def of_labelled(self, expectation: Expectation) -> bool:
        """Whether the expectation waits, and is held meanwhile on the rows that have a label; if labels are there is asked of all rows."""
        return self.waits(expectation) and expectation.type not in PRESENCE

    def can_turn(self, expectation: Expectation, status: Status) -> bool:
        """Whether labels that are still to come can turn the status: there is none yet, or what failed is that they are there."""
        return self.waits(expectation) and (not self.labelled or (status != "pass" and not self.of_labelled(expectation)))

    def undecided(self, outcome: ExpectationOutcome) -> ExpectationOutcome:
        """Return the outcome of an expectation that labels still to come can turn."""
        said = f"not yet decidable: {self.rows - self.labelled} of {self.rows} rows wait for their label"
        return replace(outcome, status="undecided", observed="", unexpected=0, sample=(), detail=said)


def speaks_of(kwargs: Mapping[str, Any], column: str) -> bool:
    """Whether an expectation's kwargs name the column, also in a condition on rows.

    >>> speaks_of({"column": "x", "row_condition": "y == 1"}, "y"), speaks_of({"column": "yes"}, "y")
    (True, False)
    """
    named = {kwargs.get(key) for key in NAMING} | set(kwargs.get("column_list") or ())
    return column in named or bool(re.search(rf"(?<!\w){re.escape(column)}(?!\w)", str(kwargs.get("row_condition") or "")))
