"""Incidents from the ledger's side: one ticket a crossing, whatever people do with it, and none of it is lost between runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import add

import numpy as np
import pyarrow as pa
import pytest
from tests.flows.monitoring.judging import found, remember

from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import acknowledge, ledger_of, list_tickets, resolve
from keepfit.monitor.compare import Thresholds, drift_of
from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.params import MonitorParams
from keepfit.profiles.profile import learn_layout, profile_table, total
from keepfit.records import Evidence, Pin, Reference, ShareCount, Window
from keepfit.report.monitoring import window_data
from keepfit.update.cause import CauseFinder
from keepfit.update.judge import Judge
from keepfit.update.late import News, Rescored, judge_again

PARAMS = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\nmonitor: {page_on_drift: true}\n"
PIN = Pin(model="m", version="1", digest="sha256:aa", trained_until=None, evaluated_until=None)
NAMES = ("x", "a", "b", "c", "d")
RNG = np.random.default_rng(1)


def rows(shift=0.0, *, n=5000):
    """Five normal columns of which x moves; of few columns the median would wobble with it, and the reference be suspicious."""
    return pa.table({name: RNG.normal(shift if name == "x" else 0.0, 1, n) for name in NAMES})


LAYOUT = learn_layout(rows(n=20_000), dict.fromkeys(NAMES, "numeric"))
RULE = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(profile_table(rows(), LAYOUT, f"r{i:02}") for i in range(20)))))


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    return Project(tmp_path)


def judge(project, month, shift, *, pin=PIN):
    """Judge a month under a memory that was written down and read again."""
    window = Window(id=f"2013-{month:02}", source="rows.csv", start=datetime(2013, month, 1), end=datetime(2013, month + 1, 1))
    profile = profile_table(rows(shift), LAYOUT, window.id)
    drift = drift_of(total(RULE.watch.reference), profile, thresholds=Thresholds(min_effect=0.01, alpha=0.001, min_rows=100))
    with ledger_of(project) as ledger:
        return remember(project, ledger, pin, found(window, pin=pin, rows=profile.rows, profile=profile, drift=drift, rule=RULE))


def test_a_lasting_change_is_one_ticket_even_if_somebody_resolves_it(project):
    first = judge(project, 2, 0.5)
    resolve(project, first.ticket, reason="the summer schedule")
    later = [judge(project, month, 0.5) for month in (3, 4)]
    assert (first.decision.cause, [seen.ticket for seen in later]) == ("drift:x", [None, None])
    assert [seen.decision.action for seen in later] == ["continue", "continue"]
    assert [seen.decision.reasons[0].rpartition(", ")[2] for seen in later] == ["since 2013-02)"] * 2
    assert list_tickets(project) == ()


def test_a_change_that_went_away_and_comes_back_is_a_second_ticket(project):
    first = judge(project, 2, 0.5)
    resolve(project, first.ticket)
    away = [judge(project, month, 0.0) for month in range(3, 10)]
    assert away[-1].decision.reasons == ("no change worth acting on",)
    again = judge(project, 10, 0.5)
    assert (again.ticket, again.decision.cause) == ("2013-10-drift", "drift:x")


def test_the_root_cause_knows_the_window_that_opened_the_incident(project):
    judge(project, 2, 0.5)
    acknowledge(project, "2013-02-drift", until=datetime(2013, 4, 15))
    assert judge(project, 3, 0.5).ticket is None
    told_again = judge(project, 4, 0.5)  # the acknowledgement has run out and the change stands
    (ticket,) = list_tickets(project)
    assert (told_again.ticket, ticket.id, ticket.root.since) == ("2013-04-drift", "2013-04-drift", "2013-02")


def test_another_champion_is_told_of_what_changed_against_its_own_reference(project):
    first = judge(project, 2, 0.5)
    again = judge(project, 3, 0.5, pin=replace(PIN, version="2", digest="sha256:bb"))
    assert (first.ticket, again.decision.cause) == ("2013-02-drift", "drift:x")


def late(project, seen, share):
    """Score a month again with labels of ten days, of which so many are wrong."""
    days = tuple(errors(f"{seen.window.id}-{day:02}", share) for day in range(1, 11))
    of_month = replace(errors(seen.window.id, share), shares={"errors": reduce(add, (day.shares["errors"] for day in days))})
    with ledger_of(project) as ledger:
        judge = Judge(params=project.params, pin=PIN, now=datetime(2014, 1, 1))
        again = found(seen.window, pin=PIN, rows=5000, rule=RULE)
        rescored = Rescored(found=again, news=News(profile=of_month, steps=days), arrivals=1, late_rows=0)

        def decide(past):
            judged = judge_again(judge, past.of(seen.window), rescored, past)
            return judge.with_ticket(judged, past, champion=None, asked=None, before=None)

        return Memory.of(ledger, PIN, model="m", retrains=False).remember(decide).record


def errors(name, share):
    wrong = ShareCount(group="performance", yes=int(RNG.binomial(1000, share)), n=1000)
    target = profile_table(pa.table({"y": [0.0, 1.0]}), learn_layout(pa.table({"y": [0.0, 1.0]}), {"y": "numeric"}), name)
    return replace(target, shares={"errors": wrong})


def test_errors_that_late_labels_show_are_one_incident(project):
    shares = {2: 0.1, 3: 0.3, 4: 0.3}
    judged = {month: judge(project, month, 0.0) for month in shares}
    told = {month: late(project, judged[month], share) for month, share in shares.items()}
    since = {month: next(one.since for one in seen.evidence if one.subject == "errors") for month, seen in told.items()}
    assert since == {2: "", 3: "2013-03", 4: "2013-03"}
    assert [told[month].ticket for month in shares] == [None, "2013-03-drift", None]


def test_json_names_what_changed_and_since_when(project):
    judge(project, 2, 0.5)
    seen = judge(project, 3, 0.5)
    (changed,) = window_data(seen)["changed"]
    assert (changed["column"], changed["since"], round(changed["effect"], 1)) == ("x", "2013-02", 0.2)


def test_a_record_of_an_older_keepfit_says_by_the_promise_what_drifted():
    one = Evidence(kind="data", subject="x", detector="e-detector", statistic=1.0, effect=0.2, e_value=0.1, n=900, n_reference=900)
    loud = CauseFinder(MonitorParams()).loud
    assert loud((one,)) == ()
    for said in (replace(one, e_value=2000.0), replace(one, since="2013-02")):
        assert loud((said,)) == (said,)
