"""What a champion is held to, and how it is measured: by probabilities where it has any, by its labels where they are all it answers."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import TrainError
from keepfit.monitor.champion import Scores
from keepfit.params import Params
from keepfit.records import Decision, JudgedWindow, Window
from keepfit.update.promise import Promise, performance


def params(metric):
    return Params.model_validate(
        {"model": {"name": "m", "task": "classification", "target": "y"}, "data": {"live": "rows.csv", "time": "t"}, "evaluate": {"metric": metric}}
    )


def answered(n=400):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.5).astype(float)
    return pa.table({"y": y}), Scores(np.where(rng.random(n) < 0.8, y, 1 - y), only_labels=True)


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "brier"])
def test_a_champion_that_answers_labels_only_is_measured_by_no_metric_of_probabilities(metric):
    table, answer = answered()
    with pytest.raises(TrainError, match=f"the champion answers labels only, and {metric} needs probabilities") as caught:
        performance(params(metric), Promise(value=None), table, answer)
    assert "balanced_accuracy" in caught.value.fix


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "f1"])
def test_it_is_measured_by_its_labels_and_nothing_is_said_of_probabilities_that_it_has_not(metric):
    table, answer = answered()
    found = performance(params(metric), Promise(value=0.9), table, answer)
    assert found.value == pytest.approx(0.8, abs=0.03)
    assert found.evidence[0].high < 0
    told = {one.detector: one for one in found.evidence}
    assert told["error_rate"].statistic == pytest.approx(0.2, abs=0.03)
    assert told["calibration"].statistic is None
    assert "answers labels only" in told["calibration"].detail


def day(number, value, *, status="seen", metric="accuracy", labelled=400):
    window = Window(id=f"2013-02-{number:02}", source="rows.csv", start=datetime(2013, 2, number), end=datetime(2013, 2, number + 1))
    said = Decision(window=window.id, action="continue", ground=None, cause=None, target=None, reasons=())
    champion = {"model": "m", "champion": "sha256:a", "version": "1"}
    return JudgedWindow(**champion, window=window, status=status, rows=400, labelled=labelled, metric=metric, value=value, decision=said)


def of_one_day():
    table, answer = answered()
    return table.append_column("t", pa.array([datetime(2013, 2, 9)] * 400, pa.timestamp("us"))), answer


def test_a_day_without_hours_has_a_value_and_no_interval_until_there_are_days_before_it():
    table, answer = of_one_day()
    alone = performance(params("accuracy"), Promise(value=0.9), table, answer)
    assert (alone.value, alone.low, alone.evidence[0].low) == (pytest.approx(0.8, abs=0.03), None, None)
    assert alone.evidence[0].detail.endswith("no interval: all rows are of one cluster")
    days = [day(number, 0.8 + 0.01 * (number % 2)) for number in range(2, 9)]
    found = performance(params("accuracy"), Promise(value=0.9), table, answer, earlier=days).evidence[0]
    assert (found.statistic, found.clusters) == (alone.value, 8)
    assert found.low < found.effect < found.high < 0
    assert found.effect == pytest.approx(np.mean([one.value for one in days] + [alone.value]) - 0.9)
    assert found.detail.endswith(f"accuracy {0.9 + found.effect:.4f} over 8 windows")


def test_windows_that_were_blocked_too_small_or_measured_otherwise_are_not_pooled():
    table, answer = of_one_day()
    days = [day(2, 0.8, status="blocked"), day(3, 0.8, metric="f1"), day(4, 0.8, labelled=5), day(5, None)]
    assert performance(params("accuracy"), Promise(value=0.9), table, answer, earlier=days).evidence[0].low is None


def test_hours_of_the_day_are_enough_for_an_interval_of_its_own():
    table, answer = answered()
    times = pa.array([datetime(2013, 2, 9, row % 24) for row in range(400)], pa.timestamp("us"))
    found = performance(params("accuracy"), Promise(value=0.9), table.append_column("t", times), answer, earlier=[day(8, 0.5), day(7, 0.5)])
    assert (found.evidence[0].clusters, found.evidence[0].effect) == (8, pytest.approx(found.value - 0.9))
