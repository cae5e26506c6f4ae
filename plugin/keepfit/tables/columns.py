"""The columns that keepfit makes itself, the one that tells rows apart, and those that a table must have."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from keepfit.errors import UnknownNameError

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

ROW_ID, WEIGHT, WINDOW, JUDGED = "row_id", "_weight", "_window", "_judged"
PARENT = "_parent"
"""Of a row that an augmentation made (`compose/augment/`) the id of the row that it was made from; of all others NULL. There is none where no row was made."""


def id_column(params: Params) -> str:
    """Return the column that identifies a row: the named one, or the one keepfit makes."""
    return params.data.id or ROW_ID


def require_columns(table: pa.Table, names: Collection[str], *, where: str) -> None:
    """Raise `UnknownNameError` with the nearest column for the first name that the table does not have."""
    for name in names:
        if name not in table.column_names:
            raise UnknownNameError("column", name, known=table.column_names, where=where)
