"""The forms of a pandas frame's columns: what a model is trained on comes as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from keepfit.records.words import ValueForm
from keepfit.tables.values import Kind, form_of

if TYPE_CHECKING:
    import pandas as pd


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
