"""Tables as pandas frames, which models and suites are given, and back; and the forms of a frame's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.records.words import ValueForm
from keepfit.tables.values import Kind, form_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

EXACT = 1 << 53


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return a pandas frame of plain types that says what the table says: no categoricals or decimals, text as str.

    Numbers with NULLs are float with NaN; integers that a float would round are Int64 (UInt64) then, and booleans with NULLs are objects: True, False, None.
    """
    import pandas as pd

    table = pa.table([_exact(values) for values in table.columns], names=table.column_names)
    nullable = {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}
    rounded = [
        field.name for field, values in zip(table.schema, table.columns, strict=True) if field.type in nullable and values.null_count and _is_large(values)
    ]
    frame: pd.DataFrame = table.to_pandas()
    return frame.assign(**{name: table[name].to_pandas(types_mapper=nullable.get) for name in rounded}) if rounded else frame


def _exact(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column in a type that pandas has: decimals as float64, whole ones that it would round as integers, or as their digits."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_date(values.type):
        return values.cast(pa.timestamp("us"))
    if not pa.types.is_decimal(values.type):
        return values
    if not _is_large(values) or not pc.all(pc.equal(pc.floor(values), values)).as_py():
        return pc.cast(values, pa.float64())
    try:
        return pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return pc.cast(pc.cast(values, pa.decimal256(76, 0)), pa.string())


def _is_large(values: pa.ChunkedArray) -> bool:
    """Whether float64 would round one of the integers."""
    span = pc.min_max(values).as_py()
    return span["max"] is not None and max(span["max"], -span["min"]) > EXACT


def from_frame(frame: pd.DataFrame) -> pa.Table:
    """Return an Arrow table of the frame's columns, without its index; NaN becomes NULL."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def one_below_another(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all frames in one."""
    import pandas as pd

    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def parted(values: npt.NDArray[np.float64], frames: Sequence[pd.DataFrame]) -> list[npt.NDArray[np.float64]]:
    """Return what `one_below_another` was answered, a number a row, for each frame.

    >>> import pandas as pd
    >>> frames = [pd.DataFrame({"x": [1.0, 2.0]}), pd.DataFrame({"x": [3.0]})]
    >>> [part.tolist() for part in parted(one_below_another(frames)["x"].to_numpy(), frames)]
    [[1.0, 2.0], [3.0]]
    """
    import numpy as np

    return list(np.split(values, np.cumsum([len(frame) for frame in frames])[:-1]))


def forms_of_frame(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> dict[str, ValueForm]:
    """Return the form of each column that has one; a column of mixed types has none.

    >>> import pandas as pd
    >>> forms_of_frame(pd.DataFrame({"a": [True, None], "b": [1.0, None], "c": ["x", 1]}), dict.fromkeys("abc", "categorical"))
    {'a': 'boolean', 'b': 'integer'}
    """
    found = {name: _form_of(frame[name], kind) for name, kind in kinds.items()}
    return {name: form for name, form in found.items() if form is not None}


def _form_of(column: pd.Series, kind: Kind) -> ValueForm | None:
    try:
        values = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return None
    return form_of(values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values]), kind)
