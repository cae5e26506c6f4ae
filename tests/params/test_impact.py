from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import ParamsError
from keepfit.params import load_params
from keepfit.params.impact import LossParams, best_threshold

TWO = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\nimpact: "
MANY = TWO.replace("target: y", "target: y, classes: [billing, outage, 3]")
NUMBER = TWO.replace("classification", "regression")
COSTS = "costs: {false_positive: 5, false_negative: 40}"
SQUARE = "costs: {billing: {outage: 1, 3: 2}, outage: {billing: 3, 3: 4}, 3: {billing: 5, outage: 6}}"


def test_nothing_is_priced_by_default():
    params = load_params(TWO + "{}")
    assert not params.impact.priced
    assert params.impact.matrix(params.model) == ()


def test_costs_of_two_classes_are_a_square_in_the_order_of_a_confusion_matrix():
    params = load_params(TWO + "{unit: EUR, costs: {false_positive: 5, false_negative: 40, true_positive: -2}}")
    assert params.impact.matrix(params.model) == ((0.0, 5.0), (40.0, -2.0))


def test_costs_of_many_classes_are_a_square_in_the_order_of_the_classes():
    params = load_params(MANY + f"{{unit: EUR, {SQUARE}}}")
    assert params.impact.matrix(params.model) == ((0, 1, 2), (3, 0, 4), (5, 6, 0))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TWO + f"{{{COSTS}}}", "what is paid for an answer has a unit"),
        (TWO + "{unit: EUR}", "unit counts where answers have a cost"),
        (TWO + "{unit: EUR, costs: {false_positive: 5}}", "impact.costs lacks false_negative"),
        (TWO + "{unit: EUR, costs: {false_positve: 5, false_negative: 1}}", "impact.costs has no 'false_positve' (did you mean 'false_positive'?"),
        (TWO + "{unit: EUR, costs: [[0, 5], [40, 0]]}", "costs are a map"),
        (TWO + "{unit: EUR, costs: {false_positive: {a: 1}, false_negative: 1}}", "impact.costs.false_positive is one number"),
        (TWO + "{unit: EUR, costs: {false_positive: .inf, false_negative: 1}}", "Input should be a finite number"),
        (TWO + f"{{unit: EUR, {COSTS}, rows_a_window: -4}}", "Input should be greater than or equal to 1"),
        (TWO + f"{{unit: EUR, {COSTS}, horizon_windows: 0}}", "Input should be greater than or equal to 1"),
        (TWO + f"{{unit: EUR, {COSTS}, prices: {{review: -1}}}}", "Input should be greater than or equal to 0"),
        (TWO + f"{{unit: EUR, {COSTS}, threshold: 1.5}}", "a threshold is a probability from 0 to 1, or best"),
        (TWO + f"{{unit: EUR, {COSTS}, loss: {{per_unit: 1}}}}", "costs are of a classification, a loss is of a regression"),
        (TWO + "{unit: EUR, loss: {per_unit: 1}}", "impact.loss is of a regression"),
        (TWO + "{unit: EUR, threshold: best, costs: {false_positive: -1, false_negative: 40}}", "with these impact.costs a wrong answer costs no more"),
        (MANY + f"{{unit: EUR, {COSTS}}}", "impact.costs: no class 'false_positive'"),
        (MANY + f"{{unit: EUR, {SQUARE.replace('outage: {', 'outtage: {')}}}", "impact.costs: no class 'outtage' (did you mean 'outage'?"),
        (MANY + f"{{unit: EUR, {SQUARE.replace('outage: 6', 'outtage: 6')}}}", "impact.costs.3: no class 'outtage'"),
        (MANY + f"{{unit: EUR, {SQUARE.replace(', outage: 6', '')}}}", "impact.costs is a square of all classes"),
        (MANY + f"{{unit: EUR, {SQUARE}, threshold: 0.3}}", "impact.threshold is of two classes"),
        (NUMBER + f"{{unit: EUR, {COSTS}}}", "impact.costs are of a classification"),
        (NUMBER + "{unit: EUR, loss: {per_unit: 1, pinball: {quantile: 0.9}}}", "a loss is one of per_unit, asymmetric and pinball, here are per_unit"),
        (NUMBER + "{unit: EUR, loss: {}}", "a loss is one of per_unit, asymmetric and pinball, here are none"),
        (NUMBER + "{unit: EUR, loss: {pinball: {quantile: 1}}}", "Input should be less than 1"),
        (NUMBER + "{unit: EUR, loss: {asymetric: {over: 1}}}", "no key 'asymetric'"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(ParamsError) as caught:
        load_params(text)
    assert str(caught.value).startswith(sentence)
    assert "params.yaml: impact" in str(caught.value)


@given(fp=st.floats(0.01, 100), fn=st.floats(0.01, 100), tp=st.floats(-100, 0), tn=st.floats(-100, 0))
def test_at_the_best_threshold_both_answers_cost_the_same_on_average(fp, fn, tp, tn):
    p = best_threshold(((tn, fp), (fn, tp)))
    assert (1 - p) * fp + p * tp == pytest.approx((1 - p) * tn + p * fn, rel=1e-9, abs=1e-9)


def test_a_pinball_loss_is_an_asymmetric_one():
    pinball, other = LossParams(pinball={"quantile": 0.9, "per_unit": 10}), LossParams(asymmetric={"over": 1, "under": 9})
    assert (pinball.over, pinball.under) == (other.over, other.under)
