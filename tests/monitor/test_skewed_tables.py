from __future__ import annotations

import pyarrow as pa

from keepfit.monitor.skewed_tables import VALUE, RowPairs, SkewSide
from keepfit.tables.held_features import TIME, key_columns

ONLINE = pa.table({"k": ["a", "b", "c"], "x": [1.0, 2.0, 3.0], "at": [10, 10, 10], "lone": [0, 0, 0]})
OFFLINE = pa.table({"x": [9.0, 1.0, 2.0], "k": ["a", "a", "b"], "at": [5, 2, 4]})


def side(table):
    return SkewSide(table, key_columns(table, ["k"], table["at"].combine_chunks()))


PAIRS = RowPairs.of(side(ONLINE), side(OFFLINE), pa.array([0, 2, None]))


def test_features_are_what_both_tables_have_beside_keys_and_time():
    assert PAIRS.names(["k", "at"]) == ["x"]


def test_rows_without_an_offline_row_are_not_compared():
    found = PAIRS.compare("x", tolerance=1e-6)
    assert (found.skew.rows, found.skew.differ, found.skew.typical) == (2, 1, 8.0)


def test_a_differing_row_is_looked_for_before_the_row_that_held_and_how_much_earlier_is_told():
    found = PAIRS.compare("x", tolerance=1e-6)
    differing = PAIRS.differing(found)
    assert differing.select(["k", TIME, VALUE]).to_pylist() == [{"k": "a", TIME: 5, VALUE: "1"}]
    assert PAIRS.said("x")[VALUE].to_pylist() == ["9", "1", "2"]
    told = PAIRS.with_earlier(found, differing, pa.array([1]))
    assert (told.stale, told.stale_seconds) == (1, 3e-6)
    assert PAIRS.with_earlier(found, differing, pa.array([None], pa.int64())).stale == 0
