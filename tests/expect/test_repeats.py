from __future__ import annotations

import numpy as np
import pytest

from keepfit.expect.repeats import on_both_sides, repeated_times

HOURS = np.datetime64("2026-01-01T00") + np.arange(1_000)


def test_an_hour_that_comes_again_in_an_hourly_series_is_counted_with_its_twin():
    assert repeated_times(np.append(HOURS, HOURS[10:20])) == 20
    gap = np.delete(HOURS, slice(100, 300))
    assert repeated_times(np.append(gap, gap[:5])) == 10


def test_events_may_fall_together():
    rng = np.random.default_rng(0)
    assert repeated_times(HOURS) == 0
    assert repeated_times(np.datetime64("2026-01-01T00:00") + rng.integers(0, 10_000, 5_000)) == 0
    assert repeated_times(np.repeat(HOURS, 3)) == 0  # three stations, hour by hour


def test_the_share_of_held_out_rows_with_a_twin_is_that_of_a_deal_by_chance():
    rng = np.random.default_rng(0)
    customers = rng.integers(0, 300, 3_000)
    rows, share = on_both_sides("customer_id", customers.tolist(), holdout_share=0.2)
    held = rng.random((200, len(customers))) < 0.2
    seen = [np.isin(customers[one], customers[~one]).mean() for one in held]
    assert rows == pytest.approx(len(customers) / len(np.unique(customers)))
    assert share == pytest.approx(np.mean(seen), abs=0.002)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("customer_id", [f"c{at}" for at in range(1_000)]),
        ("plan", ["a", "b", "c"] * 300),
        ("airport_code", [f"a{at % 100}" for at in range(10_000)]),
        ("machine", ["m1", "m2"] * 400),
    ],
)
def test_what_comes_once_or_is_a_kind_is_no_entity(name, keys):
    assert on_both_sides(name, keys, holdout_share=0.2) is None


def test_texts_of_many_values_are_entities_whatever_their_name():
    assert on_both_sides("tail", [f"N{at % 400}" for at in range(4_000)], holdout_share=0.2) is not None
