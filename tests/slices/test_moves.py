"""The rows that came and the rows that left, as slices."""

import numpy as np
import pytest
from tests.monitor.planted import column

from keepfit.errors import DataError
from keepfit.slices.moves import moved_slices


def window(seed, *, into=0, out_of=False, n=10_000):
    rng = np.random.default_rng((seed, 5))
    codes = [rng.integers(5, size=n) for _ in range(6)]
    codes[0][:into], codes[1][:into] = 1, 2
    if out_of:
        codes[3] = np.where((codes[3] == 4) & (rng.random(n) < 0.5), rng.integers(4, size=n), codes[3])
    return [column(f"c{place}", 5, values) for place, values in enumerate(codes)]


def share(columns, *literals):
    return np.mean(np.all([columns[place].codes == code for place, code in literals], axis=0))


def test_rows_that_came_into_a_conjunction_are_told_as_it_and_not_as_its_parts():
    before, now = window(1), window(2, into=800)
    (found, *rest) = moved_slices(before, now)
    expected = share(now, (0, 1), (1, 2)) - share(before, (0, 1), (1, 2))
    assert found.slice == "c0=1 & c1=2"
    assert all(one.effect < 0 for one in rest), "shares add up to one: what came pushes others down"
    assert not {"c0=1", "c1=2"} & {one.slice for one in rest}
    assert found.effect == pytest.approx(expected, abs=1e-3)
    assert found.low < expected < found.high
    assert found.share == pytest.approx(share(now, (0, 1), (1, 2)), abs=1e-3)


def test_a_value_that_lost_half_its_rows_is_told_with_a_minus():
    before, now = window(3), window(4, out_of=True)
    found = {one.slice: one.effect for one in moved_slices(before, now)}
    assert found["c3=4"] == pytest.approx(share(now, (3, 4)) - share(before, (3, 4)), abs=1e-3)
    assert found["c3=4"] < -0.08


def test_windows_of_one_world_move_nothing_in_ten_of_ten_seeds():
    """At alpha .01 in 1 of 100."""
    assert [moved_slices(window(10 + seed), window(30 + seed)) for seed in range(10)] == [()] * 10


def test_windows_that_are_coded_differently_or_empty_are_no_comparison():
    with pytest.raises(DataError, match="not coded alike"):
        moved_slices(window(1), window(1)[1:])
    assert moved_slices(window(1), window(1, n=0)) == ()
    assert moved_slices([], []) == ()
