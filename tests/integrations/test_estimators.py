from __future__ import annotations

import hashlib
import pickle
import pickletools

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from tests.grammar import texts
from tests.storage import NAMED, storages

from keepfit.errors import TrainError
from keepfit.integrations.estimators import EstimatorRecipe, save_sklearn, train_sklearn
from keepfit.tables.frames import to_frame

FEATURES = {"carrier": "categorical", "stops": "categorical", "distance": "numeric"}


def table(n=600, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"carrier": rng.choice(["EV", "UA", None], n), "stops": rng.choice([0.0, 1.0, np.nan], n), "distance": rng.normal(size=n), "unused": "x"}
    )
    target = ((frame["carrier"] == "EV") + frame["distance"] + rng.normal(size=n) > 0.5).to_numpy(float)
    return frame, target


def recipe(estimator="sklearn.ensemble.HistGradientBoostingClassifier", **other):
    return EstimatorRecipe(estimator=estimator, **{"features": FEATURES, "task": "classification", **other})


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


def test_a_feature_without_any_value_is_named_where_the_fit_fails():
    frame, target = table()
    with pytest.raises(TrainError, match=r"distance is missing in all 600 training rows.*\(params.yaml: data.features.distance\)"):
        train_sklearn(recipe(), frame.assign(distance=np.nan), target)


def test_one_class_is_refused():
    frame, target = table()
    with pytest.raises(TrainError, match="one class only"):
        train_sklearn(recipe(), frame, target * 0)


def test_words_in_a_numeric_column_are_named():
    frame, target = table()
    with pytest.raises(TrainError, match="could not convert string to float"):
        train_sklearn(
            EstimatorRecipe(estimator="sklearn.linear_model.LogisticRegression", task="classification", features={"carrier": "numeric"}), frame, target
        )


def test_regression_trains_too():
    frame, _ = table()
    model = train_sklearn(recipe("sklearn.ensemble.HistGradientBoostingRegressor", task="regression"), frame, np.asarray(frame["distance"] * 3))
    assert np.corrcoef(model.predict(frame), frame["distance"])[0, 1] > 0.95


# -- one form, whatever stores the values -------------------------------------------------------------------------------

ESTIMATORS = ["sklearn.ensemble.HistGradientBoostingClassifier", "sklearn.linear_model.LogisticRegression"]


def yes_and_no():
    """1,000 rows of a boolean that says a tenth or nine tenths."""
    rng = np.random.default_rng(0)
    flags = rng.random(1000) < 0.5
    return flags, (rng.random(1000) < np.where(flags, 0.9, 0.1)).astype(float)


def test_one_null_in_a_boolean_changes_the_score_of_its_row_only():
    flags, target = yes_and_no()
    model = train_sklearn(
        EstimatorRecipe(estimator=ESTIMATORS[0], task="classification", features={"v": "categorical"}), to_frame(pa.table({"v": flags})), target
    )
    with_null = to_frame(pa.table({"v": pa.array([None, *map(bool, flags[1:])])}))
    scores = model.predict_proba(with_null)[:, 1]
    assert scores[1:].tolist() == model.predict_proba(to_frame(pa.table({"v": flags})))[1:, 1].tolist()
    assert [round(float(scores[1:][flags[1:] == flag][0]), 2) for flag in (False, True)] == [0.12, 0.9]
    assert 0 < scores[0] < 1


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("name", NAMED)
def test_a_value_scores_alike_in_every_storage_of_training_and_scoring(estimator, name):
    values = [*NAMED[name], *NAMED[name][::-1]] * 10
    target = np.array([str(value) in {str(NAMED[name][0]), str(NAMED[name][3])} for value in values], float)
    learned, windows = {}, storages(values[:-1])  # another number of rows, and another set of values
    for place, (trained, stored) in enumerate(storages(values).items()):
        if name == "number" and " as " in trained:
            continue  # text that says fractions stays text
        recipe = EstimatorRecipe(
            estimator=estimator, task="classification", features={"v": "categorical"}, params={"max_iter": 5} if "Hist" in estimator else {}
        )
        model = train_sklearn(recipe, to_frame(pa.table({"v": stored})), target)
        learned[trained] = model.predict_proba(to_frame(pa.table({"v": stored})))[:, 1]
        for seen in list(windows)[place % 5 :: 5]:
            found = model.predict_proba(to_frame(pa.table({"v": windows[seen]})))[:, 1]
            assert found.tolist() == learned[trained][:-1].tolist(), (trained, seen)
    assert np.ptp(list(learned.values()), axis=0).max() < 1e-12


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("name", ["boolean", "0 and 1", "small integer", "number"])
def test_a_numeric_feature_scores_alike_in_every_storage(estimator, name):
    values = list(NAMED[name]) * 20
    target = np.array([str(value) in {str(NAMED[name][0]), str(NAMED[name][3])} for value in values], float)
    scores, windows = [], list(storages(values).values())
    for place, stored in enumerate(windows):
        frame = to_frame(pa.table({"v": stored}))
        try:
            model = train_sklearn(EstimatorRecipe(estimator=estimator, task="classification", features={"v": "numeric"}), frame, target)
        except TrainError:  # a training table of words is no table of numbers
            continue
        scores += [model.predict_proba(to_frame(pa.table({"v": window})))[:, 1] for window in windows[place % 5 :: 5]]
    assert len(scores) > 10
    assert np.ptp(scores, axis=0).max() < 1e-12


def test_a_window_of_one_value_reads_like_the_table_that_trained():
    values = [1.0, 0.5, 2.0, None] * 50
    target = np.array([value == 1.0 for value in values], float)
    model = train_sklearn(EstimatorRecipe(estimator=ESTIMATORS[1], task="classification", features={"v": "categorical"}), pd.DataFrame({"v": values}), target)
    whole = model.predict_proba(pd.DataFrame({"v": values}))[:, 1]
    assert model.predict_proba(pd.DataFrame({"v": [1.0, None]}))[:, 1].tolist() == [whole[0], whole[3]]
    assert model.predict_proba(pd.DataFrame({"v": ["1", "0.50"]}))[:, 1].tolist() == whole[:2].tolist()


def test_times_score_alike_whatever_their_unit_and_whether_all_are_midnights():
    times = pd.to_datetime(["2026-01-01T00", "2026-01-02T03", "2026-01-03T00"] * 20)
    target = np.array([True, False, False] * 20, float)
    model = train_sklearn(EstimatorRecipe(estimator=ESTIMATORS[1], task="classification", features={"v": "categorical"}), pd.DataFrame({"v": times}), target)
    whole = model.predict_proba(pd.DataFrame({"v": times}))[:, 1]
    for window in (times[:1], times[:1].as_unit("s"), times[:1].tz_localize("UTC"), ["2026-01-01"]):
        assert model.predict_proba(pd.DataFrame({"v": window}))[0, 1] == whole[0]


def test_a_column_of_only_nulls_is_scored_as_missing():
    frame, target = table()
    model = train_sklearn(recipe(), frame, target)
    nothing = to_frame(pa.table({"carrier": pa.nulls(2), "stops": pa.nulls(2), "distance": pa.nulls(2)}))
    missing = pd.DataFrame({"carrier": [None], "stops": [np.nan], "distance": [np.nan]})
    assert model.predict_proba(nothing)[:, 1].tolist() == [model.predict_proba(missing)[0, 1]] * 2


# -- texts --------------------------------------------------------------------------------------------------------------

WITH_TEXT = {"body": "text", **FEATURES}
LINEAR = "sklearn.linear_model.LogisticRegression"


def table_of_texts(n=400, seed=0):
    frame, _ = table(n, seed)
    stream = texts(seed, windows=1, rows=n)
    return frame.assign(body=stream["text"].to_pandas()), np.array([topic in ("billing", "account") for topic in stream["topic"].to_pylist()], float)


@pytest.mark.parametrize("estimator", [LINEAR, "sklearn.ensemble.HistGradientBoostingClassifier", "sklearn.linear_model.SGDClassifier"])
def test_texts_are_learned_beside_other_features_to_the_same_bytes(tmp_path, estimator):
    frame, target = table_of_texts()
    chosen = recipe(estimator, features=WITH_TEXT, params={"loss": "log_loss"} if estimator.endswith("SGDClassifier") else {})
    for name in ("one", "two"):
        save_sklearn(train_sklearn(chosen, frame, target), tmp_path / name)
    assert sha(tmp_path / "one") == sha(tmp_path / "two")
    later, truth = table_of_texts(seed=1)
    model = train_sklearn(chosen, frame, target)
    assert ((model.predict_proba(later)[:, 1] > 0.5) == truth).mean() > 0.9
    names = {value for _, value, _ in pickletools.genops(pickle.dumps(model)) if isinstance(value, str)}
    assert not [name for name in names if "keepfit" in name]


@pytest.mark.parametrize("body", [[None, "", "🙂"], [4711, 1.5, None], [None] * 3, ["x" * 5_000_000, "the invoice", "請求書"]])
def test_odd_texts_are_scored(body):
    frame, target = table_of_texts()
    model = train_sklearn(EstimatorRecipe(estimator=LINEAR, task="classification", features={"body": "text"}), frame, target)
    assert np.isfinite(model.predict_proba(pd.DataFrame({"body": body}))).all()


def test_a_language_without_spaces_is_learned_from_its_characters():
    frame = pd.DataFrame({"body": ["請求書が間違っている", "配達が遅れています"] * 60})
    target = np.array([1.0, 0.0] * 60)
    model = train_sklearn(EstimatorRecipe(estimator=LINEAR, task="classification", features={"body": "text"}), frame, target)
    assert model.predict(pd.DataFrame({"body": ["請求書の間違い", "遅れている配達"]})).tolist() == [1, 0]


@pytest.mark.parametrize("nothing", [None, "", "..."])
def test_a_column_of_texts_without_a_word_is_one_sentence(nothing):
    frame, target = table_of_texts()
    with pytest.raises(TrainError, match="body holds no words in all 400 training rows"):
        train_sklearn(recipe(LINEAR, features=WITH_TEXT), frame.assign(body=nothing), target)
