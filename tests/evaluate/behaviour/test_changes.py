from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError
from keepfit.evaluate.behaviour.changes import RowChange, applied, differs, with_typos


def column(*values):
    return pd.Series(list(values), name="c")


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (RowChange("set", "c", "AA"), ["UA", None], ["AA", "AA"]),
        (RowChange("set", "c", 7), ["1", "x"], ["7", "7"]),
        (RowChange("set", "c", 0.5), [1, 2], [0.5, 0.5]),
        (RowChange("set", "c", True), [False, True], [True, True]),
        (RowChange("swap", "c", ("JFK", "LGA")), ["JFK", "LGA", "EWR"], ["LGA", "JFK", "EWR"]),
        (RowChange("swap", "c", (1, 2)), [1, 2, 3], [2, 1, 3]),
        (RowChange("add", "c", -4), [10.0, 6.5], [6.0, 2.5]),
        (RowChange("multiply", "c", 2), [10, 3], [20, 6]),
        (RowChange("case", "c", "lower"), ["UA", "Aa"], ["ua", "aa"]),
        (RowChange("case", "c", "title"), ["new york"], ["New York"]),
        (RowChange("append", "c", " thanks"), ["on time?"], ["on time? thanks"]),
    ],
)
def test_each_change_does_what_it_says(change, before, after):
    assert change.of(column(*before), seed="t").tolist() == after
    assert change.column in change.text


@pytest.mark.parametrize("change", [RowChange("add", "c", 1), RowChange("multiply", "c", 2)])
def test_what_is_missing_stays_missing(change):
    assert np.isnan(change.of(column(1.0, np.nan), seed="t").iloc[1])


def test_a_value_may_be_set_to_missing():
    assert RowChange("set", "c", None).of(column(1, 2), seed="t").isna().all()
    assert RowChange("set", "c", None).of(column("a", "b"), seed="t").isna().all()


@pytest.mark.parametrize(
    ("change", "values"),
    [
        (RowChange("add", "c", 1), ["a"]),
        (RowChange("add", "c", 1), [True]),
        (RowChange("set", "c", "AA"), [1.5]),
        (RowChange("swap", "c", (1, 2)), [True, False]),
    ],
)
def test_a_change_of_a_column_that_holds_something_else_is_refused(change, values):
    with pytest.raises(DataError, match="'c'"):
        change.of(column(*values), seed="t")


@given(st.text(max_size=60), st.integers(1, 5), st.text(max_size=5))
def test_typos_move_letters_and_lose_none(text, number, seed):
    typed = with_typos(text, number, seed=seed)
    assert Counter(typed) == Counter(text)
    assert typed == with_typos(text, number, seed=seed)
    assert sum(was != now for was, now in zip(text, typed, strict=True)) <= 2 * number


def test_another_test_makes_other_typos():
    text = "the flight to Los Angeles was late again"
    assert len({with_typos(text, 1, seed=f"test {n}") for n in range(20)}) > 5


@given(st.lists(st.sampled_from(["JFK", "LGA", "EWR", None]), min_size=1, max_size=30))
def test_swapping_twice_changes_nothing(values):
    frame = pd.DataFrame({"c": pd.Series(values, dtype=object)})
    twice = (RowChange("swap", "c", ("JFK", "LGA")),) * 2
    assert not differs(frame, applied(twice, frame, seed="t"), {"c"}).any()
    once = differs(frame, applied(twice[:1], frame, seed="t"), {"c"})
    assert once.tolist() == [value in ("JFK", "LGA") for value in values]
