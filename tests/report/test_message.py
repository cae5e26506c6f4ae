"""Whatever names the data brings, a message is at most ten lines of plain text, each of which somebody can read and none of which does anything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.records import Event, EventKind, Severity
from keepfit.report.message import COLUMNS, LINES, TITLE, harmless, heading, message_of

AT = datetime(2013, 6, 1, 3)
FELL = Event(
    key="ticket_opened:flights:2013-05-harm",
    kind="ticket_opened",
    model="flights",
    subject="2013-05-harm",
    at=AT,
    ticket="2013-05-harm",
    window="2013-05",
    version="3",
    severity="critical",
    changed="inputs moved: temp (X), since 2013-04; carrier=UA is surely worse",
    affected="2,214 rows of window 2013-05",
    bad="roc_auc .6610, .0420 worse than promised (.0310 to .0530 worse) on 2,214 labelled rows",
    proposed="a retraining",
    otherwise="nothing is promoted by itself; rows go on being scored by version 3",
    commands=("keepfit explain 2013-05-harm", "keepfit improve 2013-05-harm"),
    link="http://mlflow:5000/#/models/flights/versions/3",
)
BREAKOUTS = (
    "\r\nBcc: all@x.org\r\n\r\n",
    "$(reboot)",
    "`id`",
    '"it\'s"',
    "[now](javascript:x)",
    "![i](http://e.vil/i.png)",
    "<script>",
    "<!channel>",
    "@everyone",
    "\x00",
    "\u202e",
    "\x1b[31m",
    "\u2028",
    "www.e.vil",
    "HTTP://e.vil",
    "| a | b |",
    "\n\n# head",
    "x" * 300,
)
NASTY = st.text(max_size=400) | st.lists(st.sampled_from(BREAKOUTS), min_size=1, max_size=5).map("".join)
EVENTS = st.builds(
    Event,
    key=st.text(min_size=1, max_size=20),
    kind=st.sampled_from(get_args(EventKind)),
    model=NASTY,
    subject=NASTY,
    at=st.just(AT),
    ticket=st.none() | NASTY,
    window=st.none() | NASTY,
    version=st.none() | NASTY,
    severity=st.none() | st.sampled_from(get_args(Severity)),
    changed=NASTY,
    affected=NASTY,
    bad=NASTY,
    proposed=NASTY,
    otherwise=NASTY,
    commands=st.lists(NASTY, max_size=4).map(tuple),
    link=st.none() | NASTY,
)


@given(st.lists(EVENTS, min_size=1, max_size=14))
def test_no_name_breaks_out_of_its_line(events):
    message = message_of(events, subscriber="ops")
    lines = message.text.split("\n")
    assert lines == message.text.splitlines()
    assert 1 <= len(lines) <= LINES
    assert all(line.strip() and len(line) <= COLUMNS for line in lines)
    assert len(message.title) <= TITLE
    assert len(message.title.splitlines()) == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", message.text + message.title)


@given(NASTY)
def test_text_of_the_data_is_no_link_tag_mention_or_code(name):
    said = harmless(name)
    for taken_for_more in ("`", "](", "://", "<script", "<!", "@everyone", "www."):
        assert taken_for_more not in said
    assert harmless(said) == said


def test_the_message_of_one_event_answers_what_somebody_on_call_asks():
    assert message_of([FELL], subscriber="ops").text.split("\n") == [
        "flights v3: ticket 2013-05-harm opened (critical)",
        "what changed: inputs moved: temp (X), since 2013-04; carrier=UA is surely worse",
        "affected: 2,214 rows of window 2013-05",
        "how bad: roc_auc .6610, .0420 worse than promised (.0310 to .0530 worse) on 2,214 labelled rows",
        "proposed: a retraining",
        "if it waits until 09:00: nothing is promoted by itself; rows go on being scored by version 3",
        "  keepfit explain 2013-05-harm",
        "  keepfit improve 2013-05-harm",
        "http://mlflow:5000/#/models/flights/versions/3",
    ]


def test_a_command_or_link_that_does_not_fit_is_left_out_whole():
    long = replace(FELL, commands=("keepfit explain " + "x" * COLUMNS, "keepfit ticket"), link="http://" + "x" * COLUMNS)
    assert message_of([long], subscriber="ops").text.split("\n")[-1] == "  keepfit ticket"


def test_a_digest_has_a_line_an_event_and_counts_what_does_not_fit():
    calm = [replace(FELL, key=str(day), at=AT + timedelta(days=day), severity="info") for day in range(12)]
    found = message_of([*calm, replace(FELL, at=AT + timedelta(days=12))], subscriber="ops")
    lines = found.text.split("\n")
    assert (found.title, len(lines), lines[-1]) == ("flights: 13 events, 1 of them critical", LINES, "and 4 more")
    assert lines[-2].startswith("06-13 03:00 flights v3: ticket 2013-05-harm opened (critical)")  # the gravest is never among those left off
    assert [line[:5] for line in lines[:3]] == ["06-01", "06-02", "06-03"]
    assert len(message_of(calm[:LINES], subscriber="ops").text.split("\n")) == LINES


def test_the_key_is_that_of_its_events_and_subscriber():
    two = [FELL, replace(FELL, key="another")]
    assert message_of([FELL], subscriber="ops").key == f"{FELL.key}:ops"
    keys = {message_of(two, subscriber="ops").key, message_of(two, subscriber="bob").key, message_of(two[:1], subscriber="ops").key}
    assert len(keys) == 3
    assert message_of(two, subscriber="ops", attempt=3).key == message_of(two, subscriber="ops").key
    with pytest.raises(ValueError, match="one event or more"):
        message_of([], subscriber="ops")


@pytest.mark.parametrize("kind", get_args(EventKind))
def test_every_kind_of_event_has_a_heading(kind):
    assert heading(replace(FELL, kind=kind, severity=None)).startswith("flights")
