"""When each row of a table was and of which group it is: what says which rows vary together (`stats/clusters.py`)."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.stats.clusters import RowOrigins

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.params import DataParams
    from keepfit.stats.arrays import Clusters


def origins(data: DataParams, table: pa.Table | pd.DataFrame) -> RowOrigins:
    """Return the times (`data.time`) and groups (`data.group`) of a table's rows; a column that is not there, or holds no times, is not known.

    A row without a group is of the group of those that have none, as in the permanent holdout.
    """
    names = table.column_names if isinstance(table, pa.Table) else list(map(str, table.columns))
    times = _times(table[data.time]) if data.time in names else None
    groups = _groups(table[data.group]) if data.group is not None and data.group in names else None
    return RowOrigins(times=times, groups=groups)


def clusters_among(data: DataParams, table: pa.Table, kept: npt.NDArray[np.bool_]) -> Clusters | None:
    """Return an integer for each row of the table, the same for rows that vary together, by the rows that are `kept`; others have 0.

    None where neither times nor groups are known.
    """
    found = origins(data, table).part(kept).clusters()
    if found is None:
        return None
    codes = np.zeros(table.num_rows, np.int64)
    codes[kept] = found.codes
    return codes


def _times(column: pa.ChunkedArray | pd.Series[Any]) -> npt.NDArray[np.datetime64] | None:
    values = column.to_numpy()
    return values.astype("datetime64[us]") if np.issubdtype(values.dtype, np.datetime64) else None


def _groups(column: pa.ChunkedArray | pd.Series[Any]) -> npt.NDArray[np.int64]:
    """A number for each value's text, the same in every window."""
    values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else pa.array(column, from_pandas=True)
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    coded = pc.fill_null(pc.cast(values, pa.string()), "").dictionary_encode()
    hashes = [int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True) for text in coded.dictionary.to_pylist()]
    found: npt.NDArray[np.int64] = np.array(hashes, np.int64)[coded.indices.to_numpy()]
    return found
