"""Lost values: their share before, and when their absence is a surprise."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from keepfit.monitor.detectors.lost_category import LostCategory
from keepfit.profiles.profile import learn_layout, profile_table


def compare(a, b):
    layout = learn_layout(pa.table({"x": a}), {"x": "categorical"})
    sides = [profile_table(pa.table({"x": side}), layout, "w").columns["x"] for side in (a, b)]
    return LostCategory().compare(*sides, "x")


def test_the_effect_is_the_share_that_the_lost_ones_had():
    found = compare(["a"] * 80 + ["b"] * 15 + ["c"] * 5, ["a"] * 50)
    assert (found.statistic, found.effect) == (2.0, pytest.approx(0.2))
    assert found.p_value == pytest.approx(3 * stats.fisher_exact([[15, 0], [85, 50]]).pvalue)
    assert found.detail == "lost: 'b' (15.0% before), 'c' (5.0% before)"


def test_a_rare_one_missing_from_a_small_window_is_no_surprise():
    assert compare(["a"] * 990 + ["b"] * 10, ["a"] * 50).p_value == 1


def test_a_new_category_is_not_lost():
    assert compare(["a"] * 50, ["a", "b"] * 50).effect == 0


def test_the_detail_is_bounded():
    found = compare(["x" * 500 + str(i) for i in range(40)] * 5 + ["a"], ["a"] * 100)
    assert found.detail.endswith("and 35 more")
    assert len(found.detail) < 500


def test_no_more_false_alarms_than_promised():
    rng = np.random.default_rng(8)
    shares = 0.5 ** np.arange(1, 13)
    names = np.array(list("abcdefghijkl"))
    p_values = [compare(*(rng.choice(names, size, p=shares / shares.sum()).tolist() for size in (2000, 200))).p_value for _ in range(400)]
    assert np.mean(np.array(p_values) < 0.05) <= 0.05  # conservative; the share's standard error would be .011
