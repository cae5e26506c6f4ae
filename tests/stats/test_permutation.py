"""The tail of a group's mean against the exact law (hypergeometric) and published values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keepfit.stats.permutation import Population, excess, pearson_tail


def binary(n, ones):
    return Population.of_sums([float(n)], [float(ones)], [float(ones)], [float(ones)])


@pytest.mark.parametrize(
    ("population", "ones", "n", "k"), [(1000, 100, 50, 12), (20_000, 2000, 1000, 150), (20_000, 400, 200, 14), (20_000, 400, 200, 18), (20_000, 6000, 200, 90)]
)
def test_the_tail_of_an_error_rate_is_the_hypergeometric_one_within_a_factor_of_four(population, ones, n, k):
    """Where the normal tail is off by ten to ten thousand; the exact law is taken at its mid-p (it is discrete)."""
    _, p = excess(np.array([float(n)]), np.array([float(k)]), binary(population, ones))
    law = stats.hypergeom(population, ones, n)
    exact = law.sf(k) + law.pmf(k) / 2
    assert exact / 1.3 < p[0] < 4 * exact


@pytest.mark.parametrize("skew", [-1.5, -0.3, 0.0, 0.2, 2.0])
@pytest.mark.parametrize("z", [-1.0, 0.0, 1.0, 3.0, 5.0])
def test_the_tail_is_scipys_pearson3(skew, z):
    assert pearson_tail(np.array([z]), np.array([skew]))[0] == pytest.approx(stats.pearson3(skew).sf(z), rel=1e-9, abs=1e-300)


def test_z_is_that_of_permuted_rows():
    """Mean and deviation over 20,000 permutations; the deviation is known to 1 %, so 3 % is six of its errors."""
    rng = np.random.default_rng(0)
    rows = rng.lognormal(size=300)
    permuted = np.array([rng.permutation(rows)[:40].sum() for _ in range(20_000)])
    population = Population.of_sums([300.0], *([(rows**power).sum()] for power in (1, 2, 3)))
    z, p = excess(np.full(20_000, 40.0), permuted, population.at(np.zeros(20_000, int)))
    assert z.mean() == pytest.approx(0, abs=0.03)
    assert z.std() == pytest.approx(1, abs=0.03)
    assert (p < 0.01).mean() == pytest.approx(0.01, abs=0.003)


@given(st.integers(1, 40), st.integers(0, 40))
def test_a_group_that_is_everything_or_a_loss_that_never_varies_says_nothing(n, ones):
    everything = binary(n, min(ones, n))
    assert excess(np.array([float(n)]), np.array([float(min(ones, n))]), everything)[1].tolist() == [1.0]
    assert excess(np.array([1.0]), np.array([1.0]), binary(n, n))[1].tolist() == [1.0]
