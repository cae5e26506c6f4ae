"""The kernel: the same counts however the rows are cut, ordered or typed, and the same as a binary search."""

import math
from functools import reduce

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keepfit.errors import DataError
from keepfit.profiles import kernel
from keepfit.profiles.profile import count_numbers, layout_of, learn_layout, profile_table, update, zero
from keepfit.records import NumericProfile, Profile, from_json, to_json

KINDS = {"x": "numeric", "i": "numeric", "c": "categorical"}
NUMBERS = [None, math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, 2.0, math.nextafter(2.0, 3.0), 5e-324, 1e308, -1e308]
INTEGERS = [None, 0, -1, 2**53, 2**53 + 1, 2**53 + 2, 2**62, -(2**63)]
TEXTS = [None, "a", "a ", " a", "", "é", "e\u0301", "日本", "\x00", "A"]
ROW = st.tuples(st.sampled_from(NUMBERS) | st.floats(width=32), st.sampled_from(INTEGERS), st.sampled_from(TEXTS) | st.text(max_size=2))


def table(rows):
    x, i, c = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table({"x": pa.array(x, pa.float64()), "i": pa.array(i, pa.int64()), "c": pa.array(c, pa.string())})


def counts(profile):
    """All that must be equal to the last digit: everything but the float sums."""
    return profile.rows, {
        name: [getattr(column, field, None) for field in ("counts", "n", "missing", "nonfinite", "low", "high", "other", "new")]
        for name, column in profile.columns.items()
    }


@given(st.lists(ROW, max_size=30), st.lists(ROW, max_size=30), st.data())
@example([], [], None)
def test_any_order_and_any_batches_of_the_rows_give_the_same_counts(reference, rows, data):
    layout = learn_layout(table(reference), KINDS, bins=4, max_categories=3)
    whole = profile_table(table(rows), layout, "w")
    shuffled = data.draw(st.permutations(rows)) if data else rows
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4))) if data else []
    batches = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    assert counts(reduce(update, (table(batch) for batch in batches), zero(layout, "w"))) == counts(whole)
    parts = [profile_table(table(batch), layout, "w") for batch in reversed(batches)]
    assert counts(sum(parts[1:], parts[0])) == counts(whole)
    assert zero(layout) + whole == whole == whole + zero(layout)


@given(st.lists(ROW, max_size=30), st.lists(ROW, max_size=30))
def test_dictionaries_and_record_batches_count_as_plain_columns(reference, rows):
    plain = table(rows)
    coded = plain.set_column(2, "c", plain["c"].dictionary_encode())
    layout = learn_layout(table(reference), KINDS, bins=4, max_categories=3)
    expected = profile_table(plain, layout, "w")
    assert profile_table(coded, layout, "w") == expected
    assert learn_layout(coded, KINDS) == learn_layout(plain, KINDS)
    assert sum((profile_table(batch, layout, "w") for batch in coded.slice(len(rows) // 2).to_batches()), zero(layout, "w")) == profile_table(
        plain.slice(len(rows) // 2), layout, "w"
    )


@pytest.mark.parametrize("n", [0, 1, kernel.BLOCK - 1, kernel.BLOCK, 2 * kernel.BLOCK + 1])
def test_blocks_are_not_seen_in_the_counts(n):
    values = np.round(np.random.default_rng(0).normal(size=n), 1)
    edges = (-1.0, -0.5, 0.0, 0.3, 1.2)
    empty = NumericProfile(edges=edges, counts=(0,) * 6, n=0, missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=None, high=None)
    found = count_numbers(values, empty)
    assert found.counts == tuple(np.bincount(np.searchsorted(edges, values, side="left"), minlength=6))
    assert found.total_squared == pytest.approx(float((values**2).sum()))


def test_integers_beyond_float64_are_one_number_and_two_categories():
    rows = pa.table({"x": [2**53, 2**53 + 1], "c": [2**53, 2**53 + 1]})
    layout = learn_layout(rows, {"x": "numeric", "c": "categorical"})
    assert (layout["x"].edges[1:], layout["c"].categories) == ((2.0**53,), ("9007199254740992", "9007199254740993"))
    assert profile_table(rows, layout, "w").columns["x"].counts == (0, 2, 0)


def test_minus_zero_reads_as_zero():
    rows = pa.table({"x": [-0.0]})
    profile = profile_table(rows, learn_layout(rows, {"x": "numeric"}), "w")
    assert "-0.0" not in to_json(profile)
    assert profile == profile_table(pa.table({"x": [0.0]}), profile.columns, "w")


def test_other_is_every_value_past_the_categories_and_new_what_the_reference_never_held():
    layout = learn_layout(pa.table({"c": ["a", "a", "b", "b", "z", "y"]}), {"c": "categorical"}, max_categories=2)
    found = profile_table(pa.table({"c": ["a", "y", "y", "?", None]}), layout, "w").columns["c"]
    assert (found.categories, found.rare, found.counts, found.other, found.new) == (("a", "b"), ("y", "z"), (1, 0), 3, 1)


def test_no_value_is_called_new_where_the_reference_holds_more_than_are_kept():
    layout = learn_layout(pa.table({"c": [str(i) for i in range(600)]}), {"c": "categorical"})
    found = profile_table(pa.table({"c": ["0", "599", "never seen"]}), layout, "w").columns["c"]
    assert (found.rare, found.other, found.new) == (None, 2, 0)


def test_a_profile_written_before_new_was_counted_still_reads():
    old = '{"window": "w", "rows": 2, "columns": {"c": {"kind": "categorical", "categories": ["a"], "counts": [1], "n": 2, "missing": 0, "other": 1}}}'
    profile = from_json(Profile, old)
    assert (profile.columns["c"].rare, profile.columns["c"].new) == (None, 0)
    assert (profile + zero(layout_of(profile))).rows == 2


def test_a_batch_that_lacks_a_column_is_refused():
    layout = learn_layout(pa.table({"x": [1.0]}), {"x": "numeric"})
    with pytest.raises(DataError, match="do not have the same columns: x"):
        update(zero(layout, "w"), pa.table({"y": [1.0]}))
