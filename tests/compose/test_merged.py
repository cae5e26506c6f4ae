"""The wide rows of many windows in one order: what they are does not depend on how each window is stored or read."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose import merged as module
from keepfit.compose.merged import WideColumns, merged
from keepfit.compose.sources import gather
from keepfit.errors import DataError
from keepfit.params import DataParams
from keepfit.records import Window

FIRST = datetime(2013, 1, 1)
DATA = DataParams(live="x.csv", time="t", id="id", window="week")


WINDOWS = st.lists(st.lists(st.integers(0, 10**6), min_size=1, max_size=12, unique=True), min_size=1, max_size=5)
STORED = (pa.dictionary(pa.int8(), pa.string()), pa.large_string(), pa.string())


def window(number):
    start = FIRST + timedelta(days=7 * number)
    return Window(id=f"2013-W{number + 1:02d}", source="live", start=start, end=start + timedelta(days=7))


def table(number, ids, **columns):
    times = pa.array([window(number).start + timedelta(minutes=at) for at in range(len(ids))], pa.timestamp("us"))
    return pa.table({"id": pa.array(ids, pa.string()), "t": times, "y": [1.0] * len(ids), **columns})


def rows_of(*tables):
    windows = [window(number) for number in range(len(tables))]
    return gather({one.id: rows for one, rows in zip(windows, tables, strict=True)}, windows, DATA, id_column="id", target="y")


def joined(rows, chosen=None):
    chosen = np.arange(len(rows)) if chosen is None else np.array(chosen)
    return pa.concat_tables([part for _, part in merged(rows, WideColumns.of(rows), chosen)])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 10**6), min_size=1, max_size=12, unique=True), min_size=1, max_size=5), st.randoms(use_true_random=False), st.booleans()
)
def test_the_chosen_rows_come_in_the_order_of_their_ids_whatever_the_blocks_are(numbers, chance, in_order):
    ids = [[f"{at}-{number}" if chance.random() < 0.5 else f"{number}+{at}" for number in part] for at, part in enumerate(numbers)]
    tables = [table(at, sorted(part) if in_order else part, x=[f"x of {one}" for one in (sorted(part) if in_order else part)]) for at, part in enumerate(ids)]
    every = sorted(one for part in ids for one in part)
    chosen = [at for at in range(len(every)) if chance.random() < 0.7]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "BLOCK", 3)
        patched.setattr(module, "PIECE", 2)
        patched.setattr(module, "LEAST", 2)
        found = joined(rows_of(*tables), chosen).to_pylist() if chosen else []
    assert [row["id"] for row in found] == [every[at] for at in chosen]
    assert all(row["x"] == f"x of {row['id']}" for row in found)


def test_a_column_that_comes_later_is_null_before_and_stands_last():
    found = joined(rows_of(table(0, ["b"], a=[1]), table(1, ["a"], late=["x"])))
    assert found.column_names == ["id", "t", "y", "a", "_window", "late"]
    assert found.select(["a", "late"]).to_pylist() == [{"a": None, "late": "x"}, {"a": 1, "late": None}]


def test_integers_before_floats_are_widened_and_none_is_rounded():
    found = joined(rows_of(table(0, ["b"], a=[7]), table(1, ["a"], a=[1.5])))
    assert found["a"].to_pylist() == [1.5, 7.0]


def test_a_column_that_arrow_cannot_widen_is_read_as_what_its_first_values_are():
    found = joined(rows_of(table(0, ["b", "d"], a=[True, None]), table(1, ["a", "c"], a=["False", "true"])))
    assert found["a"].to_pylist() == [False, True, True, None]


def test_a_column_of_two_things_is_refused_before_any_row_is_read():
    rows = rows_of(table(0, ["b"], a=[1.0]), table(1, ["a"], a=["north"]))
    with pytest.raises(DataError, match=r"the column 'a' is number in one table, and 1 of 1 values of another are none: 'north'"):
        WideColumns.of(rows)


def test_text_has_one_type_whatever_wrote_it():
    words = pa.array(["x", None])
    tables = [
        table(at, [f"{at}a", f"{at}b"], a=words.cast(kind)) for at, kind in enumerate([pa.dictionary(pa.int8(), pa.string()), pa.large_string(), pa.string()])
    ]
    found = joined(rows_of(*tables))
    assert found.schema.field("a").type == pa.string()
    assert found["a"].to_pylist() == ["x", None] * 3
