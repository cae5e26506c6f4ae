"""What of a window an expectation may bound: each measure with its scale, the error that its own count gives it, and the line that bounds it.

| measure | line | scale | side |
|---|---|---|---|
| rows a day | row count | log | both |
| share of rows with a value | not null, `mostly` | arcsine | low |
| share of rows without a copy | unique, `mostly` | arcsine | low |
| share of rows whose value was known before | in set, `mostly` | arcsine | low |
| share of a category | in set of one, `mostly` | arcsine | low |
| mean of numbers (log where none is negative; of 0 and 1 logit) | mean | plain, log, arcsine | both |
| spread of numbers | standard deviation | log | both |

Blind to single rows (a bound on each row's value is a person's knowledge of what can be), to what varies together, and to order within a window.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from keepfit.expect.suggest import answers
from keepfit.expect.suggest.facts import Value, WindowFacts, known_values
from keepfit.stats.prediction_interval import Scale

NO_WORD = re.compile(r"\W+")
LARGE = 0.05
MOST_CATEGORIES = 5


@dataclass(frozen=True, kw_only=True)
class WindowReading:
    """One window's measure, and the variance on the scale that its own count gives it; of a share the `rows` that it is of.

    A value of 0 has no place on the log scale: nothing is learned from it, and it is below every bound.
    """

    value: float
    own: float
    rows: int | None = None


class Measure(Protocol):
    """What a line bounds. `id` names the line; `column` None: the table; `both`: bounded on both sides, else from below."""

    @property
    def id(self) -> str:
        """What the line is called."""

    @property
    def column(self) -> str | None:
        """The column it is about."""

    @property
    def type(self) -> str:
        """The library's type."""

    @property
    def scale(self) -> Scale:
        """The scale that its values are symmetric on."""

    @property
    def both(self) -> bool:
        """Whether it is bounded from above as well."""

    @property
    def about(self) -> str:
        """What is measured, in words."""

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Return each window's reading, None where it has none."""

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:
        """Return the line's arguments for these bounds on a reading."""


def share(yes: int, n: int) -> WindowReading | None:
    """Return the reading of `yes` of `n` rows; on the arcsine scale a share of n rows has the variance 1 / 4n."""
    return WindowReading(value=yes / n, own=1 / (4 * n), rows=n) if n else None


def _between(low: float | None, high: float | None) -> dict[str, Any]:
    return {key: bound for key, bound in (("min_value", low), ("max_value", high)) if bound is not None}


@dataclass(frozen=True, kw_only=True)
class RowCount:
    """Rows of a window; of calendar windows by the day, as months differ in length."""

    days: tuple[float, float]
    id: str = "rows_usual"
    column: str | None = None
    type: str = answers.ROWS
    scale: Scale = "log"
    both: bool = True
    about: str = "rows"

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Rows a day."""
        return tuple(WindowReading(value=one.rows / one.days, own=1 / one.rows) if one.rows and one.days else None for one in history)

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """The least rows of the shortest window, the most of the longest."""
        shortest, longest = self.days
        return _between(None if low is None else int(low * shortest), None if high is None else int(high * longest) + 1)


@dataclass(frozen=True, kw_only=True)
class Present:
    """The share of rows that have a value."""

    column: str
    type: str = answers.PRESENT
    scale: Scale = "arcsine"
    both: bool = False

    @property
    def id(self) -> str:
        """`COLUMN_present`."""
        return f"{self.column}_present"

    @property
    def about(self) -> str:
        """In words."""
        return f"share of rows with {self.column}"

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Shares."""
        return tuple(share(column.n, column.n + column.missing) for column in (one.columns[self.column] for one in history))

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """At least so many."""
        return {"column": self.column, "mostly": low}


@dataclass(frozen=True, kw_only=True)
class Unique:
    """The share of rows without a copy, by one column or several."""

    key: tuple[str, ...]
    id: str
    scale: Scale = "arcsine"
    both: bool = False

    @property
    def column(self) -> str | None:
        """The one column."""
        return self.key[0] if len(self.key) == 1 else None

    @property
    def type(self) -> str:
        """The library tells one column from several."""
        return answers.UNIQUE if len(self.key) == 1 else answers.ROWS_UNIQUE

    @property
    def about(self) -> str:
        """In words."""
        return f"share of rows without a copy by {self.key[0] if len(self.key) == 1 else f'{len(self.key)} columns'}"

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Shares."""
        return tuple(share(one.rows - one.copies[self.key], one.rows) if self.key in one.copies else None for one in history)

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """At least so many."""
        return {"column": self.key[0], "mostly": low} if len(self.key) == 1 else {"column_list": list(self.key), "mostly": low}


@dataclass(frozen=True, kw_only=True)
class KnownValues:
    """The share of rows whose category some window before had: new ones keep coming at a rate, renamed ones come at once."""

    column: str
    type: str = answers.IN_SET
    scale: Scale = "arcsine"
    both: bool = False

    @property
    def id(self) -> str:
        """`COLUMN_known`."""
        return f"{self.column}_known"

    @property
    def about(self) -> str:
        """In words."""
        return f"share of rows whose {self.column} was there before"

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Each window against those before it; the first has none before."""
        found: list[WindowReading | None] = []
        known: set[Value] = set()
        for one in history:
            column = one.columns[self.column]
            counts = column.counts or {}
            found.append(share(sum(counts[value] for value in counts.keys() & known), column.n) if known else None)
            known |= counts.keys()
        return tuple(found)

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """At least so many are of all values seen."""
        values = sorted(known_values(history, self.column) or (), key=lambda value: (isinstance(value, str), value))
        return {"column": self.column, "mostly": low, "value_set": values}


@dataclass(frozen=True, kw_only=True)
class Category:
    """The share of rows with a value that are of one category."""

    column: str
    value: Value
    type: str = answers.IN_SET
    scale: Scale = "arcsine"
    both: bool = False

    @property
    def id(self) -> str:
        """`COLUMN_VALUE_usual`."""
        return f"{self.column}_{NO_WORD.sub('_', str(self.value))}_usual"

    @property
    def about(self) -> str:
        """In words."""
        return f"share of {self.column}"

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Shares."""
        return tuple(share((column.counts or {}).get(self.value, 0), column.n) for column in (one.columns[self.column] for one in history))

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """At least so many."""
        return {"column": self.column, "mostly": low, "value_set": [self.value]}


@dataclass(frozen=True, kw_only=True)
class MeanOfNumbers:
    """The mean of a column of numbers: of 0 and 1 a share, of numbers that are never negative on the log scale."""

    column: str
    scale: Scale
    type: str = answers.MEAN
    both: bool = True

    @property
    def id(self) -> str:
        """`COLUMN_mean`."""
        return f"{self.column}_mean"

    @property
    def about(self) -> str:
        """In words."""
        return f"mean of {self.column}"

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Means, or shares of 1."""
        return tuple(self._reading(one) for one in history)

    def _reading(self, facts: WindowFacts) -> WindowReading | None:
        column = facts.columns[self.column]
        if column.mean is None or column.stdev is None:
            return None
        if self.scale == "arcsine":
            return share(round(column.mean * column.n), column.n)
        unit = column.mean if self.scale == "log" and column.mean > 0 else 1.0
        return WindowReading(value=column.mean, own=(column.stdev / unit) ** 2 / column.n)

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """Between the bounds."""
        return {"column": self.column, **_between(low, high)}


@dataclass(frozen=True, kw_only=True)
class SpreadOfNumbers:
    """The standard deviation of a column of numbers: 0 of a sensor that sticks."""

    column: str
    type: str = answers.STDEV
    scale: Scale = "log"
    both: bool = True

    @property
    def id(self) -> str:
        """`COLUMN_spread`."""
        return f"{self.column}_spread"

    @property
    def about(self) -> str:
        """In words."""
        return f"standard deviation of {self.column}"

    def readings(self, history: Sequence[WindowFacts]) -> tuple[WindowReading | None, ...]:
        """Standard deviations; of normal values the logarithm of one has the variance 1 / 2(n - 1)."""
        columns = (one.columns[self.column] for one in history)
        return tuple(None if one.stdev is None else WindowReading(value=one.stdev, own=1 / (2 * (one.n - 1))) for one in columns)

    def kwargs(self, history: Sequence[WindowFacts], low: float | None, high: float | None) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """Between the bounds."""
        return {"column": self.column, **_between(low, high)}


def measures_of(history: Sequence[WindowFacts], *, key: str | None, days: tuple[float, float] | None, target: str | None) -> tuple[Measure, ...]:
    """Return what can be measured in every window of the history. `key` is the column that names rows, `days` the shortest and longest window.

    Of the target only mean and categories: whether its labels are there yet says nothing of the data.
    """
    found: list[Measure] = [] if days is None else [RowCount(days=days)]
    found += [Unique(key=columns, id=f"{key}_unique" if columns == (key,) else "rows_repeat") for columns in history[0].copies]
    for column in (name for name in history[0].columns if all(name in one.columns for one in history)):
        found += [] if column == target else [Present(column=column)]
        found += _of_column(history, column)
    return tuple(found)


def _of_column(history: Sequence[WindowFacts], column: str) -> list[Measure]:
    facts = [one.columns[column] for one in history]
    if {one.kind for one in facts} == {"number"}:
        lows, highs = [one.low for one in facts if one.low is not None], [one.high for one in facts if one.high is not None]
        if not lows or not any(one.stdev for one in facts):
            return []
        binary = min(lows) == 0 and max(highs) == 1 and max(one.distinct for one in facts) <= 2
        scale: Scale = "arcsine" if binary else "log" if min(lows) >= 0 else "plain"
        return [MeanOfNumbers(column=column, scale=scale), *([] if binary else [SpreadOfNumbers(column=column)])]
    if {one.kind for one in facts} != {"category"} or known_values(history, column) is None:
        return []
    return [KnownValues(column=column), *(Category(column=column, value=value) for value in _large(history, column))]


def _large(history: Sequence[WindowFacts], column: str) -> list[Value]:
    """The categories that are a twentieth of every window, at most five, the largest first; not where one of them is all."""
    shares: Mapping[Value, float] = {
        value: min((one.columns[column].counts or {}).get(value, 0) / max(1, one.columns[column].n) for one in history)
        for value in known_values(history, column) or ()
    }
    kept = sorted((value for value, least in shares.items() if least >= LARGE), key=lambda value: (-shares[value], str(value)))
    return kept[:MOST_CATEGORIES] if len(shares) > 1 else []
