"""The bar: 95 ± 2 % of the intervals hold the truth, also where days resemble the day before; `tests/bench/bench_impact.py` has all settings."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp
from tests.evaluate.impact.priced_days import Days, covered

from keepfit.evaluate.impact.paired import paired_mean
from keepfit.stats.spread import Influences, Spread, clustered

RUNS = 800
TWO_SIGMA = 0.0154
"""Of a coverage of 95 % in 800 runs."""


def test_rows_without_clusters_have_students_interval():
    gains = np.random.default_rng(0).normal(0.1, 1, 50)
    found, expected = paired_mean(gains, confidence=0.9), ttest_1samp(gains, 0).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("regression", [False, True], ids=["costs", "loss"])
@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_the_interval_of_a_month_holds_also_where_days_resemble_the_day_before(alike, regression):
    held, plain = covered(Days(days=28, alike=alike, regression=regression), RUNS, seed=11)
    assert 0.93 - TWO_SIGMA <= held <= 0.97 + TWO_SIGMA
    assert alike == 0 or plain < 0.9  # what these days do to an interval that takes them as independent


def test_groups_have_no_neighbours_so_their_order_does_not_matter():
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(40), 5)
    gains = np.cumsum(rng.normal(size=40))[group] + rng.normal(size=200)
    shuffled = rng.permutation(40)[group]
    alone = Spread(error=gains.std(ddof=1) / 200**0.5, freedom=199)
    reach = clustered([Influences(group, (gains - gains.mean()) / 200)], alone).reach(0.975)
    for codes in (group, shuffled):
        found = paired_mean(gains, confidence=0.95, clusters=codes, cluster="group")
        assert found.high - found.mean == pytest.approx(reach)
    days = paired_mean(gains, confidence=0.95, clusters=group, cluster="day")
    assert days.high - days.mean > 1.5 * reach


@pytest.mark.parametrize(("gains", "clusters", "why"), [([1.0], None, "one row"), ([1.0, 2.0], [0, 0], "one cluster")])
def test_what_has_no_variance_has_no_interval_and_says_why(gains, clusters, why):
    found = paired_mean(np.array(gains), confidence=0.95, clusters=None if clusters is None else np.array(clusters), cluster="day")
    assert (found.low, found.high) == (None, None)
    assert why in found.why
