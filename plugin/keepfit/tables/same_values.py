"""Which rows of two tables have the same values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def same_values(one: pa.Table, other: pa.Table, columns: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which rows of two tables of one length have the same values in all of these columns; NULL is NULL, and NaN is NaN.

    >>> same_values(pa.table({"x": [1.0, None, 3.0]}), pa.table({"x": [1.0, None, 4.0]}), ["x"]).tolist()
    [True, True, False]
    """
    found = np.ones(one.num_rows, np.bool_)
    for name in columns:
        a, b = one[name].combine_chunks(), other[name].combine_chunks()
        missing = pc.and_(pc.is_null(a, nan_is_null=True), pc.is_null(b, nan_is_null=True))
        found &= np.asarray(pc.or_(missing, pc.fill_null(pc.equal(a, b), fill_value=False)))
    return found
