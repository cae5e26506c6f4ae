from __future__ import annotations

from dataclasses import replace

from tests.report.test_review import CARD

from keepfit.records import Pin
from keepfit.report.five_rows import first_rows

[ROW] = CARD.rows
CHAMPION = Pin(model="flights", version="1", digest="sha256:0", trained_until=None, evaluated_until=None)


def card(*rows):
    return replace(CARD, champion=CHAMPION, rows=rows)


def row(slice_name, difference, status="undecided", rule="no_proof_of_harm"):
    return replace(ROW, slice=slice_name, rule=rule, difference=difference, champion=0.7, status=status)


def test_the_rows_on_all_data_come_first_then_what_refuses_then_the_worst_slices():
    overall, failed = row("overall", 0.01, "pass", "not_shown_worse"), row("carrier=UA", 0.0, "fail")
    slices = [row(f"carrier={number}", number / 100) for number in (5, -3, 1, -1, 2)]
    found = first_rows(card(*slices, failed, overall))
    assert [one.slice for one in found] == ["overall", "carrier=UA", "carrier=-3", "carrier=-1", "carrier=1"]


def test_what_decides_is_never_cut_and_what_was_not_measured_fills_nothing():
    failed = [row(f"carrier={number}", -0.1, "fail") for number in range(7)]
    assert len(first_rows(card(*failed, row("carrier=9", -0.5)))) == 7
    assert first_rows(card(row("carrier=1", None))) == ()
