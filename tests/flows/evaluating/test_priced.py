"""`--impact FILE`: two registered versions in money, without a project."""

from __future__ import annotations

import pandas as pd
import pytest
from sklearn.metrics import confusion_matrix
from tests.flows.evaluating.by_hand import features, flights, models_of_flights

from keepfit.errors import ParamsError
from keepfit.evaluate.labelled_table import EvaluationQuestion
from keepfit.flows.evaluating.evaluate import EvaluationAsked, evaluate

COSTS = "unit: EUR\ncosts: {false_positive: 5, false_negative: 40}\nprices: {review: 100}\nhorizon_windows: 1\n"


def ask(asked_here, tmp_path, text):
    place = tmp_path / "impact.yaml"
    if text is not None:
        place.write_text(text)
    question = EvaluationQuestion(target="late", id="id", time="day")
    wanted = EvaluationAsked(data=asked_here.march, question=question, rules=str(asked_here.rules), impact=place)
    return evaluate("late", "2", wanted, say=lambda line: None)


def test_the_gain_in_money_is_that_of_scikit_learns_confusion_matrices_and_stands_on_the_page(asked_here, tmp_path):
    found = ask(asked_here, tmp_path, COSTS)
    table = flights(3000, seed=2, month=3)
    little, much, _ = models_of_flights()
    late = table["late"] == "yes"
    paid = [(confusion_matrix(late, model.predict_proba(features(table))[:, 1] >= 0.5) * [[0, 5], [40, 0]]).sum() for model in (little, much)]
    impact = found.card.impact
    assert impact.gain == pytest.approx((paid[0] - paid[1]) / len(table))
    assert (impact.unit, impact.rows_a_window, impact.price, impact.n) == ("EUR", 3000.0, 100.0, 3000)
    assert "What it is worth" in found.page
    assert len(pd.read_csv(asked_here.march)) == 3000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "what answers cost cannot be read"),
        ("unit: EUR\ncosts: {false_positve: 5, false_negative: 40}\n", "impact.costs has no 'false_positve' (did you mean 'false_positive'?"),
        ("unit: EUR\nloss: {per_unit: 3}\n", "impact.loss is of a regression"),
        ("untis: EUR\n", "no key 'untis'"),
    ],
)
def test_a_file_that_does_not_fit_is_one_sentence(asked_here, tmp_path, text, sentence):
    with pytest.raises(ParamsError) as caught:
        ask(asked_here, tmp_path, text)
    assert str(caught.value).startswith(sentence)
    assert str(tmp_path / "impact.yaml") in str(caught.value) or "--impact" in str(caught.value)
