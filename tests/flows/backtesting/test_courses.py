"""What a policy's name makes of params.yaml, and recipes that do not do what they say."""

from __future__ import annotations

import pytest

from keepfit.errors import ParamsError
from keepfit.flows.backtesting.courses import check_recipe, scout_every, update_of
from keepfit.params import UpdateParams, load_params
from keepfit.update.policies import policy_of

WRITTEN = UpdateParams(grounds=("harm", "age"), price=0.5, reviews_a_year=3, scout="every 2")


@pytest.mark.parametrize("name", ["params", "all"])
def test_params_is_what_is_written(name):
    assert update_of(policy_of(name), WRITTEN) == WRITTEN


def test_a_price_or_a_budget_replaces_the_one_that_is_written():
    assert (update_of(policy_of("debt:0.02"), WRITTEN).price, update_of(policy_of("debt"), WRITTEN).price) == (0.02, 0.5)
    budget = update_of(policy_of("reviews:6"), WRITTEN)
    assert (budget.price, budget.reviews_a_year, budget.grounds) == (None, 6.0, ("debt",))


def test_a_ground_is_alone():
    assert [update_of(policy_of(name), WRITTEN).grounds for name in ("harm", "age", "debt")] == [("harm",), ("age",), ("debt",)]


def test_scouts_are_tried_where_a_ground_asks_for_them_as_often_as_params_say():
    assert scout_every(update_of(policy_of("debt"), WRITTEN)) == 2
    assert scout_every(update_of(policy_of("harm"), WRITTEN)) is None
    assert scout_every(UpdateParams(scout=False)) is None


@pytest.mark.parametrize(
    ("compose", "refused"),
    [("{replay_share: 0.5}", True), ("{replay_share: 0.5, recent_windows: 2}", False), ("{}", False), ("{replay_share: 0.0}", False)],
)
def test_a_replay_that_replays_nothing_is_refused(compose, refused):
    params = load_params(f"model: {{name: m, task: regression, target: y}}\ndata: {{live: r.csv, time: t}}\ncompose: {compose}")
    if refused:
        with pytest.raises(ParamsError, match="replays nothing"):
            check_recipe(params)
    else:
        check_recipe(params)
