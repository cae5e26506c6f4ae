"""The weight `recency`: half for every half-life, in windows or days."""

import numpy as np
import pytest
from tests.contracts.pools import pool

from keepfit.compose.weights.recency import Recency
from keepfit.errors import ParamsError


def test_rows_of_a_window_weigh_the_same_and_half_of_those_a_half_life_later():
    rows = pool()
    weights = Recency(half_life_windows=1).weigh(rows, np.ones(240))
    assert [set(weights[rows.window == name]) for name in rows.order] == [{0.125}, {0.25}, {0.5}, {1.0}]


def test_days_count_from_the_newest_row():
    rows = pool()
    weights = Recency(half_life_days=11 / 24).weigh(rows.rows(np.arange(240) < 4), np.full(4, 2.0))
    assert weights.tolist() == [0.25, 0.5, 1.0, 2.0]


def test_a_half_life_that_leaves_nothing_of_old_rows_is_refused():
    with pytest.raises(ParamsError, match="180 rows would count for nothing"):
        Recency(half_life_windows=1e-4).weigh(pool(), np.ones(240))


@pytest.mark.parametrize("fields", [{}, {"half_life_windows": 1, "half_life_days": 1}])
def test_one_half_life_is_meant(fields):
    with pytest.raises(ValueError, match="recency needs one half-life"):
        Recency(**fields)
