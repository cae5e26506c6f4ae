"""A stream that stands still asks for few retrainings: the quick version of `tests/bench/bench_still_stream.py`."""

import numpy as np
import pytest
from tests.bench.still_stream import StillGrid, course_of, tickets_a_year


@pytest.fixture(scope="module")
def grid():
    """A first model on 12 months of 200 rows, a year after it."""
    return StillGrid(3, first=12, count=12, rows=200)


def test_a_stream_that_stands_still_asks_at_most_twice_a_year_for_the_sake_of_debt(grid):
    assert tickets_a_year(course_of(grid), "debt") <= 2


def test_the_same_stream_is_retrained_all_the_time_where_a_retraining_is_worth_nothing(grid):
    """So it is the rule that leaves the model alone, and not a stream in which nothing can be gained."""
    dear, cheap = (course_of(grid, price=price) for price in (10.0, 0.0))
    assert tickets_a_year(dear, "debt") == 0
    assert tickets_a_year(cheap, "debt") > 2


def test_months_are_drawn_afresh_from_one_function_and_their_days_differ(grid):
    shares = np.array([[y[times == day].mean() for day in np.unique(times)] for _, y, times in grid.drawn])
    months = shares.mean(axis=1)
    assert np.abs(months - months.mean()).max() < 4 * months.std(ddof=1)
    rows = 200 / 28
    coins = np.sqrt(months.mean() * (1 - months.mean()) / rows)
    assert shares.std(axis=1).mean() > 1.02 * coins, "days of a month differ by more than coins"
    assert len({x[0, 0] for x, _, _ in grid.drawn}) == 24
