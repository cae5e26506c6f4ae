"""Rows per window: the formula, its level, and what it cannot say."""

import numpy as np
import pytest
from scipy import stats

from keepfit.monitor.detectors.volume import Volume


def test_it_is_the_prediction_interval_of_the_t_law():
    earlier = [900, 1300, 700, 1100, 1000]
    found = Volume().compare(earlier, 400)
    t = (400 - 1000) / (np.std(earlier, ddof=1) * np.sqrt(1.2))
    assert found.p_value == pytest.approx(2 * stats.t(4).cdf(t))
    assert (found.statistic, found.effect) == (pytest.approx(0.4), pytest.approx(0.6))


@pytest.mark.parametrize("windows", [3, 8, 30])
def test_it_keeps_its_level_when_days_differ_as_they_do(windows):
    rng = np.random.default_rng(windows)
    p_values = [Volume().compare(draws[:-1], draws[-1]).p_value for draws in rng.normal(1000, 150, (4000, windows + 1)).round().astype(int).tolist()]
    level, error = np.mean(np.array(p_values) < 0.05), 3 * 0.0034  # three standard errors
    assert level <= 0.05 + error
    # of three windows the deviation is often below that of counts, which is then taken: fewer alarms than allowed
    assert level >= 0.05 - error or windows == 3


def test_windows_that_were_all_alike_still_scatter_as_counts_do():
    assert Volume().compare([100] * 10, 105).p_value > 0.5
    assert Volume().compare([100] * 10, 0).p_value < 1e-5


@pytest.mark.parametrize(
    ("earlier", "why"), [([], "fewer than three windows"), ([5, 5], "fewer than three windows"), ([0] * 5, "the earlier windows are empty")]
)
def test_what_cannot_be_measured_is_none_and_says_why(earlier, why):
    found = Volume().compare(earlier, 10)
    assert (found.statistic, found.effect, found.p_value, found.detail) == (None, None, None, why)
