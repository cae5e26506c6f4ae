"""A digest of a table's rows, by which what was computed of them is known again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from keepfit.tables.frames import to_frame

if TYPE_CHECKING:
    import pyarrow as pa


def rows_digest(table: pa.Table) -> str:
    """Return the sha256 of the rows' values in their order; blind to the columns' names."""
    import pandas as pd

    rows = pd.util.hash_pandas_object(to_frame(table), index=False).to_numpy()
    return hashlib.sha256(rows.tobytes()).hexdigest()
