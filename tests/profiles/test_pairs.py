"""Pairs: whole sums that add up, a correlation near Spearman's."""

import math
from functools import reduce

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keepfit.errors import DataError
from keepfit.profiles.pairs import correlation, count_pairs, merge_pairs
from keepfit.profiles.profile import learn_layout
from keepfit.records import Pairs, from_json, to_json

KINDS = {"x": "numeric", "y": "numeric", "z": "numeric"}
VALUES = st.one_of(st.none(), st.floats(width=32), st.integers(-3, 3).map(float))
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=25).map(
    lambda rows: pa.table({name: pa.array([row[i] for row in rows], pa.float64()) for i, name in enumerate("xyz")})
)
LAYOUT = learn_layout(pa.table({name: np.arange(-4.0, 5.0) for name in "xyz"}), KINDS, bins=4)


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_adding_pairs_is_counting_the_rows_together(parts):
    added = reduce(merge_pairs, (count_pairs(part, LAYOUT, "w") for part in parts))
    assert added == count_pairs(pa.concat_tables(parts), LAYOUT, "w")


@given(ROWS, ROWS)
def test_merge_is_commutative_with_the_empty_window_as_zero(a, b):
    p, q = (count_pairs(rows, LAYOUT, "w") for rows in (a, b))
    assert merge_pairs(p, q) == merge_pairs(q, p)
    assert merge_pairs(p, count_pairs(a.slice(0, 0), LAYOUT, "w")) == p


@given(ROWS)
def test_rows_that_lack_one_of_the_two_are_left_out(rows):
    found = count_pairs(rows, LAYOUT, "w").pairs["x|z"]
    complete = [row for row in zip(rows["x"].to_pylist(), rows["z"].to_pylist(), strict=True) if all(v is not None and math.isfinite(v) for v in row)]
    assert found.n == len(complete)
    assert all(count >= 0 for count in found.quadrants)
    assert correlation(found) is None or -1 <= correlation(found) <= 1


@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.5])
def test_the_correlation_is_spearmans_but_for_the_bins(rho):
    x, y = np.random.default_rng(1).multivariate_normal([0, 0], [[1, rho], [rho, 1]], 20_000).T
    table = pa.table({"x": np.exp(x), "y": y})
    found = correlation(count_pairs(table, learn_layout(table, {"x": "numeric", "y": "numeric"}), "w").pairs["x|y"])
    assert found == pytest.approx(stats.spearmanr(x, y).statistic, abs=0.01)


def test_the_quadrants_are_around_the_median():
    table = pa.table({"x": np.arange(3000.0), "y": np.arange(3000.0)[::-1]})
    quadrants = count_pairs(table, learn_layout(table, {"x": "numeric", "y": "numeric"}, bins=16), "w").pairs["x|y"].quadrants
    assert sum(quadrants) == 3000
    assert quadrants[1] == pytest.approx(1500, abs=200)
    assert quadrants[0] == 0


def test_counts_do_not_depend_on_types_chunks_or_names():
    table = pa.table({"a|b": [1, 2, 3, None], "c": pa.array([True, False, True, True]), "t": ["x"] * 4})
    layout = learn_layout(table, {"a|b": "numeric", "c": "numeric"})
    found = count_pairs(table, layout, "w")
    assert list(found.pairs) == ["a\\|b|c"]
    halves = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert count_pairs(halves, layout, "w") == found
    assert from_json(Pairs, to_json(found)) == found


def test_two_layouts_are_refused():
    with pytest.raises(DataError, match="do not have the same columns"):
        merge_pairs(count_pairs(pa.table({"x": [1.0], "y": [1.0]}), LAYOUT, "a"), count_pairs(pa.table({"x": [1.0], "z": [1.0]}), LAYOUT, "b"))
