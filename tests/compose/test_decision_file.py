"""What `decision.json` asks for."""

from __future__ import annotations

from datetime import datetime

import pytest

from keepfit.compose.decision_file import asked_of, check_first_windows
from keepfit.errors import DataError, ProjectError
from keepfit.params import load_params
from keepfit.records import Pin
from keepfit.tables.windows import parse_window_id

PIN = Pin(model="m", version="1", digest="sha256:ab", trained_until=datetime(2013, 2, 1), evaluated_until=None)
TEXT = "model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t, window: {window}, as_of: 2013-04-01}}\n"
JANUARY = [parse_window_id("2013-01")]


def data(window="month"):
    return load_params(TEXT.format(window=window)).data


def test_a_target_is_a_time_of_the_tables_own_clock_and_counts_for_a_retraining_only():
    asked = asked_of({"action": "improve", "target": "2013-03-01"}, PIN)
    assert (asked.target, asked.champion, asked.champion_trained_until) == (datetime(2013, 3, 1), True, datetime(2013, 2, 1))
    assert asked_of({"action": "rollback", "target": "3"}, None).target is None


@pytest.mark.parametrize(("decision", "said"), [({}, "the action None is none of"), ({"action": "improve", "target": "soon"}, "the target 'soon' is no time")])
def test_what_is_no_decision_is_named(decision, said):
    with pytest.raises(ProjectError, match=said):
        asked_of(decision, None)


def test_a_first_model_needs_all_windows_up_to_as_of():
    first = asked_of({"action": "improve", "target": None}, None)
    with pytest.raises(DataError, match="data/windows ends before 2013-02-01: 2 windows up to there are not tracked"):
        check_first_windows(first, JANUARY, data())


def test_beside_a_champion_or_by_count_of_rows_nothing_is_asked_of_as_of():
    check_first_windows(asked_of({"action": "improve", "target": None}, PIN), JANUARY, data())
    check_first_windows(asked_of({"action": "improve", "target": None}, None), JANUARY, data("100 rows"))
