"""Profiles: counts are exact, adding profiles is profiling the rows together, no input crashes."""

import math
from datetime import datetime
from functools import reduce
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError, UnknownNameError
from keepfit.profiles.profile import as_table, kind_of, layout_of, learn_layout, merge, profile_table, reference_of, total
from keepfit.records import Profile, Reference, from_json, to_json

FLOATS = st.lists(st.one_of(st.none(), st.floats(width=32), st.integers(-3, 3).map(float)), max_size=40)
TEXTS = st.lists(st.one_of(st.none(), st.sampled_from("abc"), st.text(max_size=3)), max_size=40)
KINDS = {"x": "numeric", "c": "categorical"}


def tables(rows):
    return rows.map(lambda pairs: pa.table({"x": pa.array([x for x, _ in pairs], pa.float64()), "c": pa.array([c for _, c in pairs], pa.string())}))


ROWS = tables(st.lists(st.tuples(st.one_of(st.none(), st.floats(width=32)), st.one_of(st.none(), st.sampled_from("abcd"), st.text(max_size=2))), max_size=30))


def counts(profile):
    return {
        name: (column.counts, column.n, column.missing, getattr(column, "nonfinite", None), getattr(column, "other", None), getattr(column, "low", None))
        for name, column in profile.columns.items()
    }


@given(ROWS, st.lists(ROWS, min_size=1, max_size=4))
def test_adding_profiles_is_profiling_the_rows_together(reference, parts):
    layout = learn_layout(reference, KINDS, bins=4, max_categories=2)
    added = reduce(merge, (profile_table(part, layout, "w") for part in parts))
    together = profile_table(pa.concat_tables(parts), layout, "w")
    assert (added.rows, counts(added)) == (together.rows, counts(together))
    assert added.columns["x"].total == pytest.approx(together.columns["x"].total, rel=1e-9, abs=1e30)


@given(ROWS, ROWS, ROWS)
def test_merge_is_commutative_and_associative_with_the_empty_profile_as_zero(a, b, c):
    layout = learn_layout(a, KINDS, bins=4)
    p, q, r = (profile_table(rows, layout, name) for rows, name in ((a, "1"), (b, "2"), (c, "3")))
    assert merge(p, q) == merge(q, p)
    left, right = merge(merge(p, q), r), merge(p, merge(q, r))
    assert (left.window, left.rows, counts(left)) == (right.window, right.rows, counts(right))
    assert merge(p, Profile(window="", rows=0, columns=layout)) == p


@given(FLOATS, FLOATS)
def test_every_number_is_counted_once(reference, values):
    layout = learn_layout(pa.table({"x": pa.array(reference, pa.float64())}), {"x": "numeric"})
    found = profile_table(pa.table({"x": pa.array(values, pa.float64())}), layout, "w").columns["x"]
    finite = [value for value in values if value is not None and math.isfinite(value)]
    assert sum(found.counts) == found.n == len(finite)
    assert found.n + found.missing + found.nonfinite == len(values)
    edges = (-math.inf, *found.edges, math.inf)
    assert found.counts == tuple(sum(low < value <= high for value in finite) for low, high in pairwise(edges))


@given(TEXTS, TEXTS, st.integers(1, 3))
def test_every_category_is_counted_once(reference, values, most):
    layout = learn_layout(pa.table({"c": pa.array(reference, pa.string())}), {"c": "categorical"}, max_categories=most)
    found = profile_table(pa.table({"c": pa.array(values, pa.string())}), layout, "w").columns["c"]
    assert len(found.categories) <= most
    assert found.counts == tuple(values.count(category) for category in found.categories)
    assert sum(found.counts) + found.other + found.missing == len(values)


@given(ROWS, ROWS)
def test_a_profile_survives_json(reference, rows):
    profile = profile_table(rows, learn_layout(reference, KINDS), "w")
    assert from_json(Profile, to_json(profile)) == profile


def test_edges_are_the_references_quantiles_from_just_below_its_minimum_to_its_maximum():
    values = np.arange(1, 3001.0)
    edges = learn_layout(pa.table({"x": values}), {"x": "numeric"}, bins=15)["x"].edges
    assert edges == (np.nextafter(1, -np.inf), *np.arange(200.0, 3001, 200))


def test_a_number_of_few_values_has_a_bin_each():
    edges = learn_layout(pa.table({"x": [3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]}), {"x": "numeric"})["x"].edges
    assert edges[1:] == (1.0, 2.0, 3.0)


def test_the_same_rows_count_the_same_in_every_type_they_can_have():
    layout = learn_layout(pa.table({"c": ["1", "2", "2"], "x": [1.0, 2.0, 2.0]}), KINDS)
    same = [
        pa.table({"c": ["1", "2"], "x": [1, 2]}),
        pa.table({"c": [1, 2], "x": pa.array([1, 2], pa.int8())}),
        pa.table({"c": [1.0, 2.0], "x": pa.array([1, 2], pa.float32())}),
        pa.table({"c": pa.array(["1", "2"]).dictionary_encode(), "x": pa.array([1, 2]).cast(pa.decimal128(21, 2))}),
        pd.DataFrame({"c": ["1", "2"], "x": [1.0, 2.0]}),
        pd.DataFrame({"c": pd.Categorical(["1", "2"]), "x": [1, 2]}),
        pa.concat_tables([pa.table({"c": ["1"], "x": [1.0]}), pa.table({"c": ["2"], "x": [2.0]})]),
    ]
    assert len({profile_table(table, layout, "w").columns["c"] for table in same}) == 1
    assert len({profile_table(table, layout, "w").columns["x"] for table in same}) == 1


def test_booleans_are_categories():
    assert kind_of(pa.bool_()) == "categorical"
    column = learn_layout(pa.table({"b": [True, True, False, None]}), {"b": "categorical"})["b"]
    assert column.categories == ("true", "false")


def test_nan_is_missing_in_both_kinds():
    table = pa.table({"x": [1.0, math.nan, None], "c": [1.0, math.nan, None]})
    found = profile_table(table, learn_layout(table, KINDS), "w")
    assert (found.columns["x"].missing, found.columns["c"].missing) == (2, 2)
    assert found.columns["c"].categories == ("1",)


@pytest.mark.parametrize("values", [[], [None, None], [math.nan], [math.inf, -math.inf], [1e308, 1e308, -1e308], [5.0, 5.0], [-1.7976931348623157e308]])
def test_odd_columns_have_a_profile_that_json_can_hold(values):
    table = pa.table({"x": pa.array(values, pa.float64())})
    layout = learn_layout(table, {"x": "numeric"})
    for rows in (table, pa.table({"x": [0.0, 1.0]})):
        profile = profile_table(rows, layout, "w")
        assert from_json(Profile, to_json(merge(profile, profile))).rows == 2 * rows.num_rows


def test_a_constant_column_that_moves_leaves_its_bin():
    layout = learn_layout(pa.table({"x": [5.0, 5.0]}), {"x": "numeric"})
    assert profile_table(pa.table({"x": [4.0, 5.0, 6.0]}), layout, "w").columns["x"].counts == (1, 1, 1)


def test_a_column_that_the_window_lacks_or_retypes_is_left_out():
    layout = learn_layout(pa.table({"x": [1.0], "y": [1.0], "z": [1.0]}), dict.fromkeys("xyz", "numeric"))
    found = profile_table(pa.table({"x": ["a"], "z": pa.nulls(1)}), layout, "w")
    assert list(found.columns) == ["z"]
    assert found.columns["z"].missing == 1


def test_layouts_that_do_not_fit_are_refused():
    with pytest.raises(UnknownNameError, match="no column 'agee'"):
        learn_layout(pa.table({"age": [1]}), {"agee": "numeric"})
    with pytest.raises(DataError, match="the numeric column 'x' holds string"):
        learn_layout(pa.table({"x": ["a"]}), {"x": "numeric"})
    with pytest.raises(DataError, match="a column of mixed types"):
        as_table(pd.DataFrame({"x": [1, "a"]}, dtype=object))
    one, other = (profile_table(pa.table({"x": v}), learn_layout(pa.table({"x": v}), {"x": "numeric"}), "w") for v in ([1.0], [2.0]))
    with pytest.raises(DataError, match="different edges"):
        merge(one, other)
    with pytest.raises(DataError, match="do not have the same columns: x"):
        merge(one, Profile(window="w", rows=0, columns={}))


def test_a_reference_is_days_on_one_layout_and_its_total_their_sum():
    days = [(f"2013-01-{day:02d}", pa.table({"x": [float(day), 2.0]})) for day in range(1, 9)]
    whole = pa.concat_tables([rows for _, rows in days])
    layout = learn_layout(whole, {"x": "numeric"})
    reference = reference_of(days, layout)
    assert total(reference) == profile_table(whole, layout, "2013-01-01..2013-01-08")
    assert layout_of(reference) == layout
    assert layout_of(from_json(Reference, to_json(reference))) == layout


def test_an_empty_reference_is_one_sentence():
    with pytest.raises(DataError, match="holds no profile"):
        total(Reference(profiles=()))
    assert layout_of(Reference(profiles=())) == {}


def test_times_are_not_profiled():
    assert kind_of(pa.array([datetime(2013, 1, 1)]).type) is None
    assert kind_of(pa.list_(pa.int8())) is None


@given(ROWS, st.integers(0, 12), st.integers(0, 12))
def test_a_slice_of_a_table_counts_only_its_rows(rows, start, length):
    layout = learn_layout(rows, KINDS, bins=4)
    part = rows.slice(start, length)
    copied = pa.table({name: pa.array(part[name].to_pylist(), part[name].type) for name in KINDS})
    assert profile_table(part, layout, "w") == profile_table(copied, layout, "w")
    assert learn_layout(part, KINDS) == learn_layout(copied, KINDS)
