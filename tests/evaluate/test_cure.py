"""Does a candidate cure the harm that asked for it? The promise is found again from what the ticket holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.evaluate.cure import cure_of, harm_metric
from keepfit.records import Evidence, RootCause, Scorecard, ScoreRow, Ticket
from keepfit.stats.metrics import RocAuc

HARM = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.61, effect=-0.2, low=-0.25, high=-0.15, n=900, n_reference=0)
OVER_TIME = replace(HARM, subject="errors", detector="e-detector", statistic=1.0, effect=0.4, low=None, high=None)
TICKET = Ticket(
    id="2013-03-harm",
    model="flights",
    champion="3",
    action="improve",
    ground="harm",
    cause="harm:overall",
    window="2013-03",
    opened=datetime(2013, 4, 1),
    target=None,
    reasons=("worse",),
    evidence=(OVER_TIME, HARM),
    affected="900 rows",
    next=(),
)


def row(value, slice_="overall", metric="roc_auc", **changes):
    values = {"rule": "not_worse_than", "bound": 0.0, "champion": 0.61, "difference": 0.1, "low": 0.0, "high": 0.2, "p_value": None, "n": 700}
    return ScoreRow(slice=slice_, metric=metric, challenger=value, status="pass", **(values | changes))


def card(*rows):
    about = {"model": "flights", "task": "classification", "metric": "roc_auc", "basis": "later", "champion": None}
    return Scorecard(**about, evaluated_from=None, evaluated_until=None, n=800, rows=rows)


def cured(value, ticket=TICKET, *, allowed=0.05, greater=True):
    return cure_of(ticket, card(row(0.5, "carrier=EV"), row(value)), allowed=allowed, greater_is_better=greater)


@pytest.mark.parametrize(("value", "missing", "holds"), [(0.85, -0.04, True), (0.77, 0.04, True), (0.7, 0.11, False)])
def test_of_a_score_more_is_better(value, missing, holds):
    found = cured(value)
    assert (found.promised, found.missing, found.holds, found.n) == (pytest.approx(0.81), pytest.approx(missing), holds, 700)


@pytest.mark.parametrize(("value", "missing", "holds"), [(150.0, -19.0, True), (180.0, 11.0, True), (263.0, 94.0, False)])
def test_of_an_error_less_is_better(value, missing, holds):
    ticket = replace(TICKET, evidence=(replace(HARM, statistic=300.0, effect=-131.0),))
    found = cured(value, ticket, allowed=20.0, greater=False)
    assert (found.promised, found.missing, found.holds) == (169.0, missing, holds)


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_a_candidate_as_bad_as_the_champion_is_as_harmed(promised, value, greater):
    effect = (value - promised) if greater else (promised - value)
    found = cured(value, replace(TICKET, evidence=(replace(HARM, statistic=value, effect=effect),)), greater=greater)
    assert found.promised == pytest.approx(promised)
    assert found.missing == pytest.approx(-effect)


def test_a_slice_that_was_harmed_is_asked_of_that_slice():
    harm = replace(HARM, subject="carrier=EV")
    ticket = replace(TICKET, cause="harm:carrier=EV/covariate", evidence=(HARM, harm))
    assert (cured(0.9, ticket).subject, cured(0.9, ticket).value) == ("carrier=EV", 0.5)


def test_what_nobody_measured_again_is_not_known_to_be_cured():
    found = cure_of(TICKET, card(row(0.9, metric="log_loss")), allowed=0.05, greater_is_better=True)
    assert (found.value, found.missing, found.holds, found.n) == (None, None, False, 800)


def test_a_ticket_whose_evidence_was_cut_is_answered_by_its_root():
    ticket = replace(TICKET, evidence=(OVER_TIME,), root=RootCause(kind="concept", harm=HARM))
    assert cured(0.7, ticket).missing == pytest.approx(0.11)
    assert harm_metric(ticket) == RocAuc().name


@pytest.mark.parametrize("ticket", [replace(TICKET, ground="opportunity", cause="opportunity"), replace(TICKET, evidence=())])
def test_another_ground_or_no_promise_asks_for_no_cure(ticket):
    assert cured(0.1, ticket) is None
