"""A model that keepfit did not train is asked by what it says of itself: its columns, its classes, and the types that it reads."""

from __future__ import annotations

import shutil

import lightgbm
import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
from tests.flows.evaluating.by_hand import features, flights

from keepfit.errors import DataError, TrainError
from keepfit.flows.models.training import train_once
from keepfit.integrations.models.asked_process import MODEL, QUESTION, ROWS, ModelQuestion, ask_here, place_apart, read_answer, trained_by_keepfit
from keepfit.integrations.models.scorer import load_scorer, read_meta
from keepfit.params import Params
from keepfit.records import to_json

ROWS_ASKED = flights(60, seed=5, month=2)


def saved(folder, model, **how):
    flavour = mlflow.lightgbm if type(model).__module__.startswith("lightgbm") else mlflow.sklearn
    how |= {"serialization_format": "cloudpickle"} if flavour is mlflow.sklearn else {}
    flavour.save_model(model, str(folder / "saved"), pip_requirements=["lightgbm"], **how)
    return folder / "saved"


def ask(whole, rows=ROWS_ASKED, **question):
    folder = whole.parent / "asked"
    folder.mkdir()
    place_apart(whole, folder / MODEL)
    asked = {"called": "late v1", "task": "classification", "target": "late", "classes": ("no", "yes"), "aside": ("id", "day"), **question}
    (folder / QUESTION).write_text(to_json(ModelQuestion(**asked)))
    pq.write_table(pa.Table.from_pandas(rows.drop(columns="late", errors="ignore"), preserve_index=False), folder / ROWS)
    ask_here(folder)
    return read_answer(folder, called="late v1")


def learned(target, *, n=900):
    table = flights(n, seed=4, month=1)
    return lightgbm.LGBMClassifier(n_estimators=5, num_leaves=4, verbose=-1, n_jobs=1).fit(features(table), target(table)), table


def test_columns_are_read_in_the_models_own_order_and_texts_as_its_categories(tmp_path):
    model, _ = learned(lambda table: table["late"])
    shuffled = ROWS_ASKED[["distance", "id", "carrier", "day", "delay"]]
    found = ask(saved(tmp_path, model), shuffled)
    assert found.answer.scores == pytest.approx(model.predict_proba(features(ROWS_ASKED))[:, 1])


def test_categories_are_told_by_their_words_where_the_rows_hold_only_some(tmp_path):
    model, _ = learned(lambda table: table["late"])
    only = ROWS_ASKED[ROWS_ASKED["carrier"] == "UA"]
    expected = model.predict_proba(features(ROWS_ASKED))[(ROWS_ASKED["carrier"] == "UA").to_numpy(), 1]
    assert ask(saved(tmp_path, model), only).answer.scores == pytest.approx(expected)


def test_a_booster_without_classes_answers_the_probability_of_1(tmp_path):
    table = flights(900, seed=4, month=1)
    model = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1}, lightgbm.Dataset(features(table), (table["late"] == "yes").astype(int)), 5)
    whole = saved(tmp_path, model, signature=infer_signature(features(table), model.predict(features(table))))
    assert ask(whole).answer.scores == pytest.approx(model.predict(features(ROWS_ASKED)))


def test_of_many_classes_a_column_is_told_by_its_class_and_one_that_rows_lack_is_kept(tmp_path):
    model, _ = learned(lambda table: np.where(table["delay"] > 1, "very", np.where(table["delay"] > 0, "some", "none")))
    found = ask(saved(tmp_path, model), classes=("very", "none", "often"))
    assert (found.answer.meta.classes, found.learned) == (("very", "none", "often", "some"), ("none", "some", "very"))
    by_model = model.predict_proba(features(ROWS_ASKED))
    assert found.answer.scores == pytest.approx(np.column_stack([by_model[:, 2], by_model[:, 0], np.zeros(60), by_model[:, 1]]))


def test_numbers_are_predicted_and_a_classifier_asked_for_them_is_refused(tmp_path):
    table = flights(900, seed=4, month=1)
    model = lightgbm.LGBMRegressor(n_estimators=5, verbose=-1, n_jobs=1).fit(features(table), table["distance"])
    found = ask(saved(tmp_path, model), task="regression", classes=())
    assert found.answer.scores == pytest.approx(model.predict(features(ROWS_ASKED)))


def test_a_classifier_is_not_asked_for_numbers(tmp_path):
    model, _ = learned(lambda table: table["late"])
    with pytest.raises(DataError, match="late v1: it tells between classes"):
        ask(saved(tmp_path, model), task="regression", classes=())


def test_a_model_that_is_no_classifier_has_no_probabilities(tmp_path):
    table = flights(900, seed=4, month=1)
    model = lightgbm.LGBMRegressor(n_estimators=5, verbose=-1, n_jobs=1).fit(features(table), table["distance"])
    with pytest.raises(TrainError, match="no probabilities"):
        ask(saved(tmp_path, model))


def test_a_column_of_the_signature_that_rows_lack_is_named(tmp_path):
    table = flights(200, seed=4, month=1)
    numbers = table[["delay", "distance"]]
    model = LogisticRegression().fit(numbers.to_numpy(), table["late"])
    whole = saved(tmp_path, model, signature=infer_signature(numbers))
    with pytest.raises(DataError, match="no column 'distance' that the model needs"):
        ask(whole, ROWS_ASKED.rename(columns={"distance": "distanse"}))


def test_a_model_without_names_is_given_all_columns_but_those_put_aside(tmp_path):
    table = flights(200, seed=4, month=1)
    model = LogisticRegression().fit(table[["delay", "distance"]].to_numpy(), table["late"])
    rows = ROWS_ASKED[["id", "delay", "distance", "day"]]
    assert ask(saved(tmp_path, model), rows).answer.scores == pytest.approx(model.predict_proba(rows[["delay", "distance"]].to_numpy())[:, 1])


def test_what_is_no_model_is_a_sentence(tmp_path):
    model, _ = learned(lambda table: table["late"])
    whole = saved(tmp_path, model)
    next(whole.glob("model.*")).write_bytes(b"nothing")
    with pytest.raises(TrainError, match="late v1: the model cannot be loaded"):
        ask(whole)


def test_rows_that_a_model_refuses_are_a_sentence(tmp_path):
    model, _ = learned(lambda table: table["late"])
    with pytest.raises(DataError, match="the model cannot score these rows"):
        ask(saved(tmp_path, model), ROWS_ASKED.assign(delay=pd.Timestamp("2026-01-01")))


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A model that keepfit trained, where it lies in an MLflow model directory."""
    whole = tmp_path_factory.mktemp("own") / "whole"
    table = flights(900, seed=4, month=1).assign(late=lambda rows: (rows["late"] == "yes").astype(float))
    kinds = {"carrier": "categorical", "delay": "numeric", "distance": "numeric"}
    params = Params.model_validate(
        {
            "model": {"name": "late", "task": "classification", "target": "late", "positive": "yes"},
            "data": {"live": "", "time": "day", "features": kinds},
            "train": {"estimator": "sklearn.linear_model.LogisticRegression", "params": {"max_iter": 500}},
        }
    )
    train_once(params, table, whole / "data" / "candidate", profile=False)
    (whole / "MLmodel").write_text("flavors: {}\nmodel_id: m-1\n")
    return whole


def test_a_model_of_keepfit_is_asked_as_keepfit_asks_it_and_says_until_when_it_was_trained(own, tmp_path):
    shutil.copytree(own, tmp_path / "whole")
    found = ask(tmp_path / "whole")
    assert found.answer.scores == pytest.approx(load_scorer(own / "data" / "candidate").score(ROWS_ASKED))
    assert trained_by_keepfit(own) == own / "data" / "candidate"
    assert read_meta(own / "data" / "candidate").trained_until < ROWS_ASKED["day"].min()


@pytest.mark.parametrize("about", [{"target": "delayed"}, {"task": "regression", "classes": ()}])
def test_a_model_of_keepfit_is_not_asked_for_another_target(own, tmp_path, about):
    shutil.copytree(own, tmp_path / "whole")
    with pytest.raises(DataError, match="it was trained to answer 'late'"):
        ask(tmp_path / "whole", **about)
