"""The tail of chi-squared against scipy's, and against its sum in fifty digits."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy.special import chdtrc

from keepfit.stats.chi_squared import MANY, NOTHING, chi_squared_beyond

DEGREES = [1, 2, 3, 4, 5, 7, 14, 15, 29, 50, 99, 150, MANY - 1, MANY]


@pytest.mark.parametrize("degrees", DEGREES)
def test_it_is_scipys_function_to_twelve_digits_from_certain_to_the_smallest_normal_float(degrees):
    rng = np.random.default_rng(degrees)
    statistics = [*rng.uniform(0, 3 * degrees + 10, 1_000), *10 ** rng.uniform(-10, 3.45, 1_000), 0.0, 2 * NOTHING + 1, 1e300, math.inf]
    found = np.array([chi_squared_beyond(float(x), degrees) for x in statistics])
    np.testing.assert_allclose(found, chdtrc(degrees, statistics), rtol=3e-13, atol=1e-300)
    assert found.max() <= 1
    assert chi_squared_beyond(-1.0, degrees) == 1
    assert math.isnan(chi_squared_beyond(math.nan, degrees))


@pytest.mark.parametrize("degrees", [degrees for degrees in DEGREES if degrees % 2 == 0])
def test_even_degrees_are_the_finite_sum_in_fifty_digits(degrees):
    for statistic in (1e-9, 0.5, degrees / 2, float(degrees), 3.0 * degrees, 700.0, 1_300.0):
        with localcontext(prec=50):
            half = Decimal(statistic) / 2
            exact = float((-half).exp() * sum(half**k / math.factorial(k) for k in range(degrees // 2)))
        assert chi_squared_beyond(statistic, degrees) == pytest.approx(exact, rel=1e-13, abs=1e-300)


def test_beyond_the_short_sums_scipy_answers():
    assert chi_squared_beyond(600.0, MANY + 301) == chdtrc(MANY + 301, 600.0)
