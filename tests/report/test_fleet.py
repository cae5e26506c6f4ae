"""A fleet as text: same lines, same bytes, and no name can break the table."""

from __future__ import annotations

from datetime import datetime

from keepfit.records.fleet import FleetLine
from keepfit.report.fleet import fleet_sum, fleet_table

LINE = FleetLine(
    model="churn",
    folder="models/churn",
    state="ticket",
    detail="2013-06-harm: overall",
    version="7",
    age_days=100.0,
    window="2013-06",
    look_days=9.0,
    labelled_until=datetime(2013, 6, 1),
    labels_days=39.0,
    tickets={"critical": 1, "info": 2},
    acknowledged=1,
    windows=24,
    alerts=1,
    promised=0.024,
    dead=2,
)


def test_a_line_says_everything_of_its_model():
    row = [cell.strip() for cell in fleet_table([LINE]).splitlines()[2].strip("|").split("|")]
    assert row[:5] == ["churn", "ticket", "v7, 100 d", "2013-06, 9 d", "2013-06-01, 39 d"]
    assert row[5:] == ["1 critical, 2 info, 1 acknowledged", "–", "1 of 24", "2", "2013-06-harm: overall"]


def test_a_name_breaks_no_table():
    odd = fleet_table([FleetLine(model="a|b\n<script>", folder="x", state="broken", detail="$(rm)\n| x")])
    assert len(odd.splitlines()) == 5
    assert "<script>" not in odd


def test_of_a_fleet_that_promises_nothing_no_budget_is_said():
    assert fleet_sum([FleetLine(model="a", folder="a", state="ok", windows=3)]) == "1 model: 1 ok; no open ticket"
    assert fleet_sum([]) == "0 models: none; no open ticket"
