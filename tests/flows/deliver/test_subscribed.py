from __future__ import annotations

from datetime import datetime

import pytest

from keepfit.errors import ParamsError
from keepfit.flows.deliver.subscribed import subscribed
from keepfit.params import load_params
from keepfit.params.hooks import SubscriberParams
from keepfit.records import Event


def event(**changed):
    plain = {"key": "k", "kind": "ticket_opened", "model": "flights", "subject": "t", "at": datetime(2013, 3, 1), "changed": "AUC fell"}
    return Event(**(plain | changed))


@pytest.mark.parametrize(
    ("its", "of", "hears"),
    [
        ({}, {}, True),
        ({"severity": "warning"}, {"severity": "info"}, False),
        ({"severity": "warning"}, {"severity": "warning"}, True),
        ({"severity": "warning"}, {"severity": "critical"}, True),
        ({"severity": "critical"}, {"severity": None}, True),
        ({"models": "bikes-*"}, {}, False),
        ({"models": "bikes-*"}, {"model": "bikes-north"}, True),
        ({"slices": ["origin=*"]}, {}, False),
        ({"slices": ["origin=*"]}, {"slices": ("carrier=UA", "origin=JFK")}, True),
        ({"slices": ["origin=LGA"]}, {"slices": ("origin=JFK",)}, False),
        ({"events": ["promoted"]}, {}, False),
        ({"events": ["promoted", "ticket_opened"]}, {}, True),
    ],
)
def test_a_subscriber_hears_of_what_it_asked_for(its, of, hears):
    assert subscribed({"me": SubscriberParams(hook="file", **its)}, event(**of)) == (("me",) if hears else ())


@pytest.mark.parametrize(
    ("its", "hears"), [({}, False), ({"events": ["ticket_opened", "window_blocked"]}, False), ({"events": ["window_blocked"]}, True), ({"models": "x"}, False)]
)
def test_of_two_events_that_say_the_same_whoever_subscribed_to_both_hears_one(its, hears):
    blocked = event(kind="window_blocked", beside="ticket_opened")
    assert subscribed({"me": SubscriberParams(hook="file", **its)}, blocked) == (("me",) if hears else ())


def params(subscriber: str) -> str:
    return f"model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t}}\nhooks: {{subscribers: {{me: {subscriber}}}}}"


@pytest.mark.parametrize(
    ("subscriber", "sentence"),
    [
        ("{hook: file, events: [tickt_opened]}", r"no event 'tickt_opened' \(did you mean 'ticket_opened'\?"),
        ("{hook: file, quiet: {begins: '22:00', ends: 700}}", "hooks.subscribers.me.quiet.ends"),
        ("{hook: file, quiet: {begins: '22:00', ends: '7:00'}}", "HH:MM"),
        ("{hook: file, digest: {at: '09:00', timezone: Mars/North}}", "IANA"),
        ("{hook: file, severity: loud}", "severity"),
        ("{path: logs}", "hook"),
    ],
)
def test_a_subscriber_that_cannot_be_is_a_sentence(subscriber, sentence):
    with pytest.raises(ParamsError, match=sentence):
        load_params(params(subscriber))
