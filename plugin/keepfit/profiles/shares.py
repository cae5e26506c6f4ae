"""Questions about several columns at once, counted beside a window's columns so that evidence over time can ask them too.

| name | question | of which rows | group |
|---|---|---|---|
| `x|y` | do two numbers lie on the same side of the window's own medians? | both finite | pairs |
| `errors` | is the model (a classifier) wrong? | labelled | performance |
| `errors of carrier=UA` | the same | labelled, of the slice | slices |
| `errors above 8.2` | is the model (a regressor) off by more, either way? | labelled | performance |

Counts, so they merge as profiles do. Blind to a dependence without a direction (y = x squared), to columns of which more than half is one value, to which way
the model is wrong, and to slices of a regression.

>>> from keepfit.profiles.profile import learn_layout
>>> table = pa.table({"x": [1.0, 2.0, 3.0, 4.0], "y": [2.0, 1.0, 4.0, 3.0], "c": ["a", "b", "b", None]})
>>> layout = learn_layout(table, {"x": "numeric", "y": "numeric", "c": "categorical"})
>>> pair_shares(table, layout)["x|y"]
ShareCount(group='pairs', yes=4, n=4)
>>> found = error_shares(table, layout, y=np.array([1, 0, 1, np.nan]), scores=np.array([0.9, 0.8, 0.7, 0.1]))
>>> {name: (share.yes, share.n) for name, share in found.items()}
{'errors': (1, 3), 'errors of c=b': (1, 2), 'errors of c=a': (0, 1)}
>>> found = size_shares(np.array([1.0, 5.0, np.nan]), np.array([1.5, 1.0, 0.0]), spread=16.0)
>>> {name: (share.yes, share.n) for name, share in found.items() if share.yes}
{'errors above 0.5': (1, 2), 'errors above 1': (1, 2), 'errors above 2': (1, 2)}
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.profiles.kernel import BLOCK
from keepfit.profiles.layout import Layout
from keepfit.profiles.pairs import pair_keys
from keepfit.profiles.profile import fits
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, Reference, ShareCount, ShareGroup
from keepfit.stats.classes import answered
from keepfit.tables.arrow import Floats, as_table, floats, texts
from keepfit.tables.moment_texts import holds_moments, named_now

if TYPE_CHECKING:
    import pandas as pd

PAIRED = 20
"""At most so many numeric columns are paired, the first of the layout: 190 pairs."""
SLICED = 20
"""Categorical columns of at most so many values make slices."""
WRONG = "errors"
SIZES = tuple(2.0**power for power in range(-5, 2))
"""The sizes of a regressor's errors that are asked about, in standard deviations of the target: 1/32 to 2."""


def pair_shares(table: pa.Table, layout: Layout) -> dict[str, ShareCount]:
    """Count, for each pair of the layout's first 20 numeric columns, the rows that lie above both medians or above neither.

    The medians are the table's own, so that a column that moves does not make its pairs move too.
    """
    numbers = [name for name, column in layout.items() if isinstance(column, NumericProfile) and fits(table, name, "numeric")][:PAIRED]
    if len(numbers) < 2:
        return {}
    sides = np.column_stack([_sides(floats(table[name], name)) for name in numbers])
    known = np.abs(sides)
    n, agree = _product(known), _product(sides)
    upper = np.triu_indices(len(numbers), 1)
    counted = zip(pair_keys(numbers), ((n + agree) // 2)[upper].tolist(), n[upper].tolist(), strict=True)
    return {name: ShareCount(group="pairs", yes=same, n=rows) for name, same, rows in counted}


def _sides(values: Floats) -> npt.NDArray[np.float32]:
    """1 above the median of the finite values, -1 up to it, 0 where there is none."""
    known = np.isfinite(values)
    middle = np.median(values[known]) if known.any() else 0.0
    return np.where(known, np.where(values > middle, 1.0, -1.0), 0.0).astype(np.float32)


def _product(sides: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Columns x columns, exact: in blocks, so that no float holds more than a block's rows."""
    blocks = (sides[start : start + BLOCK] for start in range(0, max(len(sides), 1), BLOCK))
    return np.asarray(np.sum([(block.T @ block).astype(np.int64) for block in blocks], axis=0))


def with_pairs(reference: Reference, tables: Sequence[pa.Table | pd.DataFrame], layout: Layout) -> Reference:
    """Return the reference with the pairs of each of its windows' rows counted too."""
    counted = zip(reference.profiles, tables, strict=True)
    return replace(reference, profiles=tuple(replace(profile, shares=pair_shares(as_table(table), layout)) for profile, table in counted))


def error_shares(table: pa.Table, layout: Layout, *, y: Floats, scores: Floats) -> dict[str, ShareCount]:
    """Count a classifier's errors among the rows with a label, NaN meaning none: of all rows and by slice.

    A score of .5 or more means 1; of many classes the likeliest is the answer, and a class that is not in the list has none that is right.
    """
    known = ~np.isnan(y)
    if not known.any():
        return {}
    wrong = known & (answered(scores) != y)
    slices = {f"{WRONG} of {name}": _share("slices", wrong, known & rows) for name, rows in _slices(table, layout)}
    return {WRONG: ShareCount(group="performance", yes=int(wrong.sum()), n=int(known.sum())), **{name: one for name, one in slices.items() if one.n}}


def size_shares(y: Floats, scores: Floats, *, spread: float) -> dict[str, ShareCount]:
    """Count a regressor's absolute errors above each of seven sizes, among the rows with a label (NaN: none).

    The sizes are powers of two times `spread`, the target's standard deviation in the reference: they depend on no error, so that windows counted at any
    time add up, and one of them parts the errors of any model that explains up to 99.9 % of the variance. None for a target that does not vary.
    """
    known = ~np.isnan(y)
    if not known.any() or not spread > 0:
        return {}
    off, rows = np.abs(y[known] - scores[known]), int(known.sum())
    return {f"{WRONG} above {size:.6g}": ShareCount(group="performance", yes=int((off > size).sum()), n=rows) for size in (spread * each for each in SIZES)}


def spread_of(column: ColumnProfile | None) -> float:
    """Return the standard deviation of a column's finite values; 0 where there are none, they are no numbers, or all the same."""
    if not isinstance(column, NumericProfile) or not column.n or column.low == column.high:
        return 0.0
    mean = column.total / column.n
    return math.sqrt(max(column.total_squared / column.n - mean * mean, 0.0))


def _share(group: ShareGroup, wrong: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_]) -> ShareCount:
    return ShareCount(group=group, yes=int((wrong & rows).sum()), n=int(rows.sum()))


def _slices(table: pa.Table, layout: Layout) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Each value of the layout's categorical columns that have few, and its rows."""
    for name, column in layout.items():
        if isinstance(column, CategoricalProfile) and len(column.categories) <= SLICED and name in table.column_names:
            values = np.array(texts(table[name]).to_pylist(), object)
            named = named_now(column.categories) if holds_moments(table[name].type) else column.categories
            yield from ((f"{name}={shown}", np.asarray(values == value, np.bool_)) for shown, value in zip(column.categories, named, strict=True))
