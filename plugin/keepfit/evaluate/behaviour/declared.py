"""A behaviour test as it was declared: which rows, what is changed in them, and what of the answers must hold.

After CheckList (Ribeiro, Wu, Guestrin & Singh, ACL 2020, section 2), for tables as well as for texts. The three types:

| type | changes rows | holds of a row |
|---|---|---|
| `invariance` | yes | its score moves by no more than a tolerance, or its label stays the same |
| `directional` | yes | its score does not fall, does not rise, or rises or falls by at least so much |
| `minimum_functionality` | perhaps | its label, or the range of its score, is the one that is named |
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.evaluate.behaviour.changes import RowChange
from keepfit.records import Severity, Task
from keepfit.tables.values import is_number

TIME = "time"
"""The kind of the time column where features are derived from it: rows that are written in a test may name it."""
TestType = Literal["invariance", "directional", "minimum_functionality"]
Direction = Literal["must_not_fall", "must_not_rise", "must_rise", "must_fall"]


class RowCondition(Protocol):
    """A condition over a table's columns, as `curation.yaml` has them."""

    @property
    def text(self) -> str:
        """The condition as it was written."""

    @property
    def columns(self) -> frozenset[str]:
        """The columns that have to be there."""

    def holds(self, table: pa.Table) -> npt.NDArray[np.bool_]:
        """Return for each row whether it is true; raises `UnknownNameError` for a column that is not there."""


@dataclass(frozen=True, kw_only=True)
class RowSet:
    """Which rows a test is about: those that judge (all, or where a condition holds), the rows of a file beside the test, or those written in it."""

    condition: RowCondition | None = None
    file: str = ""
    written: tuple[Mapping[str, Any], ...] = ()

    @property
    def of_the_window(self) -> bool:
        """Whether they are rows that judge: others with every window."""
        return not self.file and not self.written

    @property
    def text(self) -> str:
        """Which rows, in words."""
        if self.written:
            return f"the {len(self.written)} rows written in the test"
        if self.file:
            return f"the rows of {self.file}"
        return "all rows that judge" if self.condition is None else f"rows that judge where {self.condition.text}"


@dataclass(frozen=True, kw_only=True)
class ExpectedAnswers:
    """What must hold of a row's answers; exactly one of `tolerance`, `same_label`, `direction`, `label` and the two ends of a range is set.

    `tolerance` and `by_at_least` are in the unit of the score: a probability, or a regression's target. `of_class` names whose probability is the score of
    many classes; None with a tolerance: the one that moves most.
    """

    tolerance: float | None = None
    same_label: bool = False
    direction: Direction | None = None
    by_at_least: float = 0.0
    label: str | None = None
    low: float | None = None
    high: float | None = None
    of_class: str | None = None

    @property
    def of_labels(self) -> bool:
        """Whether it is about labels, which a regression does not have."""
        return self.same_label or self.label is not None

    @property
    def text(self) -> str:
        """What must hold, in words."""
        whose = "the score" if self.of_class is None else f"the probability of {self.of_class}"
        if self.same_label:
            return "the label stays the same"
        if self.label is not None:
            return f"the label is {self.label}"
        if self.tolerance is not None:
            return f"{whose} moves by at most {self.tolerance:g}"
        if self.direction is not None:
            by = f" by at least {self.by_at_least:g}" if self.by_at_least else ""
            return f"{whose} {self.direction.replace('_', ' ')}{by}"
        ends = (f"at least {self.low:g}" if self.low is not None else "", f"at most {self.high:g}" if self.high is not None else "")
        return f"{whose} is {' and '.join(filter(None, ends))}"


@dataclass(frozen=True, kw_only=True)
class BehaviourTest:
    """One test; `may_fail` is the share of its rows that may fail, `min_rows` from how many rows on it is judged at all."""

    name: str
    type: TestType
    rows: RowSet
    changes: tuple[RowChange, ...] = ()
    expected: ExpectedAnswers
    may_fail: float
    min_rows: int = 1
    severity: Severity = "critical"
    author: str
    reason: str
    where: str = ""

    @property
    def columns(self) -> frozenset[str]:
        """The columns whose values its own words quote."""
        condition = self.rows.condition
        return frozenset(change.column for change in self.changes) | (frozenset() if condition is None else condition.columns)

    @property
    def text(self) -> str:
        """The whole test in one sentence."""
        changed = f", after {' and '.join(change.text for change in self.changes)}" if self.changes else ""
        return f"{self.expected.text}{changed}: {self.rows.text}"


@dataclass(frozen=True, kw_only=True)
class AboutModel:
    """What a test's words are checked against: the task, the features with their kinds, and the classes as they are written, the positive one last of two.

    Where features are derived from the time, that is one of kind `time`.
    """

    task: Task
    features: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    many: bool = False

    def code_of(self, label: str) -> int | None:
        """Return the code of a class by its text, None if there is none; of two classes the last is 1, all others are 0.

        >>> AboutModel(task="classification", classes=("no", "yes")).code_of("yes")
        1
        """
        if label not in self.classes:
            return None
        place = self.classes.index(label)
        return place if self.many else int(place == len(self.classes) - 1)


def kinds_in(table: pa.Table, aside: Collection[str]) -> dict[str, str]:
    """Return the columns of a table that nobody described as features: numbers as such, all else as texts; those that are put aside are none.

    >>> kinds_in(pa.table({"id": [1], "delay": [2.5], "flag": [True], "carrier": ["AA"]}), ["id"])
    {'delay': 'numeric', 'flag': 'text', 'carrier': 'text'}
    """
    kinds = {field.name: "numeric" if is_number(field.type) else "text" for field in table.schema}
    return {name: kind for name, kind in kinds.items() if name not in aside}
