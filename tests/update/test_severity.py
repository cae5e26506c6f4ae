"""How bad a ticket is follows from its harm and its effect, however sure the change is."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from keepfit.records import Decision, Evidence, RootCause, Ticket, Window, from_json, to_data, to_json
from keepfit.update.rootcause import ORDER
from keepfit.update.severity import CRITICAL, severity
from keepfit.update.tickets import ticket_for

MOVED = RootCause(kind="covariate", column="x", share=0.03)
HARM = Evidence(kind="performance", subject="overall", detector="auc", statistic=0.6, effect=-0.03, low=-0.05, high=-0.01, n=900, n_reference=0)
DRIFT = Evidence(kind="data", subject="x", detector="e-detector", statistic=1.0, effect=0.03, e_value=1e4, n=900, n_reference=900, since="2013-03")


@pytest.mark.parametrize("ground", CRITICAL)
def test_broken_data_and_a_champion_that_is_surely_worse_are_critical(ground):
    assert severity(ground, replace(MOVED, share=None)) == "critical"


@pytest.mark.parametrize("ground", sorted(set(ORDER) - set(CRITICAL)))
def test_of_other_grounds_the_effect_and_the_harm_say_how_bad(ground):
    assert severity(ground, MOVED) == "info"
    assert severity(ground, replace(MOVED, share=0.1)) == "warning"
    assert severity(ground, replace(MOVED, harm=HARM)) == "warning"
    assert severity(ground, replace(MOVED, harm=replace(HARM, high=0.001))) == "info"
    assert severity(ground, None) == "info"


def ticket(one):
    decision = Decision(window="2013-03", action="inspect", ground="drift", cause="drift:x", target=None, reasons=("drift in x",))
    window = Window(id="2013-03", source="live")
    root = replace(MOVED, share=one.effect)
    return ticket_for(decision, [one], model="m", champion="1", window=window, opened=datetime(2013, 4, 1), root=root)


def test_more_evidence_of_the_same_change_makes_no_ticket_worse():
    assert {ticket(replace(DRIFT, e_value=e, p_value=p, n=n)).severity for e, p, n in ((1e3, 1e-3, 500), (1e30, 1e-300, 10**9))} == {"info"}
    assert ticket(replace(DRIFT, effect=0.4)).severity == "warning"


def test_a_ticket_of_an_older_keepfit_has_none():
    old = {name: value for name, value in to_data(ticket(DRIFT)).items() if name != "severity"}
    assert from_json(Ticket, to_json(ticket(DRIFT))) == ticket(DRIFT)
    assert from_json(Ticket, json.dumps(old)).severity is None
