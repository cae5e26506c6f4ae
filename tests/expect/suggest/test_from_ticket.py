"""The one line that would have caught a ticket's window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expect.suggest import streams

from keepfit.expect.suggest.answers import answer
from keepfit.expect.suggest.from_ticket import from_ticket, simplest

CHANGES = [
    (streams.without_gap, "gap_present"),
    (streams.other_unit, "x_mean"),
    (streams.renamed, "of_known"),
    (streams.stuck, "x_spread"),
    (streams.doubled, "id_unique"),
    (streams.cut, "rows_usual"),
]


@pytest.fixture(scope="module")
def months():
    return streams.past()


@pytest.mark.parametrize(("change", "line"), CHANGES)
def test_the_line_fails_on_the_incident_and_on_no_accepted_window(months, change, line):
    incident = streams.facts(40, change=change)
    found = from_ticket(replace(months, incidents=[incident]), incident, [], "rows", columns=())
    (one,) = found.found
    assert one.line.id == line
    assert one.line.severity == "critical"
    assert one.line.evidence == f"would have caught 1 of 1 incident ({incident.window}), 0 false on 12 windows"
    kind, kwargs = one.entry["type"], one.entry["kwargs"]
    assert answer(kind, kwargs, incident) is False
    assert all(answer(kind, kwargs, month) for month in months.accepted)


def test_the_tickets_own_column_comes_first(months):
    def both(columns):
        streams.stuck(columns)
        streams.without_gap(columns)

    incident = streams.facts(40, change=both)
    past = replace(months, incidents=[incident])
    assert from_ticket(past, incident, [], "rows", columns=["x"]).found[0].line.id == "x_spread"
    assert from_ticket(past, incident, [], "rows", columns=["nothing"]).found[0].line.id == "gap_present"


def test_bounds_have_few_digits(months):
    incident = streams.facts(40, change=streams.without_gap)
    (one,) = from_ticket(replace(months, incidents=[incident]), incident, [], "rows", columns=["gap"]).found
    assert len(str(one.entry["kwargs"]["mostly"])) <= 4


def test_a_line_that_fails_on_it_already_is_named(months):
    incident = streams.facts(40, change=streams.without_gap)
    mine = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "gap", "mostly": 0.95}, "severity": "critical", "meta": {"id": "mine"}}
    found = from_ticket(replace(months, incidents=[incident]), incident, [mine], "rows", columns=["gap"])
    assert found.found == ()
    assert [(one.id, one.there) for one in found.not_suggested] == [("mine", True)]


def test_a_loose_line_is_made_tighter_in_its_place(months):
    incident = streams.facts(40, change=streams.without_gap)
    mine = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "gap", "mostly": 0.2}, "severity": "warning", "meta": {"id": "mine"}}
    (one,) = from_ticket(replace(months, incidents=[incident]), incident, [mine], "rows", columns=["gap"]).found
    assert (one.line.id, one.line.change) == ("mine", "tighter")


def test_a_column_that_is_gone_is_the_simplest_of_all(months):
    incident = streams.facts(40)
    incident = replace(incident, columns={name: column for name, column in incident.columns.items() if name != "x"})
    (one,) = from_ticket(replace(months, incidents=[incident]), incident, [], "rows", columns=()).found
    assert one.entry["type"] == "expect_column_to_exist"
    assert one.entry["kwargs"] == {"column": "x"}


def test_a_month_like_all_others_gives_nothing(months):
    incident = months.accepted[5]
    found = from_ticket(replace(months, incidents=[incident]), incident, [], "rows", columns=())
    assert found.found == ()
    assert "lies outside all accepted windows" in found.not_suggested[0].why


@given(one=st.floats(-1e4, 1e4), width=st.floats(1e-3, 1e4), part=st.floats(0, 1))
def test_the_simplest_number_lies_between(one, width, part):
    found = simplest(one, one + width, near=one + part * width)
    assert found is not None
    assert one < found < one + width
