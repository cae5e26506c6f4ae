from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.tables.part import TablePart, as_part, may_be_read_in_part

TIME, WORDS = ("t", pa.timestamp("us", "UTC")), ["y"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ([TIME, ("y", pa.float64())], True),
        ([("t", pa.date32())], True),
        ([("t", pa.string())], False),
        ([("t", pa.int64())], False),
        ([("y", pa.float64())], False),
        ([TIME, ("y", pa.string())], False),
        ([TIME, ("y", pa.dictionary(pa.int32(), pa.string()))], False),
        ([TIME, ("x", pa.string())], True),
        ([TIME, TIME], False),
    ],
)
def test_a_schema_tells_whether_rows_may_be_left_unread(fields, told):
    assert may_be_read_in_part(pa.schema(fields), "t", WORDS) is told


def test_a_table_that_was_read_whole_is_a_part_of_which_nothing_is_missing():
    table = pa.table({"x": [1]})
    part = as_part(table)
    assert (part.rows, part.span, part.unread) == (None, None, None)
    assert as_part(part) is part
    assert isinstance(part, TablePart)
