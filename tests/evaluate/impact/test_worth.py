from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.impact.worth import ServedVolume, impact_of, of_metric
from keepfit.params import load_params
from keepfit.records import Composition, LabelCount, Part, ScoreRow

DATA = "\ndata: {live: rows.csv, time: t}\n"
TWO = "model: {name: m, task: classification, target: y}" + DATA
COSTS = (
    "impact: {unit: EUR, threshold: best, costs: {false_positive: 5, false_negative: 40}, prices: {training: 20, review: 100, label: 0.5}, horizon_windows: 3}"
)
SHAPE = {"action": "improve", "basis": "later", "trained_from": None, "trained_until": None, "evaluated_from": None, "evaluated_until": None}


def scored(n=3000, seed=0):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.2).astype(float)
    good, poor = (1 / (1 + np.exp(-(k * (2 * y - 1) - 1 + rng.normal(size=n)))) for k in (1.5, 0.5))
    return ScoredRows(y=y, champion=poor, challenger=good, clusters=np.arange(n) // 100, cluster="day")


def part(window, kind, rows):
    return Part(window=window, part=kind, reason="", rows=rows, labelled=rows)


def test_the_gain_is_the_difference_of_both_confusion_matrices_in_money():
    rows, square = scored(), np.array([[0, 5], [40, 0]])
    found = impact_of(load_params(TWO + COSTS), rows, ServedVolume(rows_a_window=1000.0))
    totals = [(confusion_matrix(rows.y, scores >= 5 / 45) * square).sum() for scores in (rows.champion, rows.challenger)]
    assert found.gain == pytest.approx((totals[0] - totals[1]) / 3000)
    assert (found.threshold, found.price, found.clusters, found.verdict) == (5 / 45, 120.0, 30, "worth it")
    assert found.low < found.gain < found.high
    assert any("calibrated" in note for note in found.notes)


def test_the_other_way_round_the_gain_changes_its_sign_and_the_verdict():
    rows, params = scored(), load_params(TWO + COSTS)
    there = impact_of(params, rows, ServedVolume(rows_a_window=1000.0))
    back = impact_of(params, replace(rows, champion=rows.challenger, challenger=rows.champion), ServedVolume(rows_a_window=1000.0))
    assert (back.gain, back.low, back.high, back.verdict) == (-there.gain, -there.high, -there.low, "not worth it")


def test_two_equal_models_are_never_worth_their_price():
    rows = scored()
    found = impact_of(load_params(TWO + COSTS), replace(rows, champion=rows.challenger), ServedVolume(rows_a_window=1000.0))
    assert (found.gain, found.low, found.high, found.verdict) == (0.0, 0.0, 0.0, "not worth it")


def test_scores_that_are_no_numbers_and_rows_that_are_not_there_have_no_gain():
    rows, params = scored(), load_params(TWO + COSTS)
    broken = impact_of(params, replace(rows, challenger=np.full(3000, np.nan)), ServedVolume(rows_a_window=1000.0))
    empty = impact_of(params, rows.part(np.zeros(3000, bool)), ServedVolume(rows_a_window=0.0))
    for found, why in ((broken, "not finite numbers"), (empty, "no labelled row")):
        assert (found.gain, found.verdict) == (None, "cannot tell")
        assert why in found.notes[0]


def test_without_costs_or_a_champion_there_is_nothing_to_say():
    assert impact_of(load_params(TWO), scored(), ServedVolume(rows_a_window=1.0)) is None
    assert impact_of(load_params(TWO + COSTS), replace(scored(), champion=None), ServedVolume(rows_a_window=1.0)) is None


def test_the_volume_is_that_of_the_windows_that_judge_and_labels_of_people_are_paid_for():
    parts = (part("2013-01", "train", 900), part("2013-02", "evaluate", 80), part("2013-02", "holdout", 20), part("2013-03", "evaluate", 300))
    counts = (LabelCount(origin="source", train=500, judge=50), LabelCount(origin="annotator", train=30, judge=10))
    volume = ServedVolume.of(Composition(parts=parts, labels=counts, **SHAPE), 380)
    assert volume == ServedVolume(rows_a_window=200.0, labels=40)
    assert impact_of(load_params(TWO + COSTS), scored(), volume).price == 20 + 100 + 0.5 * 40
    assert ServedVolume.of(Composition(parts=(), **SHAPE), 380) == ServedVolume(rows_a_window=380.0)


def test_params_that_name_a_volume_win():
    params = load_params(TWO + COSTS.replace("horizon_windows: 3", "rows_a_window: 7"))
    assert impact_of(params, scored(), ServedVolume(rows_a_window=1000.0)).rows_a_window == 7


ROW = ScoreRow(
    slice="overall",
    metric="roc_auc",
    rule="not_worse_than",
    bound=0.0,
    champion=0.7,
    challenger=0.72,
    difference=0.02,
    low=0.004,
    high=0.036,
    p_value=0.1,
    n=900,
    status="pass",
    confidence=0.95,
)


def test_a_metrics_gain_is_that_of_the_overall_row_and_its_price_is_in_the_metric():
    found = of_metric((replace(ROW, slice="a=b", difference=9.0), ROW), "roc_auc", price=0.05, horizon=3)
    assert (found.unit, found.gain, found.low, found.high, found.verdict) == ("roc_auc", 0.02, 0.004, 0.036, "cannot tell")
    assert found.confidence == pytest.approx(0.9)
    assert of_metric((replace(ROW, difference=None),), "roc_auc") is None
