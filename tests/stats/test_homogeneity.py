"""Chi-squared on counts against scipy and published tables; the pooling of sparse cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keepfit.stats.homogeneity import pool_sparse, statistic_of


def test_cells_with_less_than_one_expected_row_are_pooled():
    a, b = np.array([500.0, 300, 4, 3, 2, 2]), np.array([60.0, 36, 0, 2, 1, 0])
    # expected on the smaller side: 4 * 99 / 910 and less; the pool holds 1.5
    expected = stats.chi2_contingency(np.stack([[*a[:2], a[2:].sum()], [*b[:2], b[2:].sum()]]))
    assert statistic_of(*pool_sparse(a, b)) == pytest.approx((expected.statistic, expected.pvalue))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(any), min_size=1, max_size=20))
def test_pooling_keeps_every_row_and_leaves_no_sparse_cell(pairs):
    a, b = np.array(pairs, dtype=float).T
    if not (a.sum() and b.sum()):
        return
    pooled = pool_sparse(a, b)
    assert [side.sum() for side in pooled] == [a.sum(), b.sum()]
    expected = sum(pooled) * min(a.sum(), b.sum()) / (a.sum() + b.sum())
    assert len(expected) == 1 or expected.min() >= 1 - 1e-9


def test_with_many_rare_categories_it_keeps_its_level():
    rng = np.random.default_rng(11)
    shares = np.r_[0.5, 0.4, np.full(40, 0.1 / 40)]
    draws = [(rng.multinomial(20_000, shares), rng.multinomial(200, shares)) for _ in range(3000)]
    p_values = np.array([statistic_of(*pool_sparse(a.astype(float), b.astype(float)))[1] for a, b in draws])
    # standard errors: .004 and .0018
    assert np.mean(p_values < 0.05) == pytest.approx(0.05, abs=0.012)
    assert np.mean(p_values < 0.01) <= 0.01 + 0.005


# statistic, degrees of freedom, p as published for the Adult data, 10,000 rows against 10,000
ADULT = {
    "Workclass": (8.487, 8, 0.387),
    "Education": (4.753, 6, 0.576),
    "Marital status": (3.160, 3, 0.368),
    "Occupation": (8.194, 8, 0.415),
    "Relationship": (0.485, 5, 0.993),
    "Race": (0.587, 4, 0.965),
    "Sex": (0.217, 1, 0.641),
}


@pytest.mark.parametrize("column", ADULT)
def test_the_published_p_values_of_the_adult_data_follow_from_the_published_statistics(column):
    """The data is not here, so the counts cannot be tried; the degrees of freedom are those of the published categories."""
    statistic, freedom, p = ADULT[column]
    counts = counts_with(statistic, freedom + 1)
    found = statistic_of(*counts)
    assert found == (pytest.approx(statistic, abs=1e-6), pytest.approx(p, abs=6e-4))


def counts_with(statistic, cells):
    """Two rows of 10,000 whose chi-squared is the wanted one: the same shares, with some rows moved from one cell to another."""
    even = np.full(cells, 10_000 / cells)
    low, high = 0.0, 5_000 / cells
    for _ in range(200):
        middle = (low + high) / 2
        moved = even + np.r_[middle, -middle, np.zeros(cells - 2)]
        low, high = (middle, high) if statistic_of(even, moved)[0] < statistic else (low, middle)
    return even, moved
