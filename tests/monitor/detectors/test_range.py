"""Values outside the reference's range: how many, how surprising, how far."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats
from scipy.special import comb

from keepfit.errors import DataError
from keepfit.monitor.detectors.range import OutOfRange
from keepfit.profiles.profile import learn_layout, profile_table


def compare(a, b, kind="numeric"):
    layout = learn_layout(pa.table({"x": a}), {"x": kind})
    sides = [profile_table(pa.table({"x": side}), layout, "w").columns["x"] for side in (a, b)]
    return OutOfRange().compare(*sides, "x")


def test_the_larger_of_the_two_tails_is_the_effect():
    found = compare(np.arange(100.0), np.r_[np.arange(100.0)[:70], [-1.0] * 10, [200.0] * 20])
    assert (found.statistic, found.effect) == (pytest.approx(0.3), pytest.approx(0.2))
    assert found.detail == "above 99: 0.0% before, 20.0% now (up to 200)"


def test_the_p_value_is_rosenbaums_for_both_tails():
    found = compare(np.arange(100.0), np.r_[np.linspace(10, 90, 25), [-1.0] * 5])
    assert found.p_value == pytest.approx(2 * comb(30, 5) / comb(130, 5))


def test_the_ends_of_the_range_are_inside():
    assert compare(np.array([3.0, 4, 9]), np.array([3.0, 9, 9])).effect == 0


@pytest.mark.parametrize("law", [stats.norm(), stats.t(2), stats.lognorm(1)], ids=["normal", "t(2)", "lognormal"])
def test_it_is_calm_on_heavy_tails(law):
    rng = np.random.default_rng(7)
    alarms = [compare(law.rvs(1000, random_state=rng), law.rvs(1000, random_state=rng)).p_value < 0.05 for _ in range(600)]
    assert np.mean(alarms) <= 0.05 + 2 * 0.009  # conservative: counts are few; two standard errors


def test_categories_are_refused():
    with pytest.raises(DataError, match="compares numbers"):
        compare(["a"], ["b"], "categorical")


def test_a_range_that_begins_at_zero_is_said_to():
    found = compare(np.arange(100.0), np.r_[np.arange(80.0), [-1.0] * 20])
    assert found.detail == "below 0: 0.0% before, 20.0% now (down to -1)"
