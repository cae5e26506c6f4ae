from __future__ import annotations

import pyarrow as pa

from keepfit.tables.digest import rows_digest

TABLE = pa.table({"x": [1.0, None, 3.0], "c": ["a", "b", None]})


def test_the_digest_is_of_the_values_in_their_order_and_blind_to_names():
    assert rows_digest(TABLE) == rows_digest(TABLE.rename_columns(["y", "d"]))
    assert rows_digest(TABLE) != rows_digest(TABLE.take([1, 0, 2]))


def test_one_value_more_or_another_missing_one_is_another_digest():
    others = [TABLE.slice(0, 2), TABLE.set_column(0, "x", pa.array([1.0, 2.0, 3.0])), TABLE.set_column(1, "c", pa.array(["a", None, "b"]))]
    assert len({rows_digest(table) for table in (TABLE, *others)}) == 4
