from __future__ import annotations

import pytest

from keepfit.errors import ParamsError
from keepfit.params import load_params


def model(classes, **other):
    lines = "".join(f"    - {one}\n" for one in classes)
    more = "".join(f"  {key}: {value}\n" for key, value in other.items())
    return load_params(
        f"model:\n  name: m\n  task: {other.pop('task', 'classification')}\n  target: y\n  classes:\n{lines}{more}data: {{live: r.csv, time: t}}"
    ).model


def test_classes_are_texts_whatever_yaml_takes_them_for():
    found = model(["1", "2.5", "true", "'03'", "no"])
    assert found.class_names == ("1", "2.5", "true", "03", "no")
    assert found.many


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        (["a", "b"], "three or more classes are listed; of two, model.positive names the one that counts as 1"),
        (["a", "b", "a"], "the class 'a' is listed twice"),
        (["a", "b", "''"], "a class has a name"),
        (range(10_000), "10,000 classes are more than 256"),
    ],
)
def test_a_list_of_classes_that_cannot_be_is_refused_in_one_sentence(classes, sentence):
    with pytest.raises(ParamsError, match=sentence):
        model(classes)


def test_the_one_that_counts_is_one_of_the_classes():
    assert model(["a", "b", "c"], positive="b").positive == "b"
    with pytest.raises(ParamsError, match=r"model\.positive 'd' is none of model\.classes"):
        model(["a", "b", "c"], positive="d")


def test_two_classes_have_names_too():
    assert load_params("model: {name: m, task: classification, target: y}\ndata: {live: r.csv, time: t}").model.class_names == ("0", "1")
    assert not load_params("model: {name: m, task: classification, target: y}\ndata: {live: r.csv, time: t}").model.many
