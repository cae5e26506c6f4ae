"""Which events a run owes: each ticket is opened once and closed at most once, in that order, whatever happens to it in between."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.monitoring.judging import found, remember
from tests.flows.owed import owed

from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.monitoring.monitor import close_answered
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import acknowledge, ledger_of, list_tickets, resolve
from keepfit.records import Evidence, Pin, Window

PARAMS = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\nmonitor: {page_on_drift: true}\n"
PIN = Pin(model="m", version="1", digest="sha256:aa", trained_until=None, evaluated_until=None)
HARM = Evidence(kind="performance", subject="overall", detector="auc", statistic=0.6, effect=-0.1, low=-0.12, high=-0.08, n=900, n_reference=0)
WORSE = replace(HARM, effect=-0.2, low=-0.22, high=-0.18)
TEMP = Evidence(kind="data", subject="temp", detector="ks", statistic=0.4, effect=0.4, p_value=1e-9, n=900, n_reference=900)
BROKEN = Evidence(kind="quality", subject="weather", detector="gx", statistic=1.0, effect=1.0, n=900, n_reference=0, detail="no value is missing")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    return Project(tmp_path)


def judge(project, month, *evidence, pin=PIN, **finding):
    year, of_year = 2013 + (month - 1) // 12, (month - 1) % 12 + 1
    end = datetime(year + of_year // 12, of_year % 12 + 1, 1)
    window = Window(id=f"{year}-{of_year:02}", source="rows.csv", start=datetime(year, of_year, 1), end=end)
    with ledger_of(project) as ledger:
        return remember(project, ledger, pin, found(window, pin=pin, evidence=evidence, **finding))


def kinds(project):
    return [(event.kind, event.subject) for event in owed(project)]


def test_a_cause_that_stands_is_one_event_and_its_end_another(project):
    for month in (2, 3, 4):
        judge(project, month, HARM)
    assert kinds(project) == [("ticket_opened", "2013-02-harm")]
    resolve(project, "2013-02-harm", reason="a sensor was replaced")
    resolve(project, "2013-02-harm", reason="twice is once")
    assert kinds(project)[1:] == [("ticket_closed", "2013-02-harm")]
    assert owed(project)[1].changed == "a sensor was replaced"


def test_what_gets_worse_is_reported_once_and_the_ticket_says_so(project):
    judge(project, 2, HARM)
    for month in (3, 4):
        judge(project, month, WORSE)
    assert [(event.kind, event.subject, event.window) for event in owed(project)] == [
        ("ticket_opened", "2013-02-harm", "2013-02"),
        ("ticket_grown", "2013-02-harm", "2013-03"),
    ]
    assert owed(project)[1].bad == "auc 0.6, 0.2 worse than promised (0.18 to 0.22 worse) on 900 labelled rows"
    assert [one.window for one in list_tickets(project)[0].grown] == ["2013-03"]


def test_a_blocked_window_is_heard_with_its_ticket_and_again_when_twice_as_many_wait(project):
    for month in range(1, 10):
        judge(project, month, BROKEN, status="blocked")
    found = [(event.kind, event.window, event.beside) for event in owed(project)]
    blocked = [("window_blocked", window, None) for window in ("2013-02", "2013-04", "2013-08")]
    assert found == [("ticket_opened", "2013-01", None), ("window_blocked", "2013-01", "ticket_opened"), *blocked]
    assert "8 windows wait by now" in owed(project)[-1].changed


def test_a_source_that_fell_silent_is_an_event_of_its_own(project):
    silent = Evidence(kind="quality", subject="rows", detector="silence", statistic=1.0, effect=1.0, n=10, n_reference=0, detail="no rows came")
    judge(project, 2, silent, status="blocked")
    assert [event.kind for event in owed(project)] == ["ticket_opened", "no_rows"]


def test_an_acknowledgement_that_ran_out_is_told_with_the_ticket_that_takes_its_place(project):
    judge(project, 2, HARM)
    acknowledge(project, "2013-02-harm", until=datetime(2013, 3, 15))
    judge(project, 3, HARM)
    closed, opened = owed(project)[1:]
    assert (closed.kind, closed.subject, closed.beside) == ("ticket_closed", "2013-02-harm", "ticket_opened")
    assert (opened.kind, opened.subject) == ("ticket_opened", "2013-03-harm")
    assert opened.changed.endswith("the acknowledgement of 2013-02-harm ran out")


def test_a_promotion_closes_the_tickets_that_it_answers(project):
    judge(project, 2, HARM)
    promote(project, replace(PIN, version="2", digest="sha256:bb"))
    promote(project, replace(PIN, version="2", digest="sha256:bb"))
    assert kinds(project) == [("ticket_opened", "2013-02-harm"), ("ticket_closed", "2013-02-harm")]
    assert owed(project)[1].changed == "version 2 is the champion now"


def promote(project, pin):
    with ledger_of(project) as ledger:
        close_answered(Memory.of(ledger, pin, model="m", retrains=False, now=datetime(2014, 1, 1)))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["harm", "worse", "drift", "broken", "calm", "harm+drift", "drift+broken"]),
        st.sampled_from(["nothing"] * 4 + ["resolve", "acknowledge", "promote", "accept"]),
    ),
    min_size=1,
    max_size=8,
)
EVIDENCE = {"harm": HARM, "worse": WORSE, "drift": TEMP, "broken": BROKEN}


@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_each_ticket_is_opened_once_and_closed_at_most_once_in_that_order(steps):
    with TemporaryDirectory() as folder:
        (Path(folder) / "params.yaml").write_text(PARAMS)
        project, pin = Project(Path(folder)), PIN
        for month, (what, then) in enumerate(steps, start=1):
            evidence = [EVIDENCE[name] for name in what.split("+") if name in EVIDENCE]
            judge(project, month, *evidence, pin=pin, status="blocked" if BROKEN in evidence else "seen")
            standing = list_tickets(project)
            if then == "promote":
                pin = replace(PIN, version=str(month + 1), digest=f"sha256:{month}")
                promote(project, pin)
            elif then == "accept" and BROKEN in evidence:
                judge(project, month, pin=pin, verdict="accept")
            elif standing and then == "resolve":
                resolve(project, standing[0].id)
            elif standing and then == "acknowledge":
                acknowledge(project, standing[0].id, until=datetime(2013 + month // 12, month % 12 + 1, 15))
        assert_in_order(owed(project), list_tickets(project, every=True))


def assert_in_order(events, tickets):
    assert len({event.key for event in events}) == len(events)
    of_ticket = defaultdict(list)
    for event in events:
        of_ticket[event.ticket].append(event.kind)
    assert set(of_ticket) == {ticket.id for ticket in tickets}
    for ticket in tickets:
        told = of_ticket[ticket.id]
        assert told[0] == "ticket_opened"
        assert told.count("ticket_opened") == 1
        assert told.count("ticket_closed") == (ticket.status == "resolved")
        assert told.count("ticket_grown") == len(ticket.grown)
        assert "ticket_closed" not in told[:-1]
