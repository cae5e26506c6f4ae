"""Records of what changed from one state of the data to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from keepfit.records.form import record

CellValue = str | int | float | bool | None
RowState = Literal["added", "removed", "changed"]
ValueKind = Literal["number", "boolean", "time", "text", "other"]


@record
class ValuePair:
    """How many rows had one value before and have the other now; None is missing."""

    before: CellValue
    now: CellValue
    rows: int


@record
class ColumnChange:
    """A column of both sides whose values, name or storage changed.

    `rows` have another value now; of them `filled` had none before and `emptied` have none now. `low`, `middle`, `high` are the 5 %, 50 % and
    95 % points of now - before (of times in seconds) over rows that have both; `factor` is now / before where that is the same in all.
    `pairs` are the commonest changes of a category; of a table with very many changed columns only the most changed ones tell more than counts.
    """

    name: str
    was: str | None = None
    kind: ValueKind
    stored: str
    stored_before: str
    rows: int
    filled: int = 0
    emptied: int = 0
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    factor: float | None = None
    pairs: tuple[ValuePair, ...] = ()


@record
class LoneColumn:
    """A column of one side only; `known` of the side's rows have a value in it."""

    name: str
    stored: str
    known: int


@record
class FileChange:
    """A file (a window) that is on one side only, or not the same on both; rows are of that file."""

    name: str
    state: RowState
    before: int
    now: int
    added: int = 0
    removed: int = 0
    changed: int = 0


@record
class RepeatedKeys:
    """Keys that a side has more than once (`before`, `now`), and the `rows` of both sides that have one, or none: they are compared whole."""

    before: int
    now: int
    rows: int
    examples: tuple[str, ...] = ()


@record
class LabelSpread:
    """A numeric target's 5 %, 50 % and 95 % points."""

    low: float
    middle: float
    high: float


@record
class LabelChange:
    """What became of the target: rows by class on both sides (or the spread of a number), labels that came, went and flipped on rows of both."""

    target: str
    known_before: int
    known: int
    classes_before: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    spread_before: LabelSpread | None = None
    spread: LabelSpread | None = None
    arrived: int = 0
    lost: int = 0
    flipped: int = 0
    flips: tuple[ValuePair, ...] = ()


@record
class SliceChange:
    """A slice whose rows are not as many as before."""

    slice: str
    before: int
    now: int


@record
class TimeSpan:
    """From the first row to the last."""

    first: datetime
    last: datetime


@record
class CellChange:
    """One cell of an example; of a row that one side lacks, that side's value is None."""

    column: str
    before: CellValue
    now: CellValue


@record
class RowExample:
    """One row that differs, by its key; `file` is the window that it is in."""

    key: str
    state: RowState
    file: str | None = None
    cells: tuple[CellChange, ...] = ()


@record
class DataDiff:
    """What changed from `before` to `now`; `what` is the data set that both are states of.

    `key` are the columns that rows are matched by, none if rows are compared whole; `made` says that keepfit made the key of the row's own content.
    Rows of files that are equal byte for byte (`same_files`) were not compared: they count in `rows_before` and `rows_now`, but for files that are not
    here (`absent_files`).
    """

    schema: int = 1
    what: str
    before: str
    now: str
    key: tuple[str, ...]
    made: bool = False
    rows_before: int
    rows_now: int
    added: int
    removed: int
    changed: int
    moved: int = 0
    files: tuple[FileChange, ...] = ()
    same_files: int = 0
    absent_files: int = 0
    repeated: RepeatedKeys | None = None
    columns: tuple[ColumnChange, ...] = ()
    columns_added: tuple[LoneColumn, ...] = ()
    columns_removed: tuple[LoneColumn, ...] = ()
    labels: LabelChange | None = None
    slices: tuple[SliceChange, ...] = ()
    span_before: TimeSpan | None = None
    span: TimeSpan | None = None
    examples: tuple[RowExample, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether a row or a column is not as it was; storage alone is no difference."""
        rows = self.added or self.removed or self.changed or self.moved
        names = self.columns_added or self.columns_removed or any(column.was is not None for column in self.columns)
        return bool(rows or names)
