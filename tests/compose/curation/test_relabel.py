from __future__ import annotations

import pytest

from keepfit.compose.curation.relabel import label_of
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params.model import ModelParams

WHERE = "curation.yaml: rules.a.value"


def model(task="classification", positive=None):
    return ModelParams(name="m", task=task, target="y", positive=positive)


@pytest.mark.parametrize(("value", "label"), [(1.0, 1.0), (0.0, 0.0), ("true", 1.0), ("False", None), ("0", 0.0), (2.0, None), ("yes", None)])
def test_classes_of_a_target_without_words_are_0_and_1(value, label):
    if label is None:
        with pytest.raises(UnknownNameError, match="no class of 'y'"):
            label_of(value, model(), words=(), where=WHERE)
    else:
        assert label_of(value, model(), words=(), where=WHERE) == label


def test_classes_of_a_target_of_words_are_its_words():
    assert label_of("yes", model(positive="yes"), words=("no", "yes"), where=WHERE) == 1.0
    assert label_of("no", model(positive="yes"), words=("no", "yes"), where=WHERE) == 0.0
    assert label_of(2.0, model(positive="2"), words=("1", "2"), where=WHERE) == 1.0
    with pytest.raises(UnknownNameError) as bad:
        label_of("nope", model(positive="yes"), words=("no", "yes"), where=WHERE)
    assert str(bad.value) == "no class of 'y' 'nope' (curation.yaml: rules.a.value)\n  fix: did you mean 'no'? known: no, yes"


def test_a_label_of_a_regression_is_a_number():
    assert label_of(12.5, model("regression"), words=(), where=WHERE) == 12.5
    assert label_of("12.5", model("regression"), words=(), where=WHERE) == 12.5
    with pytest.raises(ParamsError, match="'long' is no number"):
        label_of("long", model("regression"), words=(), where=WHERE)
