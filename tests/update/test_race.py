"""A race of recipes on gains that are known by heart: who leads, what it is worth on windows that did not choose it, and when that is sure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from keepfit.errors import DataError
from keepfit.update.bounded_value import BoundedValue
from keepfit.update.race import REFERENCE, race


def gains(*values, error=0.0, n=100):
    """Paired gains, each with a standard error from its rows."""
    reach = stats.norm.ppf(0.95) * error
    return [BoundedValue(value=value, low=value - reach, high=value + reach, n=n) for value in values]


def of(**recipes):
    return race(recipes, confidence=0.95)


def test_the_first_two_thirds_rank_and_the_rest_tells_the_value():
    found = of(early=gains(3, 3, 3, 3, 0, 0), late=gains(0, 0, 0, 0, 3, 3))
    assert (found.windows, found.ranking, found.leader) == (6, 4, "early")
    assert [(name, one.ranked, one.rest.value) for name, one in found.recipes.items()] == [("early", 3, 0), ("late", 0, 3)]


def test_what_was_best_by_chance_where_it_was_chosen_is_not_written():
    found = of(lucky=gains(5, 4, 5, 4, 5, 4, 0.1, -0.1, 0.2))
    assert (found.leader, found.chosen) == ("lucky", REFERENCE)


def test_a_gain_that_lasts_is_chosen():
    found = of(last3=gains(1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0, 1.1, 0.9), decay2=gains(0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert (found.leader, found.chosen) == ("last3", "last3")


def test_no_recipe_leads_where_none_was_better_than_all_history():
    found = of(last1=gains(-1, -1, -1, 4, 4), last3=gains(0, 0, 0, 5, 5))
    assert (found.leader, found.chosen) == (REFERENCE, REFERENCE)


def test_the_bounds_are_students_t_over_windows():
    rest = (0.02, 0.05, 0.01, 0.04)
    told = of(last3=gains(0, 0, 0, 0, 0, 0, 0, 0, *rest)).recipes["last3"].rest
    error = np.std(rest, ddof=1) / 2
    assert told.low == pytest.approx(np.mean(rest) - stats.t.ppf(0.95, 3) * error)
    assert told.high == pytest.approx(np.mean(rest) + stats.t.ppf(0.95, 3) * error)
    assert (told.clusters, told.n, told.freedom) == (4, 400, pytest.approx(3))


def test_the_p_value_is_that_of_students_t_and_holms_over_all_recipes():
    rest = {"a": (0.02, 0.05, 0.01, 0.04), "b": (0.01, 0.05, -0.01, 0.04), "c": (0.0, 0.01, -0.01, 0.0)}
    found = of(**{name: gains(*(0,) * 8, *values) for name, values in rest.items()})
    alone = {name: stats.ttest_1samp(values, 0, alternative="greater").pvalue for name, values in rest.items()}
    assert {name: one.p for name, one in found.recipes.items()} == pytest.approx({"a": 3 * alone["a"], "b": 2 * alone["b"], "c": alone["c"]})


def test_windows_that_agree_by_chance_are_no_surer_than_their_rows():
    told = of(last3=gains(0, 0, 0, 0, 1.0, 1.0, error=2.0)).recipes["last3"].rest
    assert told.value - told.low == pytest.approx(stats.t.ppf(0.95, 1) * 2.0 / np.sqrt(2))


def test_with_eight_windows_their_own_spread_is_taken_as_it_is():
    rest = (1.0, 1.1, 0.9, 1.0, 1.2, 0.8, 1.0, 1.0)
    told = of(last3=gains(*(0,) * 16, *rest, error=9.0)).recipes["last3"].rest
    assert told.value - told.low == pytest.approx(stats.t.ppf(0.95, 7) * np.std(rest, ddof=1) / np.sqrt(8))


def test_a_window_whose_rows_are_of_one_moment_has_a_gain_and_no_spread_of_its_own():
    silent = [replace(one, low=-np.inf, high=np.inf) for one in gains(0, 0, 0, 0, 1.0, 1.5)]
    told = of(last3=silent).recipes["last3"].rest
    assert told.value - told.low == pytest.approx(stats.t.ppf(0.95, 1) * 0.25)


def test_a_recipe_that_is_all_history_by_another_name_gains_nothing_for_sure():
    found = of(last99=gains(0, 0, 0, 0, 0, 0))
    assert (found.leader, found.recipes["last99"].rest.low, found.recipes["last99"].p) == (REFERENCE, 0, 1)


def test_of_equals_the_one_that_was_named_first_leads():
    assert list(of(b=gains(1, 1, 1, 1), a=gains(1, 1, 1, 1)).recipes) == ["b", "a"]


def test_fewer_than_four_windows_decide_no_race():
    with pytest.raises(DataError, match="a race needs 4 windows with labels after the first, there are 3"):
        of(last3=gains(1, 1, 1))


def test_recipes_that_are_no_better_are_written_in_fewer_than_one_race_of_twenty_though_windows_differ_more_than_rows():
    """Three recipes, windows whose gains differ by 1 and are known to .01; 400 races: at most 5 % would err by 1.1 % (sd)."""
    rng = np.random.default_rng(0)
    for windows in (6, 12, 24):
        written = [of(**{name: gains(*rng.normal(size=windows), error=0.01) for name in "abc"}).chosen != REFERENCE for _ in range(400)]
        assert np.mean(written) < 0.05
