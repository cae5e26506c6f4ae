"""A value that is equal to another and not the same is a change, whatever DVC says."""

import pytest

from keepfit.errors import ProjectError
from keepfit.flows.stages.held_params import FIX, confused, refuse_confused, refuse_untold
from keepfit.records import TimeFeatures


def lock(params, *, key="params.yaml"):
    return {"train": {"params": {key: {"data.features": {"x": "numeric"}, "train": {"params": params}}, "decision.json": {"action": None}}}}


@pytest.mark.parametrize(
    ("held", "now", "said"),
    [
        ({"max_features": 1}, {"max_features": 1.0}, "train.params.max_features is 1.0, and the candidate was trained with 1:"),
        ({"max_features": 1.0}, {"max_features": True}, "train.params.max_features is true, and the candidate was trained with 1.0:"),
        ({"deep": {"list": [0, 1]}}, {"deep": {"list": [0.0, 1]}}, "train.params.deep.list[0] is 0.0, and the candidate was trained with 0:"),
    ],
)
def test_an_equal_value_of_another_kind_is_refused_with_both(held, now, said):
    with pytest.raises(ProjectError) as refused:
        refuse_confused(lock(held), now)
    assert said in refused.value.what
    assert refused.value.fix == FIX


@pytest.mark.parametrize(
    ("held", "now"),
    [
        ({}, {}),
        ({"a": 1}, {"a": 1}),
        ({"a": 1}, {"a": 2}),
        ({"a": "1"}, {"a": 1}),
        ({"a": 1}, {}),
        ({"a": [1]}, {"a": [1, 2.0]}),
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
    ],
)
def test_the_same_values_and_those_that_dvc_tells_apart_are_not(held, now):
    refuse_confused(lock(held), now)
    assert list(confused(held, now, "k")) == []


@pytest.mark.parametrize("stages", [{}, {"train": {}}, {"train": {"params": {"params.yaml": {"train": None}}}}, {"train": {"params": {"params.yaml": None}}}])
def test_a_lock_that_holds_no_params_of_training_says_nothing(stages):
    refuse_confused(stages, {"a": 1})


def derived(*names):
    return TimeFeatures(column="t", timezone="UTC", names=names)


def test_a_model_without_the_time_features_that_params_yaml_names_is_not_registered():
    with pytest.raises(ProjectError, match=r"\(hour, month\) than the candidate was trained with \(none\)") as refused:
        refuse_untold(None, derived("hour", "month"))
    assert "dvc.yaml" in str(refused.value)
    refuse_untold(None, None)
    refuse_untold(derived("hour"), derived("hour"))
