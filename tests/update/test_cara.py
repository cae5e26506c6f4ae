"""Cost-aware retraining by a cumulative threshold, on costs that are known by heart."""

from __future__ import annotations

import pytest

from keepfit.update.cara import cumulative


def costs(windows, of):
    return [[of(model, window) if window > model else None for window in range(windows)] for model in range(windows)]


def test_errors_that_no_age_changes_are_worth_no_price():
    assert cumulative(costs(20, lambda model, window: 0.2), price=0.5) == ()


def test_the_dearer_a_training_the_fewer():
    ageing = costs(40, lambda model, window: 0.02 * (window - model))
    many = [len(cumulative(ageing, price=price)) for price in (0.0, 0.05, 0.2, 1.0, 10.0)]
    assert many == sorted(many, reverse=True)
    assert many[0] > many[2] > 0 == many[-1]


def test_windows_without_labels_cost_nothing():
    assert cumulative(costs(12, lambda model, window: None), price=0.0) == ()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_history_retrains_for_nobody(count):
    assert cumulative(costs(count, lambda model, window: 1.0), price=0.0) == ()


def test_only_the_past_decides():
    base = costs(20, lambda model, window: 0.05 * (window - model))
    later = costs(20, lambda model, window: 0.05 * (window - model) if window < 12 else 9.0)
    assert [close for close in cumulative(base, price=0.1) if close < 12] == [close for close in cumulative(later, price=0.1) if close < 12]
