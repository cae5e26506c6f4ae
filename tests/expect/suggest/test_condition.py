"""The rows of a slice and the condition that names them are the same rows."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import UnknownNameError
from keepfit.expect.suggest.condition import condition_of, rows_of_slice
from keepfit.slices.name import Slice

TABLE = pa.table({"of": ["a", 'b"c', None], "two words": [1, 2, 3], "x": [1.0, 2.5, None]})


@pytest.mark.parametrize("where", [Slice("of", "a"), Slice("of", 'b"c'), Slice("two words", "2"), Slice("x", "2.5"), Slice("x", "1"), Slice()])
def test_the_condition_names_the_rows_of_the_slice(where):
    condition = condition_of(where)
    frame = TABLE.to_pandas()
    named = frame.query(condition["row_condition"]) if condition else frame
    assert rows_of_slice(TABLE, where).num_rows == len(named) > 0


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(UnknownNameError):
        rows_of_slice(TABLE, Slice("off", "a"))
