"""What every pair detector promises, built-in or from another package: discovered, not listed."""

import math

import numpy as np
import pyarrow as pa
import pytest

from keepfit import plugins
from keepfit.profiles.pairs import count_pairs
from keepfit.profiles.profile import learn_layout
from keepfit.records import Evidence, from_json, to_json

RNG = np.random.default_rng(0)
N = 600
X = RNG.normal(size=N)
APART = pa.table({"x": X, "y": RNG.normal(size=N)})
TOGETHER = pa.table({"x": X, "y": X + 0.3 * RNG.normal(size=N)})
DETECTORS = plugins.names("pair_detectors")

pytestmark = pytest.mark.parametrize("detector", [plugins.load("pair_detectors", name)() for name in DETECTORS], ids=DETECTORS)


def compare(detector, a, b):
    layout = learn_layout(APART, {"x": "numeric", "y": "numeric"})
    return detector.compare(*(count_pairs(side, layout, "w").pairs["x|y"] for side in (a, b)), "x|y")


def test_it_goes_by_its_name(detector):
    assert type(detector) is plugins.load("pair_detectors", detector.name)
    found = compare(detector, APART, TOGETHER)
    assert (found.detector, found.subject) == (detector.name, "x|y")


def test_a_large_change_is_seen_and_none_is_not(detector):
    assert compare(detector, APART, TOGETHER).p_value < 0.001
    assert compare(detector, APART, APART).effect == 0
    assert compare(detector, APART, APART).p_value > 0.5


def test_the_effect_is_the_same_in_both_directions_and_the_evidence_twice(detector):
    assert compare(detector, APART, TOGETHER).effect == compare(detector, TOGETHER, APART).effect
    assert compare(detector, APART, TOGETHER) == compare(detector, APART, TOGETHER)


def test_more_rows_of_the_same_change_are_stronger_evidence_not_a_larger_effect(detector):
    slight = pa.table({"x": X, "y": 0.3 * X + RNG.normal(size=N)})
    small, large = (compare(detector, *(pa.concat_tables([side] * times) for side in (APART, slight))) for times in (1, 5))
    assert large.effect == pytest.approx(small.effect, abs=0.02)
    assert large.p_value <= small.p_value


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 50, [None] * 50, [math.inf, -math.inf, math.nan, 1e300, -1e300] * 10])
def test_odd_windows_give_records_without_nan(detector, values):
    odd = pa.table({"x": pa.array(values, pa.float64()), "y": pa.array(values[::-1], pa.float64())})
    for a, b in ((APART, odd), (odd, APART), (odd, odd)):
        found = compare(detector, a, b)
        assert all(value is None or math.isfinite(value) for value in (found.statistic, found.effect, found.p_value))
        assert from_json(Evidence, to_json(found)) == found


def test_what_cannot_be_measured_is_none_and_says_why(detector):
    found = compare(detector, APART, APART.slice(0, 0))
    assert (found.statistic, found.effect, found.p_value) == (None, None, None)
    assert found.detail
