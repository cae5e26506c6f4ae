from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.params import DataParams
from keepfit.tables.origins import origins

DATA = DataParams(live="live", time="t", group="who")
ROWS = pa.table({"t": [datetime(2013, 2, day) for day in range(1, 10)], "who": [*"abc", None, *"abcda"][:9], "x": range(9)})


@pytest.mark.parametrize("table", [ROWS, ROWS.to_pandas()], ids=["arrow", "pandas"])
def test_rows_have_their_day_and_their_group(table):
    found = origins(DATA, table)
    assert found.times.astype("datetime64[D]").astype(str).tolist() == [f"2013-02-0{day}" for day in range(1, 10)]
    assert [(found.groups == one).tolist() for one in found.groups[:4]] == [
        [value == one for value in ROWS["who"].to_pylist()] for one in ["a", "b", "c", None]
    ]


def test_a_group_is_the_same_in_every_window_and_in_every_storage():
    others = ROWS.slice(4).set_column(1, "who", ROWS["who"].slice(4).combine_chunks().dictionary_encode())
    assert origins(DATA, others).groups.tolist() == origins(DATA, ROWS).groups[4:].tolist()


def test_a_column_that_is_not_there_or_holds_no_times_is_not_known():
    bare = origins(DATA, ROWS.select(["x"]))
    assert (bare.times, bare.groups) == (None, None)
    text = origins(DataParams(live="live", time="who"), ROWS)
    assert (text.times, text.groups) == (None, None)
