from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose.drawn_rows import ALL, BroughtRows, DrawRows, RowsOfIds, base_ids, bound_for, draw_ranks, lowest_rows
from keepfit.params import load_params

WANTED = 200
NAMED = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, id: id}")
MADE = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, features: {x: numeric}}")


def table_of(rows):
    times = [datetime(2013, 2, 1) + timedelta(minutes=row) for row in range(rows)]
    return pa.table({"id": [f"r{row}" for row in range(rows)], "t": pa.array(times, pa.timestamp("us")), "x": np.arange(rows) % 7, "y": np.arange(rows) % 2})


ROWS = table_of(2_000)


def drawn(table, params, cuts=()):
    """The sample, its table cut into parts here."""
    look = DrawRows(columns=tuple(table.column_names), params=params, bound=bound_for(WANTED, table.num_rows))
    ends, state = [*sorted(cuts), table.num_rows], look.start(0)
    for begin, end in zip([0, *ends], ends, strict=False):
        state = look.join(state, look.add(look.start(begin), table.slice(begin, end - begin)))
    return lowest_rows(state.table(table.schema), params, WANTED)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, ROWS.num_rows), max_size=4))
def test_the_same_rows_are_drawn_however_the_table_is_cut(cuts):
    rank = draw_ranks(base_ids(ROWS, NAMED))
    expected = sorted(np.argsort(rank, kind="stable")[:WANTED].tolist())
    assert [int(name[1:]) for name in drawn(ROWS, NAMED, cuts)["id"].to_pylist()] == expected


def test_a_window_of_few_rows_comes_whole_and_in_its_order():
    assert bound_for(2_000, 2_000) == ALL
    assert DrawRows(columns=("x",), params=NAMED).add(BroughtRows(), ROWS.select(["x"])).table(ROWS.select(["x"]).schema)["x"].equals(ROWS["x"])


@pytest.mark.parametrize("n", [1_000, 100_000])
def test_a_bound_lets_a_few_more_through_than_are_wanted(n):
    rank = np.random.default_rng(0).integers(0, 2**64, 20 * n, dtype=np.uint64)
    through = int((rank <= np.uint64(bound_for(n, 20 * n))).sum())
    assert n < through < 1.4 * n


def test_rows_that_repeat_another_go_with_it_and_ids_that_are_there_twice_are_seen():
    twice = pa.concat_tables([ROWS, ROWS.slice(0, 500)])
    found = drawn(twice, NAMED)["id"].to_pylist()
    again = {name for name in found if int(name[1:]) < 500}
    assert again
    assert {name: found.count(name) for name in again} == dict.fromkeys(again, 2)
    made = drawn(pa.concat_tables([ROWS, ROWS]).drop_columns("id"), MADE)
    assert made.num_rows >= WANTED
    assert made.group_by("t").aggregate([("x", "count")])["x_count"].unique().to_pylist() == [2]


def test_rows_without_an_id_are_counted():
    names = [None if row % 100 == 0 else f"r{row}" for row in range(2_000)]
    look = DrawRows(columns=tuple(ROWS.column_names), params=NAMED, bound=1)
    assert look.add(look.start(0), ROWS.set_column(0, "id", pa.array(names))).unnamed == 20


def test_dictionaries_come_as_the_values_that_they_stand_for():
    coded = ROWS.set_column(0, "id", ROWS["id"].dictionary_encode())
    assert drawn(coded.cast(coded.schema), NAMED).cast(ROWS.schema).equals(drawn(ROWS, NAMED))


def test_rows_of_ids_come_with_those_that_repeat_them():
    look = RowsOfIds.of(ROWS.column_names, NAMED, ["r3", "r1999", "nobody"])
    assert look.add(look.start(0), ROWS).table(ROWS.schema)["id"].to_pylist() == ["r3", "r1999"]
    made = ROWS.drop_columns("id")
    twice = pa.concat_tables([made, made.slice(3, 1)])
    third = base_ids(made, MADE)[3].as_py()
    asked = RowsOfIds.of(twice.column_names, MADE, [f"{third}-2"])
    assert asked.add(asked.start(0), twice).table(twice.schema)["t"].to_pylist() == [ROWS["t"][3].as_py()] * 2
