from __future__ import annotations

from dataclasses import replace

import pytest

from keepfit.params import load_params
from keepfit.records import DebtMemory, Gain, Impact, Pin, Scorecard, ScoreRow
from keepfit.update.impact import candidate_impact, review_price, windows_until_review

BASE = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, window: WINDOW}\nupdate: {reviews_a_year: 4, price: PRICE}\n"
ROW = {"slice": "overall", "metric": "roc_auc", "rule": "any", "bound": 0.0, "champion": 0.8, "challenger": 0.9, "p_value": 0.5, "status": "pass"}
SHAPE = {"model": "m", "task": "classification", "metric": "roc_auc", "basis": "later", "evaluated_from": None, "evaluated_until": None, "n": 300}
PIN = Pin(model="m", version="1", digest="sha256:aa", trained_until=None, evaluated_until=None)
CARD = Scorecard(**SHAPE, champion=PIN, rows=(ScoreRow(**ROW, difference=0.04, low=0.03, high=0.05, n=300, confidence=0.95),))
MONEY = Impact(unit="EUR", measure="costs", gain=0.5, low=0.2, high=0.8, confidence=0.95, n=300, rows_a_window=1000.0, price=500.0)


def params(window="month", price="null", more=""):
    return load_params(BASE.replace("WINDOW", window).replace("PRICE", price) + more)


def aged(*gains):
    return DebtMemory(newer=tuple(Gain(window=str(at), start=None, gain=gain, margin=0.0) for at, gain in enumerate(gains)))


@pytest.mark.parametrize(("window", "windows"), [("month", 3), ("week", 13), ("day", 91), ("500 rows", None)])
def test_a_candidate_serves_until_the_next_review_where_windows_have_a_length(window, windows):
    assert windows_until_review(params(window)) == windows


def test_params_that_name_a_horizon_win():
    assert windows_until_review(params("500 rows", more="impact: {horizon_windows: 7}")) == 7


def test_the_price_is_the_one_named_or_what_ageing_until_the_next_review_costs():
    assert review_price(params(price="0.05"), aged(0.01)) == 0.05
    assert review_price(params(), aged(0.01, 0.03)) == pytest.approx(0.02 * (1 + 2 + 3))
    assert review_price(params(), DebtMemory()) is None
    assert review_price(params(), aged(-0.01)) is None


def test_without_costs_a_candidate_is_weighed_in_the_metric():
    found = candidate_impact(params(price="0.08"), CARD, DebtMemory())
    assert (found.unit, found.price, found.horizon, found.verdict) == ("roc_auc", 0.08, 3, "worth it")
    assert candidate_impact(params(price="0.2"), CARD, DebtMemory()).verdict == "not worth it"
    assert candidate_impact(params(), replace(CARD, rows=()), DebtMemory()) is None


def test_with_costs_the_scorecards_record_gets_a_horizon_and_a_verdict():
    found = candidate_impact(params(), replace(CARD, impact=MONEY), DebtMemory())
    assert (found.horizon, found.verdict) == (3, "worth it")
    named = replace(MONEY, horizon=1, verdict="cannot tell")
    assert candidate_impact(params(), replace(CARD, impact=named), DebtMemory()) == named
