from __future__ import annotations

import numpy as np
import pytest

from keepfit.errors import DataError
from keepfit.stats.neighbours import along_time, cosines
from keepfit.stats.spread import Influences, Spread, clustered


def spread_of(rows, codes):
    alone = Spread(error=rows.std(ddof=1) / len(rows) ** 0.5, freedom=len(rows) - 1)
    part = Influences(codes, (rows - rows.mean()) / len(rows))
    return along_time(part, alone), clustered([part], alone)


def test_equal_clusters_agree_with_the_papers_formula_written_out():
    rng, days, size = np.random.default_rng(0), 40, 7
    means = rng.normal(size=days)
    found, _ = spread_of(np.repeat(means, size), np.repeat(np.arange(days), size))
    taken = int(0.41 * days ** (2 / 3))
    weights = [sum(2**0.5 * np.cos(np.pi * j * (t - 0.5) / days) * means[t - 1] for t in range(1, days + 1)) / days**0.5 for j in range(1, taken + 1)]
    assert found.freedom == taken == cosines(days)
    assert found.error == pytest.approx((np.mean(np.square(weights)) / days) ** 0.5 * days / (days - 1))


def test_with_fewer_than_eight_clusters_they_are_taken_as_independent():
    rows = np.random.default_rng(1).normal(size=70)
    assert len(set(spread_of(rows, np.repeat(np.arange(7), 10)))) == 1
    assert len(set(spread_of(rows[:64], np.repeat(np.arange(8), 8)))) == 2


def test_days_without_rows_are_passed_over():
    rows, codes = np.random.default_rng(2).normal(size=100), np.repeat(np.arange(20), 5)
    assert spread_of(rows, codes)[0] == spread_of(rows, codes * 3)[0]


def test_a_sign_changed_or_a_unit_scaled_changes_nothing_else():
    rows, codes = np.random.default_rng(3).normal(size=100), np.repeat(np.arange(20), 5)
    one, other = spread_of(rows, codes)[0], spread_of(-7 * rows + 3, codes)[0]
    assert (other.error, other.freedom, other.design) == pytest.approx((7 * one.error, one.freedom, one.design))


def test_one_cluster_is_refused():
    with pytest.raises(DataError):
        spread_of(np.arange(5.0), np.zeros(5, int))
