"""Labels that come late: one more step, which changes what they say and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.update.watched import MARCH, PARAMS, PIN, champion, rows, scores

from keepfit.records import Estimate, Evidence, PolicyState
from keepfit.update.found import Found, counted_again, nothing_found
from keepfit.update.gathered import ModelAnswers
from keepfit.update.judge import Before, Judge
from keepfit.update.late import News, Rescored, judge_again, not_used

JUDGE = Judge(params=PARAMS, pin=PIN, now=datetime(2013, 6, 1))
HARM = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.6, effect=-0.1, low=-0.12, high=-0.08, n=900, n_reference=0)
MOVED = Evidence(kind="data", subject="x", detector="ks", statistic=0.3, effect=0.3, p_value=0.5, n=900, n_reference=900)
STORED = replace(nothing_found(MARCH, model="m", champion=PIN.digest, version="1", rows=900), evidence=(MOVED,), notes=("as it was",))
SAID = Estimate(metric="roc_auc", status="estimated", value=0.7, low=0.65, high=0.75, n=900, n_reference=900)
STATE = PolicyState(windows=4, drifting={"x": 2})


def rescored(*evidence, arrivals=1, **record):
    again = replace(nothing_found(MARCH, model="m", champion=PIN.digest, version="1", rows=900), evidence=evidence, **record)
    return Rescored(found=Found(judged=again), news=None, arrivals=arrivals, late_rows=3)


def again(stored, found):
    return judge_again(JUDGE, stored, found, Before(windows=(stored,), state=STATE, under=PIN.digest))


def test_labels_that_show_harm_ask_for_a_retraining():
    judged = again(STORED, rescored(HARM, labelled=900, value=0.6))
    assert (judged.record.decision.action, judged.calls, judged.record.labelled, judged.record.value) == ("improve", True, 900, 0.6)
    assert (judged.record.arrivals, judged.record.late_rows) == (1, 3)


def test_what_needs_no_label_stays_as_it_was():
    judged = again(STORED, rescored(replace(MOVED, effect=0.9), HARM))
    assert judged.record.evidence == (MOVED, HARM)
    assert (judged.step.state.windows, judged.step.state.drifting) == (4, {"x": 2})
    assert judged.taken.evidence == (HARM,)


def test_a_first_decision_stands_unless_the_labels_ask_for_something():
    stored = replace(STORED, decision=replace(STORED.decision, action="inspect", ground="drift", cause="drift:x"), ticket="2013-03-drift")
    judged = again(stored, rescored(replace(HARM, effect=0.01, low=0.0, high=0.02)))
    assert (judged.record.decision, judged.record.ticket) == (stored.decision, "2013-03-drift")


def test_an_estimate_is_held_against_the_labels_and_not_made_anew():
    stored = replace(STORED, estimate=SAID)
    held = again(stored, rescored(estimate=replace(SAID, value=0.5, truth=0.72, labelled=900, held=True))).record.estimate
    assert (held.value, held.truth, held.held) == (0.7, 0.72, True)


def test_labels_that_cannot_be_used_are_counted_with_why():
    broken = Evidence(kind="schema", subject="y", detector="target_words", statistic=9.0, effect=0.5, n=900, n_reference=0, detail="strange words")
    found = rescored(broken, status="blocked", arrivals=2)
    kept = not_used(STORED, found)
    assert (kept.arrivals, kept.notes) == (2, ("as it was", "labels that came late are not used: y: strange words"))
    assert (kept.evidence, kept.decision) == (STORED.evidence, STORED.decision)


def test_rows_that_came_late_are_counted():
    kept = counted_again(STORED, late_rows=7, disagreeing=[f"row {number}" for number in range(9)])
    assert (kept.late_rows, kept.disagreeing, len(kept.disagreeing_rows)) == (7, 9, 5)


def test_news_are_the_labels_of_the_rows_that_had_none():
    table = rows()
    asked = ModelAnswers(rows=table, answer=scores(table))
    ids = [f"2013-03-{row}" for row in range(250)]
    news = News.of(champion(), asked, ids, key="id", window=MARCH)
    assert (news.profile.columns.keys(), news.profile.columns["y"].n) == ({"y"}, 250)
    assert [step.window for step in news.steps] == ["2013-03-01", "2013-03-02", "2013-03-03"]
    assert News.of(champion(), asked, ["of another window"], key="id", window=MARCH) is None
