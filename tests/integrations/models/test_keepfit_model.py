from __future__ import annotations

import sys
from decimal import Decimal

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from keepfit.integrations.models import keepfit_model
from keepfit.integrations.models.keepfit_model import LABELS, NUMBERS, PROBABILITIES, UnclearAnswerError, answered, as_plain, as_trained, ask, read
from keepfit.integrations.models.scorer import load_scorer
from keepfit.records import ModelMeta, to_json

WORDS = ("stayed", "churned")  # the positive word is the first by the alphabet, as many are
FLAVOUR = """
import joblib, pathlib

class Model:
    def __init__(self, inside):
        self.inside = inside

    def predict(self, frame):
        return self.inside.predict(frame)

    def get_raw_model(self):
        return self.inside

def _load_pyfunc(path):
    return Model(joblib.load(pathlib.Path(path)))
"""


def sample(n=600, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n)})
    return frame, (frame["a"] + rng.normal(size=n) > 0).to_numpy(float)


def words(y, classes=WORDS):
    return np.where(y == 1, classes[1], classes[0])


def asked(model, frame, classes=("0", "1"), task="classification"):
    return ask(model, frame, task=task, classes=classes, target="churned")


def scores_of(answer, classes=("0", "1"), **other):
    return read(answer, **{"task": "classification", "classes": classes, "target": "churned", **other})


# -- probabilities ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encode", "classes"),
    [
        (lambda y: y, ("0", "1")),
        (lambda y: y.astype(int), ("0", "1")),
        (lambda y: y.astype(bool), ("0", "1")),
        (lambda y: y.astype(bool), ("false", "true")),
        (lambda y: 1 - y.astype(int), ("1", "0")),
        (lambda y: y.astype(int) + 1, ("1", "2")),
        (lambda y: y * 2, ("0", "2")),
        (words, WORDS),
        (words, ("churned",)),
        (lambda y: words(y, ("a", "b")), ("a", "b")),
        (lambda y: y.astype(int), WORDS),
        (lambda y: y.astype(bool), ("no", "yes")),
        (lambda y: words(y, ("false", "true")), ("False", "True")),
        (lambda y: words(y, ("FALSE", "TRUE")), ("false", "true")),
    ],
)
def test_the_positive_column_is_found_by_its_class_whatever_the_classes_look_like(encode, classes):
    frame, y = sample()
    model = LogisticRegression().fit(frame, encode(y))
    scores, kind = asked(model, frame, classes)
    assert kind == PROBABILITIES
    assert roc_auc_score(y, scores) == pytest.approx(roc_auc_score(y, frame["a"]), abs=0.01)


def test_classes_that_say_nothing_of_which_is_1_are_refused():
    frame, y = sample()
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, words(y))
    with pytest.raises(UnclearAnswerError, match="'churned' and 'stayed', and which of them counts as 1 is not known"):
        asked(model, frame)
    with pytest.raises(UnclearAnswerError, match="which of them counts as 1"):
        asked(model, frame, ("no", "yes"))


class OwnModel:
    """A user's class that forgets its classes."""

    def __init__(self, inside, form=np.asarray):
        self.inside, self.form = inside, form

    def predict_proba(self, frame):
        return self.form(self.inside.predict_proba(frame))


def test_columns_without_classes_are_0_and_1_only_where_the_target_is():
    frame, y = sample()
    inside = LogisticRegression().fit(frame, y)
    assert asked(OwnModel(inside), frame)[0] == pytest.approx(inside.predict_proba(frame)[:, 1])
    with pytest.raises(UnclearAnswerError, match="which column is the class 'churned' is not known"):
        asked(OwnModel(inside), frame, WORDS)
    assert asked(OwnModel(inside, lambda p: p[:, 1]), frame, WORDS)[0] == pytest.approx(inside.predict_proba(frame)[:, 1])


def test_a_frame_of_probabilities_is_read_by_its_columns_names():
    frame, y = sample()
    inside = LogisticRegression().fit(frame, words(y))
    named = OwnModel(inside, lambda p: pd.DataFrame(p, columns=inside.classes_))
    assert asked(named, frame, WORDS)[0] == pytest.approx(inside.predict_proba(frame)[:, 0])


# -- labels -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encode", "classes"),
    [
        (lambda y: y, ("0", "1")),
        (lambda y: y.astype(bool), ("0", "1")),
        (words, WORDS),
        (lambda y: y.astype(int) + 1, ("1", "2")),
        (lambda y: y.astype(int), WORDS),
    ],
)
def test_a_classifier_without_probabilities_answers_labels_and_its_distances_are_no_scores(encode, classes):
    frame, y = sample()
    model = LinearSVC().fit(frame, encode(y))
    scores, kind = asked(model, frame, classes)
    assert kind == LABELS
    assert set(scores) == {0.0, 1.0}
    assert (scores == y).mean() > 0.7


@pytest.mark.parametrize(
    ("answer", "classes", "expected"),
    [
        ([1, 0, 1], ("0", "1"), [1, 0, 1]),
        ([True, False], ("0", "1"), [1, 0]),
        (np.array(["stayed", "churned"]), WORDS, [0, 1]),
        (["stayed", "stayed"], WORDS, [0, 0]),
        (pd.Series(["stayed", None], dtype="object"), WORDS, [0, None]),
        (pd.Series(["churned", "stayed"], dtype="category"), WORDS, [1, 0]),
        (pd.Series([1, None], dtype="Int64"), ("0", "1"), [1, None]),
        (pd.array([True, None], dtype="boolean"), ("0", "1"), [1, None]),
        (np.array([2.0, 1.0]), ("1", "2"), [1, 0]),
    ],
)
def test_labels_of_any_type_become_1_where_they_are_the_positive_class(answer, classes, expected):
    scores, kind = scores_of(answer, classes)
    assert kind == LABELS
    assert [None if np.isnan(value) else int(value) for value in scores] == expected


@pytest.mark.parametrize("answer", [["maybe"], [1, 7], [-1, 1], ["churned", "gone"]])
def test_labels_that_are_no_class_of_the_target_are_refused(answer):
    with pytest.raises(UnclearAnswerError, match="which of them counts as 1 is not known"):
        scores_of(answer, WORDS if isinstance(answer[0], str) else ("0", "1"))


def test_floats_are_told_from_labels_by_more_than_their_values():
    assert scores_of(np.array([0.0, 1.0]))[1] == NUMBERS
    assert scores_of([0.2, 1])[1] == NUMBERS
    assert scores_of([0, 1])[1] == LABELS
    assert scores_of([0, 1], typed=False)[1] == NUMBERS  # a file may write 1.0 as 1


# -- frames -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "classes", "place"),
    [
        (["churned", "stayed"], WORDS, 0),
        (["stayed", "churned"], WORDS, 1),
        (["1", "0"], ("0", "1"), 0),
        ([0, 1], ("0", "1"), 1),
        ([True, False], ("0", "1"), 0),
        (["predict", "p0", "p1"], ("0", "1"), 2),
        (["P(churned)", "p_stayed", "id"], WORDS, 0),
        (["id", "probability", "explanation"], WORDS, 1),
        (["prediction", "Score"], ("0", "1"), 1),
        (["prediction", "id"], ("0", "1"), 0),
        (["x"], WORDS, 0),
        ([0], ("0", "1"), 0),
    ],
)
def test_the_column_of_a_frame_is_found_by_its_name(columns, classes, place):
    values = [0.1, 0.2, 0.3][: len(columns)]
    scores, _ = scores_of(pd.DataFrame([values], columns=columns), classes)
    assert scores == pytest.approx([values[place]])


@pytest.mark.parametrize(
    ("columns", "classes"),
    [(["id", "x"], ("0", "1")), (["score", "probability"], ("0", "1")), (["stayed"], WORDS), (["p_0"], ("0", "1")), (["no", "yes"], WORDS)],
)
def test_a_frame_whose_score_is_not_clear_is_refused_with_its_columns(columns, classes):
    with pytest.raises(UnclearAnswerError, match="which column holds the scores is not clear") as caught:
        scores_of(pd.DataFrame([[0.1] * len(columns)], columns=columns), classes)
    assert f"'{columns[0]}'" in str(caught.value)
    assert "'probability'" in caught.value.fix


def test_a_regression_is_read_by_name_too():
    frame = pd.DataFrame({"yhat_low": [1.0], "prediction": [2.0], "yhat_high": [3.0]})
    assert scores_of(frame, (), task="regression")[0] == pytest.approx([2.0])
    assert scores_of(np.array([[2], [3]]), (), task="regression")[0] == pytest.approx([2.0, 3.0])
    with pytest.raises(UnclearAnswerError, match="shape"):
        scores_of(np.ones((2, 2)), (), task="regression")


# -- MLflow -------------------------------------------------------------------------------------------------------------


def kept(folder, **changes):
    meta = {
        "model": "m", "task": "classification", "target": "churned", "features": {"a": "numeric", "b": "numeric"}, "flavor": "mlflow", "estimator": "E",
        "classes": ("0", "1"), "rows": 600, "trained_from": None, "trained_until": None, **changes,
    }  # fmt: skip
    (folder / "meta.json").write_text(to_json(ModelMeta(**meta)))
    return folder


def test_a_flavour_whose_python_function_answers_labels_is_asked_for_its_probabilities(tmp_path, monkeypatch):
    """As MLflow's flavours of LightGBM, XGBoost and CatBoost are."""
    import mlflow

    frame, y = sample()
    inside = LogisticRegression().fit(frame, y.astype(int))
    (tmp_path / "flavour_of_labels.py").write_text(FLAVOUR)
    joblib.dump(inside, tmp_path / "inside.joblib")
    monkeypatch.syspath_prepend(tmp_path)
    mlflow.pyfunc.save_model(
        tmp_path / "model", loader_module="flavour_of_labels", data_path=str(tmp_path / "inside.joblib"),
        code_paths=[str(tmp_path / "flavour_of_labels.py")], pip_requirements=[],
    )  # fmt: skip
    folder = kept(tmp_path)
    assert set(mlflow.pyfunc.load_model(str(folder / "model")).predict(frame)) == {0, 1}
    answer = load_scorer(folder).answer(frame)
    assert answer.only_labels is False
    assert answer.scores == pytest.approx(inside.predict_proba(frame)[:, 1])
    assert keepfit_model._load_pyfunc(str(folder)).predict(frame) == pytest.approx(answer.scores)
    sys.modules.pop("flavour_of_labels", None)


def test_a_python_function_that_answers_a_frame_is_read_by_class(tmp_path):
    import mlflow

    class Frame(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            p = 1 / (1 + np.exp(-model_input["a"].to_numpy()))
            return pd.DataFrame({"churned": p, "stayed": 1 - p})

    frame, y = sample()
    mlflow.pyfunc.save_model(tmp_path / "model", python_model=Frame(), pip_requirements=[])
    scores = load_scorer(kept(tmp_path, classes=WORDS)).score(frame)
    assert roc_auc_score(y, scores) == pytest.approx(roc_auc_score(y, frame["a"]), abs=0.01)


def test_the_shipped_python_function_answers_labels_of_a_model_that_has_no_more(tmp_path):
    frame, y = sample()
    (tmp_path / "model").mkdir()
    joblib.dump(LinearSVC().fit(frame, words(y)), tmp_path / "model" / "model.pkl")
    folder = kept(tmp_path, flavor="command", classes=WORDS, answers="labels")
    served = keepfit_model._load_pyfunc(str(folder)).predict(frame)
    assert set(served) == {0.0, 1.0}
    assert (served == y).mean() == pytest.approx(0.75, abs=0.03)
    assert load_scorer(folder).answer(frame).only_labels


# -- frames as they come ------------------------------------------------------------------------------------------------

LARGE, NULL = 2**53 + 1, float("nan")
PLAIN = {  # dtype, what comes, what the model gets
    "category of booleans": ("category", [True, None], ("object", [True, None])),
    "category of words": ("category", ["a", None], ("str", ["a", NULL])),
    "category of integers": ("category", [1, None], ("float64", [1.0, NULL])),
    "category of large integers": ("category", [LARGE, None], ("Int64", [LARGE, pd.NA])),
    "nullable booleans": ("boolean", [True, None], ("object", [True, None])),
    "nullable booleans, all there": ("boolean", [True, False], ("bool", [True, False])),
    "nullable integers": ("Int64", [1, None], ("float64", [1.0, NULL])),
    "nullable integers, all there": ("Int64", [1, 2], ("int64", [1, 2])),
    "nullable floats": ("Float64", [1.5, None], ("float64", [1.5, NULL])),
    "texts of Arrow": ("string[pyarrow]", ["a", None], ("str", ["a", NULL])),
    "booleans of Arrow": ("bool[pyarrow]", [True, None], ("object", [True, None])),
    "large integers of Arrow": ("int64[pyarrow]", [LARGE, None], ("Int64", [LARGE, pd.NA])),
    "decimals": ("object", [Decimal("1.5"), None], ("float64", [1.5, NULL])),
    "large whole decimals": ("object", [Decimal(LARGE), None], ("Int64", [LARGE, pd.NA])),
    "integers of JSON": ("object", [1, None], ("float64", [1.0, NULL])),
    "large integers of JSON": ("object", [LARGE, None], ("Int64", [LARGE, pd.NA])),
    "digits that no integer holds": ("object", [10**30, None], ("object", [10**30, None])),
    "booleans of JSON, all there": ("object", [True, False], ("bool", [True, False])),
    "booleans with NA": ("object", [True, pd.NA], ("object", [True, None])),
    "mixed": ("object", ["a", 1], ("object", ["a", 1])),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_frame_in_any_of_pandas_types_reaches_the_model_in_plain_ones(name):
    dtype, values, (plain_type, plain) = PLAIN[name]
    found = as_plain(pd.Series(values, dtype=dtype, index=[7, 3]))
    assert (str(found.dtype), list(found.index)) == (plain_type, [7, 3])
    assert [repr(value) for value in found.tolist()] == [repr(value) for value in plain]


@pytest.mark.parametrize("values", [[True, False], [1, 2], [1.5, NULL], ["a", None], [pd.Timestamp("2013-01-01"), None]], ids=repr)
def test_a_plain_column_is_not_touched(values):
    column = pd.Series(values)
    assert as_plain(column) is column


def test_a_numeric_feature_of_booleans_stays_one_and_one_without_values_is_floats():
    frame = pd.DataFrame({"b": [1, 0], "n": pd.Series([None, None], dtype=object)})
    found = as_trained(frame, dict.fromkeys("bn", "numeric"), {"b": "boolean", "n": "number"})
    assert found.dtypes.astype(str).to_dict() == {"b": "bool", "n": "float64"}


def test_a_model_whose_signature_wants_integers_gets_whole_floats_as_such_and_other_refusals_are_its_own():
    def strict(frame):
        if str(frame["i"].dtype) != "int64":
            raise TypeError(f"cannot safely convert {frame['i'].dtype}")
        return frame["i"].tolist()

    assert answered(strict, pd.DataFrame({"i": [1.0, 2.0]})) == [1, 2]
    with pytest.raises(TypeError, match="float64"):
        answered(strict, pd.DataFrame({"i": [1.0, 2.5]}))
    with pytest.raises(TypeError, match="float64"):
        answered(strict, pd.DataFrame({"i": [1.0, NULL]}))


def test_a_text_reaches_an_adopted_model_as_it_is_and_a_number_among_texts_as_it_is_written():
    features, values = {"body": "text", "age": "numeric"}, {"body": "text", "age": "number"}
    frame = pd.DataFrame({"body": ["The bill,  twice!", None, "請求書"], "age": [1.0, 2.0, 3.0]})
    assert as_trained(frame, features, values)["body"].tolist()[::2] == ["The bill,  twice!", "請求書"]
    assert as_trained(frame.assign(body=[4711, 3, 5]), features, values)["body"].tolist() == ["4711", "3", "5"]
