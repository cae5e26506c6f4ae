from __future__ import annotations

import hashlib
import pickle
import pickletools

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import TrainError
from keepfit.integrations.estimators import Recipe, save_sklearn, train_sklearn

FEATURES = {"carrier": "categorical", "stops": "categorical", "distance": "numeric"}


def table(n=600, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"carrier": rng.choice(["EV", "UA", None], n), "stops": rng.choice([0.0, 1.0, np.nan], n), "distance": rng.normal(size=n), "unused": "x"}
    )
    target = ((frame["carrier"] == "EV") + frame["distance"] + rng.normal(size=n) > 0.5).to_numpy(float)
    return frame, target


def recipe(estimator="sklearn.ensemble.HistGradientBoostingClassifier", **other):
    return Recipe(estimator=estimator, features=FEATURES, **{"task": "classification", **other})


def sha(folder):
    return hashlib.sha256((folder / "estimator.joblib").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("estimator", "params"),
    [
        ("sklearn.ensemble.HistGradientBoostingClassifier", {"max_iter": 10}),
        ("sklearn.linear_model.LogisticRegression", {}),
        ("sklearn.ensemble.RandomForestClassifier", {"n_estimators": 5}),
    ],
)
def test_training_twice_gives_the_same_bytes(tmp_path, estimator, params):
    for name in ("one", "two"):
        frame, target = table()
        save_sklearn(train_sklearn(recipe(estimator, params=params), frame, target), tmp_path / name)
    assert sha(tmp_path / "one") == sha(tmp_path / "two")


def test_the_pickle_holds_nothing_of_keepfit():
    frame, target = table()
    names = {value for _, value, _ in pickletools.genops(pickle.dumps(train_sklearn(recipe(), frame, target))) if isinstance(value, str)}
    assert not [name for name in names if "keepfit" in name]


@pytest.mark.parametrize("estimator", ["sklearn.ensemble.HistGradientBoostingClassifier", "sklearn.linear_model.LogisticRegression"])
def test_unseen_categories_missing_values_and_infinity_are_scored(estimator):
    frame, target = table()
    model = train_sklearn(recipe(estimator), frame, target)
    odd = pd.DataFrame({"carrier": ["??", None, "EV"], "stops": [9, 1, 0], "distance": [np.inf, np.nan, 1.0]})
    assert np.isfinite(model.predict_proba(odd)).all()


def test_a_category_reads_the_same_as_number_with_and_without_missing_values():
    frame, target = table()
    model = train_sklearn(recipe(), frame, target)
    with_missing = pd.DataFrame({"carrier": ["EV", "EV"], "stops": [1.0, np.nan], "distance": [0.0, 0.0]})
    without = pd.DataFrame({"carrier": ["EV"], "stops": [1], "distance": [0.0]})
    assert model.predict_proba(with_missing)[0, 1] == model.predict_proba(without)[0, 1]


def test_more_categories_than_allowed_become_one():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"carrier": rng.integers(0, 400, 3000).astype(str), "stops": 1, "distance": rng.normal(size=3000)})
    model = train_sklearn(recipe(max_categories=30), frame, (frame["distance"] > 0).to_numpy(float))
    assert model[-1].n_features_in_ == 3


def test_weights_change_the_model_and_ones_do_not():
    frame, target = table()
    plain = train_sklearn(recipe("sklearn.linear_model.LogisticRegression"), frame, target)
    ones = train_sklearn(recipe("sklearn.linear_model.LogisticRegression"), frame, target, np.ones(len(frame)))
    heavy = train_sklearn(recipe("sklearn.linear_model.LogisticRegression"), frame, target, 1 + 9 * target)
    assert plain.predict_proba(frame)[0, 1] == ones.predict_proba(frame)[0, 1] < heavy.predict_proba(frame)[0, 1]
    with pytest.raises(TrainError, match="takes no row weights"):
        train_sklearn(recipe("sklearn.neighbors.KNeighborsClassifier"), frame, target, 1 + target)


@pytest.mark.parametrize(
    ("estimator", "params", "said"),
    [
        ("sklearn.ensemble.HistGradientBoostingClasifier", {}, "did you mean 'HistGradientBoostingClassifier'"),
        ("sklearn.ensembel.RandomForestClassifier", {}, "did you mean 'ensemble'"),
        ("sklaern.ensemble.RandomForestClassifier", {}, "No module named"),
        ("RandomForestClassifier", {}, "package.module.Class"),
        ("sklearn.ensemble.RandomForestClassifier", {"n_estimatorss": 3}, "did you mean 'n_estimators'"),
        ("sklearn.ensemble.HistGradientBoostingRegressor", {}, "no estimator for classification"),
        ("sklearn.svm.LinearSVC", {}, "gives no probabilities"),
        ("pathlib.Path", {}, "no estimator"),
        ("sklearn.ensemble.HistGradientBoostingClassifier", {"max_iter": -3}, "cannot be fitted"),
    ],
)
def test_what_cannot_be_trained_says_why_and_what_to_do(estimator, params, said):
    frame, target = table()
    with pytest.raises(TrainError) as caught:
        train_sklearn(recipe(estimator, params=params), frame, target)
    assert said in str(caught.value)
    assert caught.value.fix


def test_one_class_is_refused():
    frame, target = table()
    with pytest.raises(TrainError, match="one class only"):
        train_sklearn(recipe(), frame, target * 0)


def test_words_in_a_numeric_column_are_named():
    frame, target = table()
    with pytest.raises(TrainError, match="could not convert string to float"):
        train_sklearn(Recipe(estimator="sklearn.linear_model.LogisticRegression", task="classification", features={"carrier": "numeric"}), frame, target)


def test_regression_trains_too():
    frame, _ = table()
    model = train_sklearn(recipe("sklearn.ensemble.HistGradientBoostingRegressor", task="regression"), frame, np.asarray(frame["distance"] * 3))
    assert np.corrcoef(model.predict(frame), frame["distance"])[0, 1] > 0.95
