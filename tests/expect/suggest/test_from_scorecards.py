"""Floors of slices from past scorecards."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from keepfit.errors import DataError
from keepfit.expect.suggest.from_scorecards import from_scorecards
from keepfit.records import Scorecard, ScoreRow


def card(number: int, *, status: str = "pass", shift: float = 0.0, noise: float = 0.01) -> Scorecard:
    rng = np.random.default_rng(number)

    def row(part: str, metric: str, value: float) -> ScoreRow:
        empty = {"bound": None, "champion": None, "difference": None, "low": None, "high": None, "p_value": None}
        return ScoreRow(slice=part, metric=metric, rule="at_least", challenger=value, n=900, status=status, **empty)

    rows = (row("overall", "roc_auc", 0.7 + rng.normal(0, noise)), row("origin=JFK", "log_loss", 0.5 + rng.normal(0, 0.02) + shift))
    when = datetime(2013, 1 + number % 12, 1)
    return Scorecard(
        model="m", task="classification", metric="roc_auc", basis="later", champion=None, evaluated_from=when, evaluated_until=when, n=900, rows=rows
    )


def test_a_gain_gets_a_floor_and_an_error_a_ceiling():
    found = {one.line.id: one for one in from_scorecards([card(number) for number in range(8)], [], "scorecard", size="month").found}
    floor, ceiling = found["overall_roc_auc_usual"].entry, found["origin=JFK_log_loss_usual"].entry
    assert 0.5 < floor["kwargs"]["min_value"] < 0.69
    assert "max_value" not in floor["kwargs"]
    assert 0.53 < ceiling["kwargs"]["max_value"] < 1
    assert "min_value" not in ceiling["kwargs"]
    assert ceiling["kwargs"]["row_condition"] == 'slice == "origin=JFK" and metric == "log_loss"'
    assert floor["meta"]["evidence"] == "0 false on 8 scorecards"
    assert floor["severity"] == "warning"


def test_a_tighter_floor_changes_the_line_that_is_there_and_a_near_one_is_left():
    cards = [card(number) for number in range(8)]
    entry = dict(from_scorecards(cards, [], "scorecard", size="month").found[1].entry)
    again = from_scorecards(cards, [entry], "scorecard", size="month")
    assert [one.id for one in again.not_suggested if one.there] == ["overall_roc_auc_usual"]
    loose = {**entry, "kwargs": {**entry["kwargs"], "min_value": 0.5}}
    assert [one.line.change for one in from_scorecards(cards, [loose], "scorecard", size="month").found if one.line.id == "overall_roc_auc_usual"] == [
        "tighter"
    ]


def test_a_floor_that_chance_alone_meets_is_none():
    found = from_scorecards([card(number, noise=0.1) for number in range(5)], [], "scorecard", size="month")
    assert [(one.id, "chance alone meets" in one.why) for one in found.not_suggested] == [("overall_roc_auc_usual", True)]


def test_failed_candidates_and_drifting_slices_teach_nothing():
    failed = [card(number, status="fail") for number in range(6)]
    with pytest.raises(DataError, match=r"4 scorecards without a failed row \(of 10\)"):
        from_scorecards([*failed, *(card(number) for number in range(4))], [], "scorecard", size="month")
    moving = from_scorecards([card(number, shift=0.3 * number) for number in range(8)], [], "scorecard", size="month")
    assert [one.id for one in moving.not_suggested] == ["origin=JFK_log_loss_usual"]
    assert "drift" in moving.not_suggested[0].why
