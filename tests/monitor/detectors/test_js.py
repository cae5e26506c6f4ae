"""The Jensen-Shannon distance against scipy, and its p-value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from keepfit.monitor.detectors.js import JensenShannon, divergence_of
from keepfit.records import CategoricalProfile

COUNTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=20).filter(
    lambda pairs: all(sum(side) for side in zip(*pairs, strict=True))
)


def compare(a, b):
    sides = [
        CategoricalProfile(categories=tuple("abcdefghijklmnop"[: len(a)]), counts=tuple(map(int, side)), n=int(sum(side)), missing=0, other=0)
        for side in (a, b)
    ]
    return JensenShannon().compare(*sides, "x")


@given(COUNTS)
def test_it_is_scipys(pairs):
    a, b = np.array(pairs, dtype=float).T
    assert divergence_of(a, b) == pytest.approx(jensenshannon(a, b, base=2) ** 2, abs=1e-9)


@given(COUNTS)
def test_it_lies_between_nothing_and_one_in_both_directions(pairs):
    a, b = np.array(pairs, dtype=float).T
    assert 0 <= divergence_of(a, b) <= 1
    assert divergence_of(a, b) == pytest.approx(divergence_of(b, a), abs=1e-12)


def test_the_effect_is_the_distance():
    found = compare([50, 50], [80, 20])
    assert found.effect == pytest.approx(jensenshannon([0.5, 0.5], [0.8, 0.2], base=2))


def test_the_p_value_is_right_without_a_change():
    rng = np.random.default_rng(6)
    shares = np.full(10, 0.1)
    p_values = np.array([compare(rng.multinomial(20_000, shares), rng.multinomial(1000, shares)).p_value for _ in range(2000)])
    # standard errors of the shares: .005 and .002
    assert np.mean(p_values < 0.05) == pytest.approx(0.05, abs=0.015)
    assert np.mean(p_values < 0.01) == pytest.approx(0.01, abs=0.007)
