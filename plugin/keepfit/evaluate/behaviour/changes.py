"""What a behaviour test changes in rows: a closed set of small, deterministic changes of one column each.

| change | of | what it does |
|---|---|---|
| `set` | any column | every row has this value (null: missing) |
| `swap` | a category | one of two values becomes the other |
| `add`, `multiply` | a number | by this number |
| `case` | a category or a text | `lower`, `upper` or `title` |
| `typo` | a text | so many pairs of neighbouring letters change places; which ones follows from the test's name and the text |
| `append` | a text | this text at its end |

What is missing stays missing, but for `set`. Rows that a change leaves as they were say nothing: they are not counted.

>>> import pandas as pd
>>> RowChange("swap", "origin", ("JFK", "LGA")).of(pd.Series(["JFK", "LGA", "EWR"]), seed="t").tolist()
['LGA', 'JFK', 'EWR']
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from keepfit.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

How = Literal["set", "swap", "add", "multiply", "case", "typo", "append"]
HOW = get_args(How)
OF_NUMBERS, OF_TEXTS, CASES = ("add", "multiply"), ("typo", "append"), ("lower", "upper", "title")
MOST_TYPOS = 20


@dataclass(frozen=True)
class RowChange:
    """One change of one column; `value` is what is written beside the column."""

    how: How
    column: str
    value: Any

    @property
    def text(self) -> str:
        """The change in words."""
        if self.how == "swap":
            return f"swapping {self.value[0]} and {self.value[1]} in {self.column}"
        words: Mapping[str, str] = {
            "set": f"setting {self.column} to {'no value' if self.value is None else self.value}",
            "add": f"adding {self.value} to {self.column}",
            "multiply": f"multiplying {self.column} by {self.value}",
            "case": f"writing {self.column} in {self.value} case",
            "typo": f"{self.value} typo{'s' if self.value != 1 else ''} in {self.column}",
            "append": f"appending {str(self.value)[:40]!r} to {self.column}",
        }
        return words[self.how]

    def of(self, column: pd.Series, *, seed: str) -> pd.Series:
        """Return the changed column; raises `DataError` for values that cannot be changed so."""
        if self.how in OF_NUMBERS:
            return self._number(column)
        if self.how == "set":
            return _filled(column, self.value)
        if self.how == "swap":
            return self._swapped(column)
        return column.map(lambda value: self._written(value, seed) if isinstance(value, str) else value).astype(column.dtype)

    def _written(self, text: str, seed: str) -> str:
        if self.how == "typo":
            return with_typos(text, int(self.value), seed=seed)
        return f"{text}{self.value}" if self.how == "append" else str(getattr(text, self.value)())

    def _number(self, column: pd.Series) -> pd.Series:
        from pandas.api.types import is_bool_dtype, is_numeric_dtype

        if not is_numeric_dtype(column) or is_bool_dtype(column):
            raise DataError(f"the column {self.column!r} holds no numbers: nothing can be {'added' if self.how == 'add' else 'multiplied'}")
        found: pd.Series = column + self.value if self.how == "add" else column * self.value
        return found

    def _swapped(self, column: pd.Series) -> pd.Series:
        one, other = (_like(column, value) for value in self.value)
        was_one, was_other = (column == one).fillna(value=False), (column == other).fillna(value=False)
        return column.mask(was_one, other).mask(was_other, one)


def with_typos(text: str, number: int, *, seed: str) -> str:
    """Return the text with so many pairs of neighbouring letters swapped; one without two unlike letters side by side stays as it is.

    >>> with_typos("delayed flight", 1, seed="polite")
    'delayed flgiht'
    """
    letters = list(text)
    for turn in range(number):
        places = [at for at in range(len(letters) - 1) if letters[at].isalnum() and letters[at + 1].isalnum() and letters[at] != letters[at + 1]]
        if not places:
            break
        at = places[int.from_bytes(blake2b(f"{seed}\x1f{turn}\x1f{text}".encode(), digest_size=8).digest()) % len(places)]
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def applied(changes: tuple[RowChange, ...], frame: pd.DataFrame, *, seed: str) -> pd.DataFrame:
    """Return the changed rows, in the same order; the frame itself where nothing is changed."""
    for change in changes:
        frame = frame.assign(**{change.column: change.of(frame[change.column], seed=seed)})
    return frame


def differs(before: pd.DataFrame, after: pd.DataFrame, columns: set[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which rows are another in one of these columns; missing and missing are the same."""
    found = np.zeros(len(before), dtype=bool)
    for name in sorted(columns):
        one, other = before[name].to_numpy(dtype=object), after[name].to_numpy(dtype=object)
        found |= np.array([not _same(was, now) for was, now in zip(one, other, strict=True)], dtype=bool)
    return found


def _same(one: Any, other: Any) -> bool:
    if _missing(one) or _missing(other):
        return _missing(one) and _missing(other)
    return bool(one == other)


def _missing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _filled(column: pd.Series, value: Any) -> pd.Series:
    import pandas as pd

    if value is not None:
        return pd.Series([_like(column, value)] * len(column), index=column.index, name=column.name, dtype=None if _is_number(value) else column.dtype)
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    empty = np.nan if is_numeric_dtype(column) and not is_bool_dtype(column) else None
    return pd.Series([empty] * len(column), index=column.index, name=column.name, dtype="float64" if empty is not None else "object")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _like(column: pd.Series, value: Any) -> Any:
    """What was written, as the column's own type: `7` of a column of texts is the text 7."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if is_bool_dtype(column) or _holds_booleans(column):
        if isinstance(value, bool):
            return value
    elif is_numeric_dtype(column):
        if _is_number(value):
            return value
    elif isinstance(value, str | int | float):
        return str(value)
    raise DataError(f"the column {column.name!r} holds {column.dtype}, and {str(value)[:40]!r} is none of its values")


def _holds_booleans(column: pd.Series) -> bool:
    """Whether objects are True, False and missing ones: how a frame holds booleans with NULLs."""
    known = [one for one in column.tolist() if not _missing(one)] if column.dtype == object else []
    return bool(known) and all(isinstance(one, bool) for one in known)
