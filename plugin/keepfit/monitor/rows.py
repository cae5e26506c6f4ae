"""Two tables as two matrices that a detector of whole rows can compare.

Profiles see one column at a time. A change of how columns go together is seen only by what looks at rows, at the price of
holding them in memory; hence on demand (`keepfit compare --rows`), on at most `MAX_ROWS` rows a side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.profiles.profile import Kind

Floats = npt.NDArray[np.float64]
MAX_ROWS = 5_000
MAX_LEVELS = 20
REACH = 10.0
SUBJECT = "rows"


def matrices(reference: pa.Table, current: pa.Table, kinds: Mapping[str, Kind]) -> tuple[Floats, Floats]:
    """Return both tables (samples of a few thousand rows, `sample.py`) as float matrices on one encoding.

    Numbers are centred and scaled by the mean and standard deviation of both sides' rows and cut at 10 of them; a missing or infinite
    one becomes 0 and sets an indicator column. Of categories the 20 most frequent on both sides get an indicator each: two rows of
    different categories are as far apart as two numbers are on average (a squared distance of 2).

    >>> import pyarrow as pa
    >>> table = pa.table({"x": [1.0, None, 3.0], "c": ["a", "b", "a"]})
    >>> matrices(table, table, {"x": "numeric", "c": "categorical"})[0].shape
    (3, 4)
    """
    encode = {"numeric": _numbers, "categorical": _levels}
    blocks = [encode[kind]([*_values(reference, name, kind), *_values(current, name, kind)]) for name, kind in kinds.items()]
    whole = np.concatenate(blocks, axis=1)
    return whole[: reference.num_rows], whole[reference.num_rows :]


def _values(table: pa.Table, name: str, kind: Kind) -> list[float | str | None]:
    """A few thousand plain values; not `to_numpy`, which imports pandas."""
    column = table[name]
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if kind == "numeric" and pa.types.is_boolean(plain.type):
        plain = plain.cast(pa.int8())
    found: list[float | str | None] = plain.cast(pa.float64() if kind == "numeric" else pa.string(), safe=False).to_pylist()
    return found


def _numbers(values: list[float | str | None]) -> Floats:
    floats = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    known = np.isfinite(floats)
    if not known.any():
        return np.zeros((len(floats), 1))
    scaled = np.where(known, floats, 0.0)
    scaled = scaled / (np.abs(scaled).max() or 1.0)  # so that the square of a huge number does not overflow
    middle, spread = scaled[known].mean(), scaled[known].std()
    column = np.clip((scaled - middle) / (spread or 1.0), -REACH, REACH) * known
    return column[:, None] if known.all() else np.column_stack([column, ~known])


def _levels(values: list[float | str | None]) -> Floats:
    counted = Counter(str(value) for value in values if value is not None)
    levels = sorted(counted, key=lambda level: (-counted[level], level))[:MAX_LEVELS]
    place = {level: index for index, level in enumerate(levels)}
    block = np.zeros((len(values), max(len(levels), 1)))
    for row, value in enumerate(values):
        if value is not None and str(value) in place:
            block[row, place[str(value)]] = 1.0
    return block
