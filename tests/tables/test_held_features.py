from __future__ import annotations

import pyarrow as pa

from keepfit.tables.held_features import HOUR, beside, held, key_columns, without_time


def test_keys_are_texts_and_a_rank_is_as_it_is():
    found = key_columns(pa.table({"k": [1, None], "r": ["b", "a"]}), ["k"], pa.array([5, None]), rank="r")
    assert found.to_pylist() == [{"k": "1", "_time": 5, "_rank": "b"}, {"k": None, "_time": None, "_rank": "a"}]
    assert without_time(found["_time"]) == 1


def test_what_is_exactly_as_old_as_is_allowed_holds_and_none_stays_none():
    places, at, since = pa.array([0, 0, None], pa.int64()), pa.array([HOUR, HOUR + 1, 0]), pa.array([0])
    assert held(places, at, since, hours=1).to_pylist() == [0, None, None]
    assert held(places, at, since, hours=None) is places


def test_columns_come_beside_rows_in_their_own_types():
    rows, columns = pa.table({"id": [1, 2]}), pa.table({"n": pa.array([7], pa.int8()), "w": pa.array(["x"]).dictionary_encode()})
    found = beside(rows, columns, pa.array([None, 0], pa.int64()))
    assert found.to_pylist() == [{"id": 1, "n": None, "w": None}, {"id": 2, "n": 7, "w": "x"}]
    assert found.schema.field("n").type == pa.int8()
