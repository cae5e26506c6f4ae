"""A table as keepfit knows it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import UnknownNameError
from keepfit.params import load_params
from keepfit.tables.conform import conform
from keepfit.tables.unreadable import unreadable_in

PARAMS = load_params(
    "model: {name: m, task: classification, target: left, positive: 'yes'}\n"
    "data: {live: rows.csv, time: t, id: id, group: who, features: {x: numeric}, timezone: Europe/Zurich}\n"
)
TABLE = pa.table({"t": ["2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z"], "id": [1, 2], "who": ["a", "b"], "x": ["$1.5", "none given"], "left": ["yes", None]})


def test_times_are_naive_ids_text_numbers_numbers_and_the_target_is_a_number():
    found = conform(TABLE, PARAMS)
    assert [str(time) for time in found["t"].to_pylist()] == ["2026-01-01 13:00:00", "2026-01-02 13:00:00"]
    assert (found["id"].to_pylist(), found["left"].to_pylist()) == (["1", "2"], [1.0, None])


def test_what_is_no_number_is_noted_of_its_row():
    table = pa.concat_tables([TABLE.set_column(0, "t", pa.array([f"2026-01-{day:02d}", f"2026-02-{day:02d}"])) for day in range(1, 9)])
    table = table.set_column(1, "id", pa.array(range(16))).set_column(3, "x", pa.array(["1"] * 15 + ["n.v."]))
    found = conform(table, PARAMS)
    assert (found["x"].to_pylist()[-2:], unreadable_in(found)) == ([1.0, None], {"x": {"15": "n.v."}})


def test_a_group_that_is_not_there_is_named():
    with pytest.raises(UnknownNameError, match="'who'"):
        conform(TABLE.drop_columns(["who"]), PARAMS)
