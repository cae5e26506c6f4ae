"""Tables in memory that are odd, and what is no table: one sentence with the call that helps."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.api.frames import frame
from tests.contracts.test_light_imports import loaded

import keepfit
from keepfit.api import engine_frames
from keepfit.errors import DataError

NUMBERS = pd.DataFrame({"x": range(300)})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pd.Series([1, 2]), "reference is one column (a Series), not a table (reference)\n  fix: reference.to_frame()"),
        (pl.Series("x", [1, 2]), "reference is one column (a Series), not a table (reference)\n  fix: reference.to_frame()"),
        (pa.chunked_array([[1]]), "reference is one column (a ChunkedArray), not a table (reference)\n  fix: pyarrow.table({'values': reference})"),
        (pl.DataFrame({"x": [1]}).lazy(), "reference is a LazyFrame, which has no rows before it is run (reference)\n  fix: reference.collect()"),
        ({"x": [1, 2]}, "reference is no table but a dict (reference)\n  fix: pyarrow.table(reference)"),
        ([{"x": 1}], "reference is no table but a list (reference)\n  fix: pandas.DataFrame(reference)"),
        (np.zeros((3, 2)), "reference is no table but a ndarray (reference)\n  fix: pandas.DataFrame(reference)"),
        (None, "reference is no table but a NoneType (reference)\n  fix: a path, or a table of pandas, Polars or Arrow"),
        (7, "reference is no table but a int (reference)"),
        (pd.DataFrame(), "reference has no columns (reference)"),
        (pa.table({}), "reference has no columns (reference)"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "reference: the column 'a' is there twice (reference)"),
        (pd.DataFrame([[1, 2]], columns=[1, "1"]), "reference: the column '1' is there twice (reference)"),
        (pa.Table.from_arrays([[1], [2]], names=["a", "a"]), "reference: the column 'a' is there twice (reference)"),
        (pd.DataFrame({"x": [1], "m": [{"a": 1}]}).assign(m=[object()]), "reference: the column 'm' cannot be read as one type: "),
        (pd.DataFrame({"x": [1, 2], "m": [1, "a"]}), "reference: the column 'm' cannot be read as one type: Could not convert 'a' with type str"),
        (pd.DataFrame({"z": [1 + 2j]}), "reference: the column 'z' cannot be read as one type: Unsupported numpy type"),
        ("gone.parquet", "no file gone.parquet (gone.parquet)"),
        (b"\x00", "reference is no table but a bytes (reference)"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_is_no_table_is_refused_with_the_call_that_makes_one(data, said):
    with pytest.raises(DataError) as refused:
        keepfit.compare(data, NUMBERS)
    assert str(refused.value).startswith(said)
    with pytest.raises(DataError) as refused:
        keepfit.compare(NUMBERS, data)
    assert str(refused.value).startswith(said.replace("reference", "current"))


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (pd.RangeIndex(300), ()),
        (pd.Index(np.arange(300)[::-1]), ()),
        (pd.RangeIndex(300, name="row"), ("reference: the index 'row' is not compared; reference.reset_index() makes it a column",)),
        (pd.date_range("2026", periods=300), ("reference: the index of datetime values is not compared; reference.reset_index() makes it a column",)),
        (pd.Index([1, "a", None] * 100, dtype=object), ("reference: the index of mixed values is not compared; reference.reset_index() makes it a column",)),
        (
            pd.MultiIndex.from_product([range(3), range(100)], names=["a", "b"]),
            ("reference: the index 'a', 'b' is not compared; reference.reset_index() makes it a column",),
        ),
    ],
    ids=["none", "row numbers", "named", "times", "mixed", "several"],
)
def test_an_index_is_left_out_and_that_is_said_where_it_is_more_than_row_numbers(index, said):
    found = keepfit.compare(NUMBERS.set_index(index), NUMBERS)
    assert (found.remarks, [one.column for one in found.drift.changes]) == (said, ["x"])
    assert all(line in repr(found) and line.replace("'", "&#39;") in found._repr_html_() for line in said)


def test_odd_columns_are_compared_or_named_as_not_compared():
    made = frame()
    made["list"] = [[1]] * len(made)
    made["bytes"] = [b"a"] * len(made)
    made["text"] = made["city"].astype(object)
    made["sizes"] = pd.Categorical.from_codes(np.arange(len(made)) % 3, categories=["s", "m", "l"], ordered=True)
    found = keepfit.compare(made, made)
    assert dict(found.drift.skipped).keys() == {"at", "list", "bytes"}
    assert {one.column: one.reference.kind for one in found.drift.changes} == {
        **dict.fromkeys(("age", "visits", "late"), "numeric"),
        **dict.fromkeys(("city", "plan", "active", "text", "sizes"), "categorical"),
    }


def test_names_that_are_no_texts_are_compared_as_they_read():
    columns = [0, 1.5, ("a", "b"), None]
    found = keepfit.compare(*(pd.DataFrame(np.random.default_rng(seed).normal(size=(200, 4)), columns=columns) for seed in range(2)))
    assert sorted(one.column for one in found.drift.changes) == ["('a', 'b')", "0", "1.5", "None"]


def test_a_table_of_pandas_and_one_of_polars_are_compared_with_each_other():
    found = keepfit.compare(frame(), pl.from_pandas(frame(seed=1)))
    assert (found.verdict, len(found.drift.changes), found.drift.columns) == ("no drift", 6, ())


def test_polars_tables_are_compared_without_pandas_and_arrow_tables_without_both():
    code = "import {tool}, keepfit\none = {make}\nassert keepfit.compare(one, one).passed"
    assert loaded(code.format(tool="polars as pl", make="pl.DataFrame({'x': range(300)})"), heavy=("pandas", "polars")) == {"polars"}
    assert (
        loaded(
            code.format(tool="pyarrow as pa", make="pa.table({'x': pa.chunked_array([pa.nulls(0, pa.int64())])})").replace(".passed", ".drift"),
            heavy=("polars",),
        )
        == set()
    )


def test_a_relation_of_many_rows_is_run_once_and_compared_in_the_same_numbers(monkeypatch):
    made = duckdb.connect().from_arrow(pa.Table.from_pandas(frame(), preserve_index=False))
    whole = keepfit.compare(made, made, slices=True).to_dict()
    monkeypatch.setattr(engine_frames, "IN_MEMORY", 1)
    monkeypatch.setattr(engine_frames, "BATCH", 100)
    streamed = keepfit.compare(made, made, slices=True).to_dict()
    assert streamed == whole
    random = duckdb.connect().sql("select random() as x, i from range(500) t(i)")
    assert keepfit.compare(random, random).drift.changes[0].effect > 0  # two runs of the query; each is the same rows each time it is read
