from __future__ import annotations

import numpy as np
import pytest

from keepfit.stats.bounds import quantile
from keepfit.stats.planned import INTRACLASS, absolute_spread, auc_spread, planned_loss


@pytest.mark.parametrize(
    ("rows", "days", "spread", "found"),
    [
        (27_319, 30, auc_spread(0.23), 0.0273),  # flights of 2013, median of the months: a model three months older
        (34_953, 30, auc_spread(0.22), 0.0193),  # flights of 2023
        (1_488, 31, auc_spread(0.42), 0.0559),  # electricity prices
        (744, 31, absolute_spread(150), 5.66),  # bike demand
        (805, 31, absolute_spread(1_700), 13.05),  # traffic
    ],
)
def test_on_real_streams_the_plan_is_of_the_order_of_what_was_found(rows, days, spread, found):
    assert 0.2 < found / planned_loss(rows=rows, days=days, spread=spread) < 1.6


def test_the_loss_is_found_with_the_power_that_is_planned():
    """Gains of days whose mean differs, as the assumed correlation says: a one-sided bound below 0 in 80 of 100."""
    rng, rows, days, spread = np.random.default_rng(2), 3_000, 30, 0.5
    loss, each = planned_loss(rows=rows, days=days, spread=spread), rows // days
    means = rng.normal(-loss, spread * INTRACLASS**0.5, (4_000, days)) + rng.normal(0, spread * (1 - INTRACLASS) ** 0.5 / each**0.5, (4_000, days))
    high = means.mean(axis=1) + quantile(0.95, days - 1) * means.std(axis=1, ddof=1) / days**0.5
    assert abs((high < 0).mean() - 0.8) < 0.03


def test_more_rows_and_more_days_find_smaller_losses_and_nothing_breaks_at_the_edges():
    small, rows, days = (planned_loss(rows=n, days=d, spread=0.3) for n, d in ((100, 8), (1_000, 8), (1_000, 30)))
    assert small > rows > days
    assert planned_loss(rows=1, days=1, spread=0.3) > 0
    assert auc_spread(0.0) == pytest.approx(auc_spread(1.0))
    assert auc_spread(0.5) < auc_spread(0.1)
