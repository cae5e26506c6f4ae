from __future__ import annotations

import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compose.quality.test_text_signatures import text

from keepfit.compose.quality.near import Comparable, near_repeats, scaled
from keepfit.compose.quality.text_signatures import signatures


def rows(numbers, same=None):
    numbers = np.asarray(numbers, np.float32)
    return Comparable(same=np.zeros(len(numbers), np.uint64) if same is None else np.asarray(same, np.uint64), numbers=numbers)


def found(comparable, order=None):
    repeats, beside = near_repeats(comparable, np.arange(len(comparable.same)) if order is None else np.asarray(order))
    return dict(zip(repeats.tolist(), beside.tolist(), strict=True))


def test_planted_copies_are_found_with_the_row_that_they_repeat():
    rng = np.random.default_rng(0)
    values, same = rng.normal(size=(20_000, 8)), rng.integers(0, 20, 20_000)
    copies = rng.choice(np.arange(10_000, 20_000), 500, replace=False)
    values[copies], same[copies] = values[copies - 10_000] + rng.uniform(-5e-4, 5e-4, (500, 8)), same[copies - 10_000]
    numbers = np.stack([scaled(column) for column in values.T], axis=1)
    assert found(rows(numbers, same)) == dict(zip(copies.tolist(), (copies - 10_000).tolist(), strict=True))


def test_another_category_or_a_missing_number_is_another_row():
    assert found(rows([[0.0], [0.0]], same=[1, 2])) == {}
    assert found(rows([[0.0], [np.nan]])) == {}
    assert found(rows([[np.nan], [np.nan]])) == {1: 0}


def test_what_is_near_to_a_row_that_is_left_out_may_stay():
    assert found(rows([[0.0], [0.9], [1.8]])) == {1: 0}


def test_the_row_that_stays_is_the_first_in_the_order_given():
    assert found(rows([[0.0], [0.5]]), order=[1, 0]) == {0: 1}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 10, width=32), st.floats(0, 10, width=32)), min_size=1, max_size=7))
def test_few_rows_are_compared_each_with_each(values):
    same, numbers = np.array([one[0] for one in values], np.uint64), np.array([one[1:] for one in values], np.float32)
    kept, expected = [], {}
    for row in range(len(values)):
        near = [other for other in kept if same[other] == same[row] and (np.abs(numbers[other] - numbers[row]) <= 1).all()]
        if near:
            expected[row] = near[0]
        else:
            kept.append(row)
    assert found(rows(numbers, same)) == expected


def test_texts_that_differ_in_a_few_words_are_found_among_thousands():
    rng = np.random.default_rng(1)
    texts = [text(rng=rng) for _ in range(3_000)]
    for at in range(40):
        words = texts[at].split()
        words[int(rng.integers(len(words)))] = "reference-4711"
        texts[2_000 + at] = " ".join(words)
    comparable = Comparable(same=np.zeros(3_000, np.uint64), numbers=np.zeros((3_000, 0), np.float32), texts=[signatures(pa.array(texts))])
    assert len({2_000 + at for at in range(40)} & found(comparable).keys()) >= 38
    assert all(later - earlier == 2_000 for later, earlier in found(comparable).items())


def test_the_cost_grows_with_the_rows_not_with_their_pairs():
    """All rows of one category and nearly one value: each is held against its neighbours only."""
    numbers = np.random.default_rng(0).uniform(0, 1e-3, (100_000, 3)).astype(np.float32)
    begun = time.process_time()
    repeats, _ = near_repeats(rows(numbers), np.arange(100_000))
    assert time.process_time() - begun < 10
    assert len(repeats) > 10_000


@pytest.mark.parametrize("values", [[np.nan, np.nan], [3.0, 3.0], [np.inf, 1.0]])
def test_a_column_without_spread_has_a_scale(values):
    assert not (np.abs(np.diff(scaled(np.array(values)))) <= 1).any() or len({*values}) == 1
