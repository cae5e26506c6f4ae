"""What people are called for: the text of a ticket's events says what was true when it happened, and nothing that nobody may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.report.events.examples import AT, BROKEN, GROWN, HARM, SCOUT, SETTING, SLICE, TEMP, TICKET

from keepfit.records import Evidence, RootCause
from keepfit.report.events.setting import EventSetting
from keepfit.report.events.ticket import ticket_closed, ticket_grown, ticket_opened


def opened(ticket=TICKET, **setting):
    return ticket_opened(ticket, setting=EventSetting(**setting))


def test_the_same_ticket_is_the_same_event():
    assert opened().key == "ticket_opened:flights:2013-05-harm" == opened(replace(TICKET, note="another")).key


def test_subscribers_can_choose_by_the_columns_and_slices_that_it_is_about():
    assert (opened().columns, opened().slices, opened().severity) == (("temp", "carrier"), ("carrier=UA",), "critical")


def test_values_of_a_hidden_column_are_not_in_it():
    named = replace(TICKET, root=replace(TICKET.root, column="carrier", where="UA: 10% of the rows before, 30% now"), reasons=("errors of carrier=UA rose",))
    event = opened(named, redact=("carr*",))
    assert event.slices == ()
    assert "UA" not in f"{event.changed} {event.affected} {event.bad}"
    assert opened(replace(named, ground="debt"), redact=("carrier",)).changed == "errors of carrier=(redacted)"


def test_a_debt_says_what_a_retraining_would_have_gained_and_how_fast_it_grows():
    event = opened(replace(TICKET, ground="debt", cause="debt", root=RootCause(kind="none"), reasons=("the debt is .04 roc_auc x months, its price .03",)))
    assert event.changed == "the debt is .04 roc_auc x months, its price .03"
    assert event.bad == "a retraining to the window before has roc_auc 0.0119 better (0.004 to 0.02 better) on 2,214 rows"
    assert event.otherwise.endswith("the debt grows by about 0.0119 roc_auc a window")


def test_a_debt_whose_last_window_gained_nothing_promises_no_growth():
    event = opened(replace(TICKET, ground="debt", evidence=(replace(SCOUT, effect=-0.01),)))
    assert event.otherwise == "nothing is promoted by itself; rows go on being scored by version 3"


def test_a_way_back_says_how_much_better_the_former_model_is_and_that_nothing_goes_back_by_itself():
    former = Evidence(kind="regret", subject="2", detector="roc_auc", statistic=0.02, effect=0.02, low=0.01, high=0.03, n=900, n_reference=900)
    event = opened(replace(TICKET, ground="regret", action="rollback", target="2", evidence=(former,), model="bikes $(reboot)"))
    assert event.bad == "version 2 has roc_auc 0.02 better (0.01 to 0.03 better) on 900 rows"
    assert event.otherwise == "nothing is rolled back by itself; rows go on being scored by version 3"
    assert event.commands[1] == "keepfit rollback 'bikes $(reboot)' --reason '…'"


def test_drift_without_labels_says_how_far_and_that_the_cost_is_not_known():
    event = opened(replace(TICKET, ground="drift", action="inspect", evidence=(TEMP,), next=(), root=replace(TICKET.root, harm=None)))
    assert event.bad == "ks 0.412 of temp on 2,214 rows; performance was not measured: no labels, or nothing was promised"


def test_a_ticket_of_an_older_keepfit_has_a_text_too():
    event = opened(replace(TICKET, root=None, severity=None, evidence=(), reasons=()))
    assert (event.changed, event.severity, event.columns) == ("harm:overall/covariate", None, ())


def test_a_retraining_that_starts_by_itself_is_not_asked_for():
    assert "without being asked for" in opened(retrains=True).proposed
    assert "without being asked for" not in opened().proposed


def test_broken_data_asks_for_a_decision_on_its_window():
    event = opened(BROKEN)
    assert event.commands == ("keepfit explain 2013-06-quality", "keepfit window exclude 2013-06 --reason '…'")
    assert event.otherwise == "window 2013-06 trains and judges no model until then; rows go on being scored by version 3"


def test_each_growth_is_an_event_of_its_own():
    twice = replace(GROWN, grown=(*GROWN.grown, replace(GROWN.grown[0], window="2013-08", harm=None, slices=("carrier=UA",))))
    keys = [ticket_grown(one, at=AT, setting=SETTING).key for one in (GROWN, twice)]
    assert keys == ["ticket_grown:flights:2013-05-harm:1", "ticket_grown:flights:2013-05-harm:2"]
    later = ticket_grown(twice, at=AT, setting=EventSetting(redact=("carrier",)))
    assert (later.window, later.slices, later.columns) == ("2013-08", (), ("temp", "carrier", "wind_speed"))
    assert later.bad == opened().bad


def test_an_end_says_why():
    event = ticket_closed(replace(TICKET, note="the sensor\nwas replaced"), at=datetime(2013, 7, 1), setting=SETTING)
    assert (event.changed, event.beside) == ("the sensor\nwas replaced", None)
    assert ticket_closed(TICKET, at=AT, setting=SETTING, goes_on=True).beside == "ticket_opened"


@pytest.mark.parametrize(("low", "named"), [(0.15, ("carrier=UA",)), (-0.01, ())])
def test_only_slices_that_are_surely_worse_are_named(low, named):
    assert opened(replace(TICKET, root=replace(TICKET.root, harm=HARM, slices=(replace(SLICE, low=low),)))).slices == named
