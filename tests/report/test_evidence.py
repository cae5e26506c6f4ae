"""Evidence in words: which way a difference points, what was not called drift, what says nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.records import Evidence, RootCause
from keepfit.report.evidence import between, compared, difference_cells, unseen, value_of, way, with_value

HARM = Evidence(kind="performance", subject="overall", detector="mae", statistic=263.0, effect=-94.0, low=-108.0, high=-80.0, n=1900, n_reference=0)
MOVED = Evidence(kind="data", subject="dewp", detector="ks", statistic=0.54, effect=0.54, p_value=0.2, n=40, n_reference=9000)
NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(NUMBERS)
def test_the_word_is_that_of_the_sign_and_the_number_has_none(effect):
    said = way(effect)
    assert said.endswith("better" if effect > 0 else "worse" if effect < 0 else "no different")
    assert not said.startswith("-")


@given(NUMBERS, NUMBERS)
def test_bounds_say_on_which_sides_they_lie(one, other):
    low, high = sorted((one, other))
    said = between(low, high)
    assert ("worse" in said) == (low < 0)
    assert ("better" in said) == (high > 0 or low >= 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "mae 263, 94 worse than promised (80 to 108 worse) on 1,900 rows"),
        ({"effect": 94.0, "low": 80.0, "high": 108.0}, "mae 263, 94 better than promised (80 to 108 better) on 1,900 rows"),
        ({"effect": -2.0, "low": -5.0, "high": 1.0}, "mae 263, 2 worse than promised (from 5 worse to 1 better) on 1,900 rows"),
        ({"effect": 0.0, "low": None, "high": None}, "mae 263, no different than promised on 1,900 rows"),
    ],
)
def test_a_harm_says_which_way(changes, said):
    assert compared(replace(HARM, **changes), "than promised") == said


def test_what_has_a_side_says_it_in_every_cell_and_what_has_none_is_a_size():
    assert difference_cells(HARM) == ("94 worse", "108 worse", "80 worse")
    assert difference_cells(MOVED) == (0.54, None, None)
    assert difference_cells(replace(HARM, detector="e-detector", effect=0.41, low=None, high=None)) == (0.41, None, None)
    assert difference_cells(replace(HARM, kind="age", effect=59.0)) == (None, None, None)


def test_a_slice_without_a_promise_has_its_value_and_what_was_not_measured_its_reason():
    slice_ = replace(HARM, subject="holiday=none", effect=None, low=None, high=None)
    silent, why = replace(slice_, statistic=None), replace(slice_, statistic=None, detail="no labels")
    assert value_of(slice_) == 263.0
    assert value_of(MOVED) is None
    assert with_value([slice_, silent, why]) == [slice_, why]


@pytest.mark.parametrize("kind", ["none", "concept", "target", "prediction"])
def test_a_cause_without_drift_names_the_largest_change_that_is_none(kind):
    assert unseen(RootCause(kind=kind), [HARM, MOVED]) == "the largest change, not called drift, is ks 0.54 of dewp"


@pytest.mark.parametrize("kind", ["covariate", "schema", "quality"])
def test_a_cause_that_was_seen_names_no_other(kind):
    assert unseen(RootCause(kind=kind, column="x"), [HARM, MOVED]) == ""
    assert unseen(RootCause(kind="none"), [HARM, replace(MOVED, since="2013-02")]) == ""


def test_what_two_measures_say_is_told_in_the_plainer_words():
    both = [replace(MOVED, detector="e-detector", p_value=None), MOVED]
    assert unseen(RootCause(kind="none"), both) == unseen(RootCause(kind="none"), both[::-1]) == "the largest change, not called drift, is ks 0.54 of dewp"
