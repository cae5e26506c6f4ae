"""The classifier test: its p-value against scipy, its level and its power."""

import numpy as np
import pytest
from scipy import stats

from keepfit.monitor.detectors.c2st import ClassifierTest, mann_whitney

QUICK = ClassifierTest(iterations=10)


@pytest.mark.parametrize("values", [1000, 7], ids=["few ties", "many ties"])
def test_the_p_value_is_scipys(values):
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, values, 90).astype(float), rng.integers(0, values, 70) + values / 20
    expected = stats.mannwhitneyu(b, a, alternative="greater", method="asymptotic")
    assert mann_whitney(a, b) == (pytest.approx(expected.statistic / (90 * 70)), pytest.approx(expected.pvalue))


def test_scores_that_are_all_alike_prove_nothing():
    assert mann_whitney(np.ones(5), np.ones(7)) == (0.5, 1.0)


def test_it_keeps_its_level_without_a_change():
    rng = np.random.default_rng(2)
    p_values = [QUICK.compare(*rng.normal(size=(2, 120, 3)), rng=rng).p_value for _ in range(150)]
    # standard error .018
    assert np.mean(np.array(p_values) <= 0.05) <= 0.05 + 2 * 0.018


def test_it_sees_what_no_single_column_shows():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 3000, 2))
    b[:, 1] = 0.9 * b[:, 0] + np.sqrt(1 - 0.81) * b[:, 1]
    found = ClassifierTest().compare(a, b, rng=rng)
    assert found.p_value < 1e-6
    assert found.effect > 0.2


def test_unequal_sides_do_not_make_a_change():
    rng = np.random.default_rng(4)
    assert ClassifierTest().compare(rng.normal(size=(4000, 2)), rng.normal(size=(200, 2)), rng=rng).p_value > 0.01
