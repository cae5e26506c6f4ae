"""Fisher's exact test against scipy, and where it is Rosenbaum's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import comb

from keepfit.stats.fisher import fisher


@st.composite
def tables(draw):
    sizes = draw(st.integers(1, 300)), draw(st.integers(1, 300))
    return (draw(st.integers(0, sizes[0])), draw(st.integers(0, sizes[1]))), sizes


@given(tables())
def test_it_is_scipys(table):
    hits, sizes = table
    expected = stats.fisher_exact([hits, np.subtract(sizes, hits)]).pvalue
    assert fisher(hits, sizes) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(tables())
def test_both_sides_are_alike(table):
    hits, sizes = table
    assert fisher(hits, sizes) == pytest.approx(fisher(hits[::-1], sizes[::-1]))


def test_values_above_the_old_maximum_are_rosenbaums_test():
    # all of the 7 largest values of 100 + 30 lie in the second sample; the other tail cannot be as rare
    assert fisher((0, 7), (100, 30)) == pytest.approx(comb(30, 7) / comb(130, 7))


def test_many_hits_are_counted_by_chi_squared_which_agrees():
    hits, sizes = (9_000, 9_400), (100_000, 100_000)
    exact = stats.fisher_exact([hits, np.subtract(sizes, hits)]).pvalue
    assert fisher(hits, sizes) == pytest.approx(exact, rel=0.01)
