"""A slice's rows, as people write it and as a search names it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.queue.slice_rows import first_slice, slice_mask
from keepfit.errors import UnknownNameError
from keepfit.profiles.profile import learn_layout
from keepfit.slices.codes import code_columns
from keepfit.slices.search import find_slices

TABLE = pa.table({"x": [1.0, 2.0, None, 4.0], "c": ["a", "b", "a", "z"], "n": [1.0, 1.0, 2.0, None]})
COLUMNS = code_columns(TABLE, learn_layout(TABLE.slice(0, 3), {"x": "numeric", "c": "categorical"}))


def rows(name, columns=COLUMNS):
    return np.flatnonzero(slice_mask(name, TABLE, columns, where="--slice")).tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("c=a", [0, 2]), ("c=a & x is missing", [2]), ("c is other", [3]), ("x in (1, 2]", [1]), ("n=1", [0, 1]), ("n=(missing)", [3]), ("c=z", [3])],
)
def test_the_rows_of_a_slice(name, expected):
    assert rows(name) == expected


def test_without_a_champion_a_slice_is_a_column_and_its_value():
    assert rows("c=a", columns=()) == [0, 2]
    with pytest.raises(UnknownNameError):
        rows("x in (1, 2]", columns=())


@pytest.mark.parametrize("name", ["c=q", "d=a", "c", "", "c=a & "])
def test_what_is_no_slice_of_the_table_is_refused_with_the_nearest(name):
    with pytest.raises(UnknownNameError) as refused:
        rows(name)
    assert refused.value.where == "--slice"


def test_every_slice_that_a_search_finds_has_the_rows_that_it_was_found_for():
    rng = np.random.default_rng(0)
    table = pa.table({"x": rng.normal(size=3000), "c": rng.choice(list("abc"), 3000)})
    columns = code_columns(table, learn_layout(table, {"x": "numeric", "c": "categorical"}))
    bad = (np.array(table["c"].to_pylist()) == "b") & (np.asarray(table["x"]) > 1)
    found = find_slices(columns, np.where(bad, rng.random(3000) < 0.9, rng.random(3000) < 0.1).astype(float))
    assert found
    assert [int(slice_mask(one.slice, table, columns, where="").sum()) for one in found] == [one.rows for one in found]


def test_a_row_of_two_slices_is_of_the_first():
    assert first_slice(["a", "b"], [np.array([True, False]), np.array([True, True])], 2) == ["a", "b"]
    assert first_slice([], [], 2) == ["", ""]
