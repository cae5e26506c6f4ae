from __future__ import annotations

from dataclasses import replace

from keepfit.evaluate.impact.verdict import judged
from keepfit.records import Impact
from keepfit.report.impact import impact_summary

FOUND = Impact(unit="EUR", measure="costs", gain=0.5, low=0.2, high=0.8, confidence=0.95, n=900, rows_a_window=1000.0, price=550.0, horizon=3)


def said(**changes):
    return impact_summary(judged(replace(FOUND, **changes)))


def test_a_gain_that_cannot_be_told_from_its_price_names_the_labels_that_would_decide():
    assert said(price=700.0).endswith("has paid after 2 windows (1 to 4). About 1,140 labels would decide it, there are 900.")
    assert said(gain=0.5, low=-50.0, high=51.0, price=1500.0, n=9).endswith("No number of labels within reach would decide it.")


def test_of_two_models_that_come_out_the_same_no_labels_are_asked_for():
    same = {"measure": "metric", "unit": "roc_auc", "gain": 0.0, "low": 0.0, "high": 0.0, "rows_a_window": None, "price": None, "horizon": None}
    assert said(**same).endswith("Both models come out the same on these rows.")


def test_a_candidate_that_does_not_pay_says_from_which_volume_on_it_would():
    text = said(price=2500.0)
    assert text.startswith("Not worth it: +0.5 EUR a row")
    assert "has paid after 5 windows (4 to 13), within 3 from 1,667 rows a window on; it is taken to serve 3 windows." in text


def test_a_loss_never_pays():
    assert "It costs 550 EUR and never pays by this gain" in said(gain=-0.5, low=-0.8, high=-0.2)


def test_without_a_price_nothing_is_said_of_one():
    assert said(price=None, horizon=None) == "Worth it: +0.5 EUR a row (95 % interval +0.2 to +0.8), +500 EUR a window of 1,000 rows (+200 to +800)."


def test_a_metrics_gain_has_no_volume_and_a_price_in_the_metric():
    text = said(measure="metric", unit="roc_auc", gain=0.02, low=0.004, high=0.036, rows_a_window=None, price=0.05, confidence=0.9)
    said_first = "Cannot tell: +0.02 roc_auc (90 % interval +0.004 to +0.036). "
    assert text.startswith(f"{said_first}It costs 0.05 roc_auc x windows and has paid after 3 windows (2 to 13).")


def test_what_was_not_measured_says_why():
    assert said(gain=None, low=None, high=None, notes=("no labelled row to measure on",)).startswith("Cannot tell: the gain was not measured.")
    assert said(gain=None, low=None, high=None, notes=("no labelled row to measure on",)).endswith("No labelled row to measure on.")
