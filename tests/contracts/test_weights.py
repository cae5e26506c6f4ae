"""What every weight promises, of whatever package: finite, above 0, the same again, and the rows' own, whatever their order."""

from __future__ import annotations

import numpy as np
import pytest
from tests.contracts.pools import pool

from keepfit import plugins

FIELDS = {"recency": {"half_life_windows": 1.5}}
"""Fields of members that need one."""
MEMBERS = [plugins.make("weights", name, FIELDS.get(name), where=f"params.yaml: {name}") for name in plugins.names("weights")]
every_weight = pytest.mark.parametrize("weight", MEMBERS, ids=[each.name for each in MEMBERS])


@every_weight
def test_weights_are_finite_and_above_zero(weight):
    rows = pool()
    found = weight.weigh(rows, np.ones(len(rows.row_id)))
    assert found.shape == rows.label.shape
    assert (np.isfinite(found) & (found > 0)).all()


@every_weight
def test_a_row_weighs_the_same_in_whatever_order_rows_come(weight):
    rows = pool()
    turned = pool()
    for name in ("row_id", "window", "time", "label"):
        object.__setattr__(turned, name, getattr(rows, name)[::-1])
    object.__setattr__(turned, "features", rows.features.take(list(range(len(rows.row_id)))[::-1]))
    given = np.linspace(1, 2, len(rows.row_id))
    assert weight.weigh(turned, given[::-1]) == pytest.approx(weight.weigh(rows, given)[::-1])


@every_weight
def test_rows_that_weigh_more_before_weigh_more_after(weight):
    rows = pool()
    plain, raised = weight.weigh(rows, np.ones(240)), weight.weigh(rows, np.where(np.arange(240) == 7, 5.0, 1.0))
    assert raised[7] > plain[7]


@every_weight
def test_it_says_which_tasks_have_what_it_needs_and_whether_it_goes_last(weight):
    assert set(weight.tasks) <= {"classification", "regression"}
    assert weight.tasks
    assert isinstance(weight.last, bool)
