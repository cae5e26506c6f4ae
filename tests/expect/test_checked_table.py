from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.expect.checked_table import TableQuestion, params_of, with_evidence

N = 60
TABLE = {"x": [float(at % 7) for at in range(N)], "word": [f"w{at % 4}" for at in range(N)], "late": [at % 2 for at in range(N)]}


def ask(target, values, **more):
    return params_of(pa.table(TABLE | {target: values}), TableQuestion(target=target, **more))


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        ([at % 2 for at in range(N)], "classification", ("0", "1")),
        ([bool(at % 2) for at in range(N)], "classification", ("0", "1")),
        (["no", "yes"] * 30, "classification", ("not yes", "yes")),
        (["bill", "outage", "sales"] * 20, "classification", ("bill", "outage", "sales")),
        ([1, 2, 3] * 20, "classification", ("1", "2", "3")),
        ([float(at) for at in range(N)], "regression", ()),
        ([0.5, 1.5, 2.5] * 20, "regression", ()),
    ],
)
def test_the_task_goes_by_the_targets_values(values, task, classes):
    _, params = ask("y", values)
    assert (params.model.task, params.model.class_names) == (task, classes)
    assert {**params.data.features} == {"x": "numeric", "word": "categorical", "late": "numeric"}


def test_few_whole_numbers_are_a_regression_for_whoever_says_so():
    table, params = ask("y", [1, 2, 3] * 20, task="regression")
    assert params.model.task == "regression"
    assert table["y"].to_pylist()[:3] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("values", "more", "said"),
    [
        ([1] * N, {}, "has one value only"),
        ([None] * N, {}, "has no value in any row"),
        (["a", "b"] * 30, {"task": "regression"}, "no numbers"),
        ([at % 2 for at in range(N)], {"time": "wen"}, "no column 'wen'"),
    ],
)
def test_what_cannot_be_checked_is_refused_with_its_place(values, more, said):
    with pytest.raises((DataError, UnknownNameError), match=said):
        ask("y", values, **more)


def test_ten_thousand_classes_are_refused_in_one_sentence():
    with pytest.raises(DataError, match="10,000 different values, and one model is judged by 256 classes"):
        params_of(pa.table({"x": [at / 7 % 5 for at in range(10_000)], "y": [f"c{at}" for at in range(10_000)]}), TableQuestion(target="y"))


def test_a_target_that_has_the_name_of_something_of_ours_is_refused():
    with pytest.raises(DataError, match="rename the column"):
        params_of(pa.table(TABLE | {"prediction": TABLE["late"]}), TableQuestion(target="prediction"))


def test_an_empty_table_is_refused():
    with pytest.raises(DataError, match="no rows"):
        params_of(pa.table({"y": pa.array([], pa.int64())}), TableQuestion(target="y"))


def test_evidence_is_read_beside_the_features():
    table, params = params_of(pa.table(TABLE), TableQuestion(target="late"), evidence=("word",))
    assert {*params.data.features} == {"x"}
    assert {**with_evidence(params, table, ("word",)).data.features} == {"x": "numeric", "word": "categorical"}


@pytest.mark.parametrize(("name", "said"), [("wrod", "did you mean 'word'"), ("late", "the label that is to be checked"), ("same", "says nothing")])
def test_evidence_that_says_nothing_is_refused(name, said):
    table, params = params_of(pa.table(TABLE | {"same": [1] * N}), TableQuestion(target="late"))
    with pytest.raises((DataError, UnknownNameError), match=said):
        with_evidence(params, table, (name,))


def test_a_column_of_texts_is_read_as_text_by_a_linear_model():
    texts = [f"the parcel number {at} has not arrived since monday" for at in range(N)]
    _, params = params_of(pa.table({"body": texts, "y": ["a", "b", "c"] * 20}), TableQuestion(target="y"))
    assert ({**params.data.features}, params.train.estimator) == ({"body": "text"}, "sklearn.linear_model.LogisticRegression")
