from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from keepfit.params import load_params
from keepfit.records import Baseline, Decision, JudgedWindow, Pin, ProbationWindow, Scorecard, ScoreRow, Window
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metrics import LogLoss, RocAuc
from keepfit.update.probation import delivered, judged_again
from keepfit.update.probation_record import is_current, on_probation, started, windows_of, with_promise
from keepfit.update.rivals import Paired

PARAMS = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n")
OLD = Pin(model="m", version="1", digest="sha256:aa", trained_until=datetime(2013, 1, 1), evaluated_until=None)
NEW = Pin(model="m", version="2", digest="sha256:bb", trained_until=datetime(2013, 2, 1), evaluated_until=None)
DECISION = Decision(window="", action="continue", ground=None, cause=None, target=None, reasons=())


def judged(month, *, labelled=400, arrivals=0, **changes):
    start, end = datetime(2013, month, 1), datetime(2013, month + 1, 1)
    window = Window(id=f"2013-{month:02d}", source="live", start=start, end=end)
    seen = JudgedWindow(model="m", champion=NEW.digest, version="2", window=window, status="seen", rows=400, labelled=labelled, decision=DECISION)
    return replace(seen, arrivals=arrivals, **changes)


def pair(seed, n=400):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.4).astype(float)
    new, old = (1 / (1 + np.exp(-(k * (2 * y - 1) + rng.normal(size=n)))) for k in (1.0, 0.4))
    times = np.datetime64("2013-02-01") + np.arange(n) // 20 * np.timedelta64(1, "D") + np.timedelta64(30 * seed, "D")
    return Paired(y=y, champion=new, rival=old, origins=RowOrigins(times=times.astype("datetime64[us]")))


def test_a_promotion_is_on_probation_and_a_first_model_or_a_rollback_is_not():
    assert on_probation(Baseline(champion=NEW, previous=OLD))
    assert not on_probation(Baseline(champion=NEW))
    assert not on_probation(Baseline(champion=OLD, previous=NEW))
    assert not on_probation(Baseline(champion=NEW, previous=replace(NEW, version="3")))


def test_the_first_sound_labelled_windows_after_both_models_judge():
    months = [judged(1), judged(2), judged(3, labelled=99), judged(4, verdict="exclude"), judged(5, status="blocked"), judged(6), judged(7), judged(8)]
    found = windows_of(PARAMS, Baseline(champion=NEW, previous=OLD), months)
    assert [one.window.id for one in found] == ["2013-02", "2013-06", "2013-07"]


@pytest.mark.parametrize(("metric", "measure", "sign"), [(RocAuc(), roc_auc_score, 1), (LogLoss(), log_loss, -1)])
def test_the_pooled_gain_agrees_with_scikit_learns_on_all_rows(metric, measure, sign):
    pairs = [pair(0), pair(1, n=300), pair(2)]
    y, new, old = (np.concatenate([getattr(one, name) for one in pairs]) for name in ("y", "champion", "rival"))
    found = delivered(pairs, metric=metric, confidence=0.95)
    assert found.gain == pytest.approx(sign * (measure(y, new) - measure(y, old)))
    assert (found.n, found.clusters, found.confidence) == (1100, 55, pytest.approx(0.9))


def test_what_cannot_be_measured_was_not_delivered():
    one_class = replace(pair(0), y=np.ones(400))
    broken = replace(pair(0), rival=np.full(400, np.nan))
    assert delivered([one_class], metric=RocAuc(), confidence=0.95) is None
    assert delivered([broken], metric=RocAuc(), confidence=0.95) is None


def test_a_record_is_current_until_windows_labels_or_params_change():
    windows, fresh = [judged(2), judged(3)], started(PARAMS, NEW, OLD)
    found = judged_again(PARAMS, fresh, windows, [pair(0), pair(1)])
    assert [one.window for one in found.windows] == ["2013-02", "2013-03"]
    assert is_current(found, windows, PARAMS)
    assert is_current(fresh, [], PARAMS)
    for changed in ([judged(2)], [judged(2), judged(3, arrivals=1)], [judged(2), judged(3, labelled=399)]):
        assert not is_current(found, changed, PARAMS)
    priced = load_params(
        "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n"
        "impact: {unit: EUR, costs: {false_positive: 1, false_negative: 2}}\n"
    )
    assert not is_current(found, windows, priced)
    assert [one.unit for one in judged_again(priced, found, windows, [pair(0), pair(1)]).kept] == ["roc_auc", "EUR"]


ROW = {"slice": "overall", "metric": "roc_auc", "rule": "any", "bound": 0.0, "champion": 0.8, "challenger": 0.9, "p_value": 0.5, "status": "pass"}
SHAPE = {"model": "m", "task": "classification", "metric": "roc_auc", "basis": "later", "evaluated_from": None, "evaluated_until": None, "n": 300}
CARD = Scorecard(**SHAPE, champion=OLD, rows=(ScoreRow(**ROW, difference=0.1, low=0.05, high=0.15, n=300, confidence=0.95),))


def test_a_promise_stays_when_windows_are_judged_and_is_none_of_another_pair():
    found = judged_again(PARAMS, with_promise(started(PARAMS, NEW, OLD), CARD), [judged(2)], [pair(0)])
    (auc,) = found.kept
    assert (auc.promised.gain, auc.promised.confidence, auc.delivered.n, found.note) == (0.1, pytest.approx(0.9), 400, "")
    assert with_promise(judged_again(PARAMS, started(PARAMS, NEW, OLD), [judged(2)], [pair(0)]), CARD) == found, "in whatever order both come"
    assert "compares with version 2" in with_promise(started(PARAMS, NEW, OLD), replace(CARD, champion=NEW)).note
    assert "no champion" in with_promise(started(PARAMS, NEW, OLD), replace(CARD, champion=None)).note


def test_windows_that_are_gone_leave_nothing_delivered():
    found = judged_again(PARAMS, judged_again(PARAMS, started(PARAMS, NEW, OLD), [judged(2)], [pair(0)]), [], [])
    assert (found.windows, found.kept[0].delivered) == ((), None)
    assert ProbationWindow(window="2013-02", labelled=1, arrivals=0, gain=None) not in found.windows
