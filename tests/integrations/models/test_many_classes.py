from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from keepfit.errors import TrainError
from keepfit.integrations.models.answer import Answer, checked_scores
from keepfit.integrations.models.keepfit_model import LABELS, NUMBERS, PROBABILITIES, UnclearAnswerError, ask_many, by_class, code_of, read_many
from keepfit.records import ModelMeta, from_json, to_json

CLASSES = ("outage", "billing", "contract")


def sample(n=300):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n)})
    return frame, rng.permutation(np.arange(n) % 3)


def meta(classes=CLASSES, **other):
    known = {"model": "m", "task": "classification", "target": "topic", "features": {"a": "numeric", "b": "numeric"}, "flavor": "command", "estimator": "e"}
    return ModelMeta(**{**known, "rows": 1, "trained_from": None, "trained_until": None, "classes": classes, "many": True, **other})


def asked(model, frame, *, coded=False):
    return ask_many(model, frame, CLASSES, "topic", coded=coded)


def test_a_models_classes_are_put_in_the_order_of_the_list_whatever_order_it_has_them_in():
    frame, codes = sample()
    model = LogisticRegression().fit(frame, np.array(CLASSES)[codes])
    scores, kind = asked(model, frame)
    assert kind == PROBABILITIES
    assert np.array_equal(scores, model.predict_proba(frame)[:, [2, 0, 1]])


def test_a_model_that_keepfit_trained_knows_codes():
    frame, codes = sample()
    model = LogisticRegression().fit(frame, codes)
    assert np.array_equal(asked(model, frame, coded=True)[0], model.predict_proba(frame))


def test_a_class_that_no_training_row_had_has_probability_zero():
    frame, codes = sample()
    rows = codes != 1
    scores, _ = asked(LogisticRegression().fit(frame[rows], codes[rows]), frame, coded=True)
    assert (scores[:, 1] == 0).all()
    assert np.allclose(scores.sum(axis=1), 1)


def test_a_model_of_labels_answers_one_for_its_class():
    frame, codes = sample()
    model = LinearSVC().fit(frame, np.array(CLASSES)[codes])
    scores, kind = asked(model, frame)
    assert kind == LABELS
    assert [CLASSES[at] for at in scores.argmax(axis=1)] == model.predict(frame).tolist()
    assert set(scores.ravel()) == {0.0, 1.0}
    assert Answer(meta(), scores).only_labels


def test_a_frame_is_read_by_the_names_of_its_columns():
    frame = pd.DataFrame({"row": [1, 2], "p_billing": [0.2, 0.5], "contract": [0.1, 0.5], "prob(outage)": [0.7, 0.0]})
    scores, kind = read_many(frame, CLASSES, "topic")
    assert (scores.tolist(), kind) == ([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]], NUMBERS)


def test_a_column_of_labels_is_read_too_and_a_missing_one_stays_missing():
    scores, kind = read_many(pd.DataFrame({"row": [1, 2], "topic": ["contract", None]}), CLASSES, "topic")
    assert kind == LABELS
    assert scores[0].tolist() == [0.0, 0.0, 1.0]
    assert np.isnan(scores[1]).all()


def test_numbered_classes_are_told_by_value():
    assert code_of(2.0, ("1", "2", "3")) == 1
    assert code_of(np.int64(3), ("1", "2", "3")) == 2
    assert code_of(np.True_, ("false", "true", "unsure")) == 1


@pytest.mark.parametrize("answer", [np.full((2, 3), 1 / 3), np.full((2, 5), 0.2)])
def test_columns_without_names_are_not_guessed(answer):
    with pytest.raises(UnclearAnswerError, match="which column is which class is not known"):
        read_many(answer, CLASSES, "topic")


def test_a_model_of_encoded_labels_is_refused_as_its_order_is_not_known():
    frame, codes = sample()
    with pytest.raises(UnclearAnswerError, match=r"the model knows a class '0', and the classes are 'outage'.*as they stand in the table"):
        asked(LogisticRegression().fit(frame, codes), frame)


def test_what_is_served_is_a_frame_named_for_the_classes():
    assert list(by_class(np.eye(3), CLASSES).columns) == list(CLASSES)


def test_scores_that_are_no_rows_of_probabilities_are_refused():
    with pytest.raises(TrainError, match="a probability a row and class"):
        checked_scores(np.ones(2), rows=2, meta=meta())
    with pytest.raises(TrainError, match=r"add up to 1\.6, not to 1"):
        checked_scores(np.array([[0.9, 0.5, 0.2]]), rows=1, meta=meta())
    assert checked_scores(np.array([[0.33, 0.33, 0.33]]), rows=1, meta=meta()).shape == (1, 3)


def test_an_answer_is_told_in_the_order_of_the_classes_that_are_listed_now():
    answer = Answer(meta(), np.array([[0.5, 0.3, 0.2]]))
    assert answer.told_as(("legal", "contract", "outage", "billing")).scores.tolist() == [[0.0, 0.2, 0.5, 0.3]]
    assert answer.told_as(CLASSES) is answer


def test_a_meta_of_two_classes_keeps_its_bytes():
    assert "many" not in to_json(meta(many=False))
    assert from_json(ModelMeta, to_json(meta()), where="meta").many
