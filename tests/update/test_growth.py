"""What is reported of a ticket that stands: each thing once, and nothing that was reported when it was opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from keepfit.records import Evidence, RootCause, Ticket
from keepfit.update.growth import SeenAgain, grown

HARM = Evidence(kind="performance", subject="overall", detector="auc", statistic=0.6, effect=-0.1, low=-0.12, high=-0.08, n=900, n_reference=0)
TEMP = Evidence(kind="data", subject="temp", detector="ks", statistic=0.4, effect=0.4, n=900, n_reference=900)
WIND = replace(TEMP, subject="wind")
TICKET = Ticket(
    id="2013-02-harm",
    model="m",
    champion="1",
    action="improve",
    ground="harm",
    cause="harm:overall/covariate",
    window="2013-02",
    opened=datetime(2013, 3, 1),
    target=None,
    reasons=("auc fell",),
    evidence=(HARM, TEMP, WIND),
    affected="900 rows",
    next=(),
    root=RootCause(kind="covariate", column="temp", harm=HARM),
    severity="warning",
)


def seen(window="2013-03", *, loud=(), broken=(), harm=HARM, severity="warning"):
    return SeenAgain(window=window, evidence=(*loud, *broken, harm), loud=loud, root=RootCause(kind="covariate", column="temp", harm=harm), severity=severity)


def test_the_same_cause_again_is_no_news():
    assert grown(TICKET, seen(loud=(TEMP, WIND)), loud=(TEMP, WIND)) is TICKET


def test_a_column_that_drifts_for_the_first_time_is_reported_once():
    first = grown(TICKET, seen(loud=(TEMP, WIND)), loud=(TEMP,))
    assert [(one.window, one.also) for one in first.grown] == [("2013-03", ("wind",))]
    assert grown(first, seen("2013-04", loud=(TEMP, WIND)), loud=(TEMP,)) is first


def test_a_change_that_stands_since_an_earlier_window_is_no_news():
    old, new = replace(WIND, since="2013-01"), replace(WIND, since="2013-03")
    assert grown(TICKET, seen(loud=(old,)), loud=()) is TICKET
    assert grown(TICKET, seen(loud=(new,)), loud=()).grown[0].also == ("wind",)


def test_errors_that_rise_in_a_slice_are_told_as_the_slice():
    errors = replace(HARM, subject="errors of carrier=UA", detector="e-detector", since="2013-03")
    growth = grown(TICKET, seen(loud=(errors,)), loud=()).grown[0]
    assert (growth.slices, growth.also) == (("carrier=UA",), ())


def test_a_graver_severity_is_reported_when_it_is_reached_and_is_the_tickets_own():
    info = replace(TICKET, severity="info")
    worse = grown(info, seen(severity="critical"), loud=())
    assert (worse.severity, worse.grown[0].severity) == ("critical", "critical")
    assert grown(worse, seen("2013-04", severity="warning"), loud=()) is worse
    assert grown(replace(TICKET, severity=None), seen(severity="critical"), loud=()).grown == ()  # a ticket of before there were severities


def test_a_loss_is_reported_where_its_whole_interval_lies_below_the_last_one():
    overlaps, below = replace(HARM, low=-0.2, high=-0.11), replace(HARM, low=-0.2, high=-0.13)
    assert grown(TICKET, seen(harm=overlaps), loud=()) is TICKET
    worse = grown(TICKET, seen(harm=below), loud=())
    assert worse.grown[0].harm == below
    assert grown(worse, seen("2013-04", harm=replace(HARM, low=-0.21, high=-0.15)), loud=()) is worse
    assert grown(TICKET, seen(harm=replace(below, detector="accuracy")), loud=()) is TICKET  # two measures are not compared


def test_an_expectation_that_fails_besides_is_news():
    broken = replace(TEMP, kind="quality", subject="weather", detector="gx", effect=1.0)
    assert grown(TICKET, seen(broken=(broken,)), loud=()).grown[0].also == ("weather",)
    assert grown(TICKET, seen(broken=(replace(broken, effect=0.0),)), loud=()) is TICKET
    assert grown(replace(TICKET, evidence=(broken,)), seen(broken=(broken,)), loud=()).grown == ()


def test_a_ticket_that_keeps_no_more_evidence_takes_for_new_only_what_changed_since():
    assert grown(TICKET, seen(loud=(WIND,)), loud=(TEMP,), full=True) is TICKET
    assert grown(TICKET, seen(loud=(replace(WIND, since="2013-03"),)), loud=(TEMP,), full=True).grown[0].also == ("wind",)


@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from("abcdef")), st.sampled_from(("critical", "warning", "info")), st.floats(-1, 0, allow_nan=False), st.floats(0.01, 0.3)
        ),
        max_size=12,
    )
)
def test_nothing_is_reported_twice_whatever_comes(windows):
    ticket = replace(TICKET, severity="info", evidence=(HARM,))
    for number, (columns, severity, high, width) in enumerate(windows):
        loud = tuple(replace(TEMP, subject=name) for name in sorted(columns))
        ticket = grown(ticket, seen(f"w{number:02}", loud=loud, severity=severity, harm=replace(HARM, high=high, low=high - width)), loud=())
    columns = [name for one in ticket.grown for name in one.also]
    graver = [one.severity for one in ticket.grown if one.severity is not None]
    losses = [HARM, *(one.harm for one in ticket.grown if one.harm is not None)]
    assert len(columns) == len(set(columns))
    assert graver in ([], ["warning"], ["critical"], ["warning", "critical"])
    assert all(later.high < before.low for before, later in pairwise(losses))
    assert all(one.also or one.severity or one.harm for one in ticket.grown)
