"""The Kolmogorov distribution against scipy's."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import kolmogorov

from keepfit.stats.kolmogorov import CUT, NEVER_BELOW, kolmogorov_beyond


def test_it_is_scipys_function_to_the_last_digits_over_the_whole_range():
    rng = np.random.default_rng(0)
    bounds = [edge for x in (CUT, NEVER_BELOW) for edge in (math.nextafter(x, 0), x, math.nextafter(x, 2))]
    xs = [*rng.uniform(0, 4, 20_000), *10 ** rng.uniform(-8, 2, 10_000), 0.0, -1.0, 1e300, math.inf, *bounds]
    found = np.array([kolmogorov_beyond(float(x)) for x in xs])
    np.testing.assert_allclose(found, kolmogorov(xs), rtol=1e-14, atol=1e-307)  # a C library may round the last digit of an exponential another way
    assert math.isnan(kolmogorov_beyond(math.nan))


def test_it_falls_from_one_to_zero():
    found = [kolmogorov_beyond(x) for x in np.linspace(0, 20, 2_001)]
    assert found[0] == 1
    assert found[-1] < 1e-300
    assert sorted(found, reverse=True) == found
