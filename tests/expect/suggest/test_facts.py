"""Facts of a window are what pandas counts of the same rows."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.expect.suggest import streams

from keepfit.expect.suggest.facts import MOST_VALUES, FactsAsked, facts_of, known_values


@pytest.fixture(scope="module", params=[None, streams.without_gap, streams.doubled], ids=["as ever", "gaps", "doubled"])
def rows(request) -> pa.Table:
    return streams.rows_of(3, change=request.param)


def test_numbers_are_pandas_own(rows):
    frame, found = rows.to_pandas(), facts_of(rows, streams.month(3), streams.ASKED)
    for name in ("x", "gap"):
        column = found.columns[name]
        assert (column.n, column.missing) == (frame[name].count(), frame[name].isna().sum())
        assert (column.mean, column.stdev) == (pytest.approx(frame[name].mean()), pytest.approx(frame[name].std()))
        assert (column.low, column.high, column.distinct) == (frame[name].min(), frame[name].max(), frame[name].nunique())
    assert dict(found.columns["of"].counts or {}) == frame["of"].value_counts().to_dict()
    for key, copies in found.copies.items():
        assert copies == frame.duplicated(list(key), keep=False).sum()
    assert (found.rows, found.days) == (len(frame), 30.0)


def test_nan_is_missing_and_infinity_leaves_no_mean():
    found = facts_of(pa.table({"x": [1.0, float("nan"), None], "y": [1.0, float("inf"), 2.0]}), streams.month(0), FactsAsked()).columns
    assert (found["x"].n, found["x"].missing, found["x"].mean) == (1, 2, 1.0)
    assert found["y"].mean is None
    assert found["y"].stdev is None
    assert found["y"].n == 3


def test_hidden_columns_show_no_value_and_large_ones_no_list():
    table = pa.table({"name": ["Ann", None, "Bob"] * 100, "of": [str(at) for at in range(300)], "_mine": [1] * 300, "never": pa.nulls(300)})
    found = facts_of(table, streams.month(0), FactsAsked(hidden=frozenset({"name"})))
    assert found.columns["name"].counts is None
    assert found.columns["name"].missing == 100
    assert found.columns["of"].counts is None
    assert found.columns["of"].distinct == 300 > MOST_VALUES
    assert known_values([found], "of") is None
    assert "_mine" not in found.columns
    assert found.columns["never"].missing == 300
