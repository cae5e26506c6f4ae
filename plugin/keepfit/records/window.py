"""A window: which rows are looked at together, and where it lies among others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import total_ordering

from keepfit.errors import DataError
from keepfit.records.form import record

COUNT_ID = re.compile(r"^rows-(\d{6,})$")


@total_ordering
@dataclass(frozen=True, kw_only=True)
class WindowOrder:
    """Where a window lies: by its time, and windows cut by a count of rows among one another by their number.

    Two windows of which one says neither cannot be compared: `DataError`.
    """

    start: datetime | None
    end: datetime | None
    number: int | None

    def __lt__(self, other: WindowOrder) -> bool:
        """Whether it begins before the other; of two that begin together, the shorter one is first."""
        if self.number is not None and other.number is not None:
            return self.number < other.number
        if self.start is None or other.start is None:
            raise DataError("a window that says no time cannot be put in order", fix="windows cut by a count of rows know theirs from their file")
        return (self.start, self.end is None, self.end or self.start) < (other.start, other.end is None, other.end or other.start)


@record
class Window:
    """Which rows: half-open `[start, end)` in the table's own clock, or rows `[first_row, last_row)` of one source as it stood.

    Its `id` is a name and says nothing of the order: windows are sorted and compared by `order`.

    >>> [Window(id=name, source="rows.csv").order < Window(id="rows-1000000", source="rows.csv").order for name in ("rows-000002", "rows-999999")]
    [True, True]
    """

    schema: int = 1
    id: str
    source: str
    start: datetime | None = None
    end: datetime | None = None
    first_row: int | None = None
    last_row: int | None = None

    @property
    def number(self) -> int | None:
        """The number of a window cut by a count of rows, from 1 on; None of a window of time."""
        count = COUNT_ID.match(self.id)
        return int(count[1]) if count else None

    @property
    def order(self) -> WindowOrder:
        """What windows are sorted and compared by."""
        return WindowOrder(start=self.start, end=self.end, number=self.number)
