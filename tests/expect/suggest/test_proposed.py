"""What is proposed from windows beside a suite: new lines, tighter ones, and none where there is enough."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.expect.suggest import streams

from keepfit.errors import DataError
from keepfit.expect.suggest.past import PastWindows
from keepfit.expect.suggest.proposed import from_windows

PRESENT = "expect_column_values_to_not_be_null"


@pytest.fixture(scope="module")
def past():
    return streams.past(12, streams.facts(40, change=streams.without_gap), streams.facts(41, change=streams.stuck))


def entry(name: str, **kwargs: object) -> dict[str, object]:
    return {"type": PRESENT, "kwargs": kwargs, "severity": "critical", "meta": {"id": name, "level": "batch"}}


def test_only_what_would_have_caught_an_incident_blocks(past):
    found = {one.line.id: one.line for one in from_windows(past, [], "rows").found}
    assert {name for name, one in found.items() if one.severity == "critical"} == {"gap_present", "x_spread"}
    assert found["gap_present"].evidence == "would have caught 1 of 2 incidents (2015-05), 0 false on 12 windows"
    assert found["x_spread"].caught == ("2015-06",)
    assert all(not one.false for one in found.values())


def test_a_new_line_says_what_it_is_known_by(past):
    entries = {one.line.id: one.entry for one in from_windows(past, [], "rows").found}
    meta = entries["gap_present"]["meta"]
    assert list(meta) == ["id", "level", "reason", "added_in", "evidence", "review_after"]
    assert (meta["added_in"], meta["review_after"]) == ("2012-12", "2014-01-01")
    assert json.loads(json.dumps(entries["of_known"]))["kwargs"]["value_set"] == ["a", "b", "c"]


def test_one_false_alarm_a_year_is_shared_by_all_lines_considered(past):
    found = from_windows(past, [], "rows")
    assert found.considered == len(past.measures)
    assert found.considered == len(found.found) + len(found.not_suggested)
    assert found.alpha * found.considered * 12 == pytest.approx(1.0)
    assert replace(past, size="day").alpha(10) == pytest.approx(1 / (10 * 365.25))


def test_a_loose_line_is_made_tighter_and_keeps_all_else(past):
    found = next(one for one in from_windows(past, [entry("mine", column="gap", mostly=0.5)], "rows").found if one.line.change == "tighter")
    assert (found.line.id, found.line.change, found.line.before, found.line.severity) == ("mine", "tighter", ">= 0.5", "critical")
    assert found.entry["meta"] == {"id": "mine", "level": "batch"}
    assert 0.9 < found.entry["kwargs"]["mostly"] < 1


def test_a_strict_line_and_one_that_is_near_are_left_as_they_are(past):
    new = next(one for one in from_windows(past, [], "rows").found if one.line.id == "gap_present").entry["kwargs"]["mostly"]
    for mostly in (1.0, new - 0.0005):
        left = {one.id: one for one in from_windows(past, [entry("mine", column="gap", mostly=mostly)], "rows").not_suggested}
        assert left["gap_present"].there
        assert "mine demands as much" in left["gap_present"].why


def test_names_that_are_taken_get_a_number(past):
    taken = {"type": "expect_column_to_exist", "kwargs": {"column": "x"}, "severity": "info", "meta": {"id": "gap_present"}}
    assert "gap_present_2" in {one.entry["meta"]["id"] for one in from_windows(past, [taken], "rows").found}


def test_too_few_windows_and_only_incidents_are_said():
    with pytest.raises(DataError, match="4 accepted windows: a prediction interval needs 5"):
        from_windows(streams.past(4), [], "rows")
    with pytest.raises(DataError, match="no accepted window, 1 are incidents"):
        from_windows(replace(streams.past(0, streams.facts(1))), [], "rows")


def test_columns_without_a_value_and_with_too_many_say_why_there_is_no_line():
    def odd(columns):
        columns["of"] = np.array([f"name {at}" for at in range(len(columns["of"]))], dtype=object)
        columns["gap"] = np.full(len(columns["gap"]), np.nan)

    months = PastWindows(accepted=[streams.facts(number, change=odd) for number in range(6)], size="month", key="id")
    found = from_windows(months, [], "rows")
    why = {one.id: one.why for one in found.not_suggested}
    assert why["of_known"] == "more than 200 values: no list that a person reviews"
    assert "no bound says anything" in why["gap_present"]
    assert not {"of_known", "gap_mean", "gap_spread", "gap_present"} & {one.line.id for one in found.found}
