"""What every row detector promises, built-in or from another package: discovered, not listed."""

import math

import numpy as np
import pytest

from keepfit import plugins
from keepfit.records import Evidence, from_json, to_json

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(300, 3))
MOVED = RNG.normal(size=(250, 3)) + 1.0
DETECTORS = plugins.names("row_detectors")

pytestmark = pytest.mark.parametrize("detector", [plugins.load("row_detectors", name)() for name in DETECTORS], ids=DETECTORS)


def compare(detector, a, b, seed=0):
    return detector.compare(a, b, rng=np.random.default_rng(seed))


def test_it_goes_by_its_name(detector):
    assert type(detector) is plugins.load("row_detectors", detector.name)
    assert compare(detector, ROWS, MOVED).detector == detector.name


def test_the_same_rows_and_seed_give_the_same_evidence(detector):
    assert compare(detector, ROWS, MOVED) == compare(detector, ROWS, MOVED)


def test_a_large_change_is_seen_and_none_is_not(detector):
    assert compare(detector, ROWS, MOVED).p_value < 0.001
    assert compare(detector, ROWS, ROWS).p_value > 0.05
    assert compare(detector, ROWS, ROWS).effect < 0.1


def test_both_samples_sizes_are_told(detector):
    found = compare(detector, ROWS, MOVED)
    assert (found.n_reference, found.n) == (300, 250)


@pytest.mark.parametrize("odd", [np.empty((0, 3)), ROWS[:1], np.zeros((60, 3)), np.full((60, 3), 1e12)], ids=["empty", "one row", "constant", "huge"])
def test_odd_samples_give_records_without_nan(detector, odd):
    for a, b in ((ROWS, odd), (odd, ROWS), (odd, odd)):
        found = compare(detector, a, b)
        assert all(value is None or math.isfinite(value) for value in (found.statistic, found.effect, found.p_value))
        assert from_json(Evidence, to_json(found)) == found


def test_what_cannot_be_measured_is_none_and_says_why(detector):
    found = compare(detector, ROWS, ROWS[:0])
    assert (found.statistic, found.effect, found.p_value) == (None, None, None)
    assert found.detail
