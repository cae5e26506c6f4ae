"""A model's line says the worst that holds of it, and lines are sorted by it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integrations.ledger.made import judged, ticket

from keepfit.records import Evidence
from keepfit.records.fleet import FleetLine
from keepfit.update.fleet import ORDER, SEVERITIES, FleetFacts, LookedAt, by_risk, fleet_line

NOW = datetime(2013, 7, 10)
SILENT = Evidence(kind="quality", subject="rows", detector="silence", statistic=9.0, effect=1.0, n=0, n_reference=9)


def month(number, **changes):
    end = datetime(2013, number + 1, 1)
    return LookedAt(**({"window": f"2013-{number:02d}", "champion": "sha256:aa", "start": datetime(2013, number, 1), "end": end} | changes))


def line(*windows, tickets=(), now=NOW, **changes):
    facts = {"model": "m", "folder": "m", "version": "3", "trained_until": datetime(2013, 4, 1), "windows": windows, "tickets": tickets}
    return fleet_line(FleetFacts(**(facts | changes)), now=now)


def test_a_model_that_was_looked_at_lately_is_ok():
    said = line(month(6), month(5, labelled=90), month(4, labelled=80), promise=1.0)
    assert (said.state, said.detail, said.window, said.last_look, said.look_days) == ("ok", "", "2013-06", datetime(2013, 7, 1), 9.0)
    assert (said.labelled_until, said.labels_days, said.age_days) == (datetime(2013, 6, 1), 39.0, 100.0)
    assert (said.windows, said.alerts, said.promised) == (3, 0, 0.003)


@pytest.mark.parametrize(("later", "state"), [(timedelta(days=60), "ok"), (timedelta(days=60, seconds=1), "unmonitored")])
def test_a_look_that_is_older_than_two_windows_is_none(later, state):
    assert line(month(6), now=datetime(2013, 7, 1) + later).state == state


@pytest.mark.parametrize(("version", "why"), [("1", "no window was ever judged"), (None, "it has no champion yet")])
def test_a_model_without_windows_is_unmonitored(version, why):
    said = line(version=version)
    assert (said.state, said.detail) == ("unmonitored", why)


def test_a_window_that_waits_for_a_person_is_worse_than_a_ticket():
    seen = judged("2013-06", status="blocked")
    said = line(month(6, blocked=seen), month(5), tickets=(ticket(severity="warning"),))
    assert (said.state, said.fix) == ("blocked", "keepfit window accept|exclude 2013-06 --reason …")
    assert said.detail == "2013-06 waits for a person: nothing changed"
    assert said.tickets == {"warning": 1}


def test_a_window_that_was_blocked_under_a_former_champion_waits_for_nobody():
    assert line(month(6), month(5, champion="sha256:old", blocked=judged("2013-05", status="blocked"))).state == "ok"


def test_rows_that_did_not_come_are_silence():
    said = line(month(6, blocked=judged("2013-06", status="blocked", evidence=(SILENT,))), month(5))
    assert (said.state, said.detail) == ("silent", "no more rows came in 2013-06")


def test_an_acknowledged_ticket_stands_again_when_its_time_is_over():
    waits = ticket("2013-05-age", status="acknowledged", until=NOW + timedelta(days=1), severity="info")
    over = ticket("2013-06-harm", status="acknowledged", until=NOW, severity="critical")
    said = line(month(6), tickets=(waits, over))
    assert (said.state, said.tickets, said.acknowledged, said.fix) == ("ticket", {"critical": 1}, 1, "keepfit ticket 2013-06-harm")
    assert line(month(6), tickets=(waits,)).state == "ok"


def test_the_worst_ticket_is_named_and_one_without_a_severity_is_a_warning():
    said = line(month(6), tickets=(ticket("a", severity="info"), ticket("b"), ticket("c", severity="info")))
    assert (said.detail, said.tickets) == ("b: harm:overall", {"warning": 1, "info": 2})


def test_alerts_are_windows_and_one_judged_under_two_champions_is_one():
    said = line(month(6, alert=True), month(5, alert=True), month(5, champion="sha256:old", alert=True), month(4), promise=2.0)
    assert (said.alerts, said.windows, said.promised) == (2, 3, 0.006)
    assert line(month(6)).promised is None


LINES = st.lists(
    st.builds(
        FleetLine,
        model=st.text("abc", min_size=1, max_size=2),
        folder=st.text("xyz", max_size=2),
        state=st.sampled_from(ORDER),
        tickets=st.dictionaries(st.sampled_from(SEVERITIES), st.integers(1, 3)),
        dead=st.integers(0, 2),
        look_days=st.none() | st.floats(0, 99),
    ),
    max_size=6,
)


@given(LINES, st.randoms())
def test_the_order_is_of_the_lines_and_not_of_how_they_came(lines, random):
    shuffled = list(lines)
    random.shuffle(shuffled)
    ordered = by_risk(lines)
    assert by_risk(shuffled) == ordered or len({(one.model, one.folder) for one in lines}) < len(lines)
    assert sorted(map(repr, ordered)) == sorted(map(repr, lines))
    critical = [bool(one.tickets.get("critical")) for one in ordered]
    assert critical == sorted(critical, reverse=True)
    rest = [ORDER.index(one.state) for one in ordered if not one.tickets.get("critical")]
    assert rest == sorted(rest)
