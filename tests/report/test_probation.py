from __future__ import annotations

from dataclasses import replace

import pytest

from keepfit.records import GainInterval, Probation, ProbationWindow, PromiseKept
from keepfit.report.probation import promise_line, promises_table
from keepfit.update.probation_record import kept_share

PROMISED = GainInterval(gain=0.02, low=0.004, high=0.036, confidence=0.9, n=300)
DELIVERED = GainInterval(gain=0.012, low=-0.001, high=0.025, confidence=0.9, n=900)
KEPT = PromiseKept(unit="roc_auc", promised=PROMISED, delivered=DELIVERED)
WINDOWS = tuple(ProbationWindow(window=f"2013-{month:02d}", labelled=300, arrivals=0, gain=0.012) for month in (2, 3, 4))
PAIR = {"model": "flights", "champion": "sha256:bb", "version": "2", "displaced": "sha256:aa", "displaced_version": "1"}
LAST = Probation(**PAIR, wanted=3, windows=WINDOWS, kept=(KEPT,))


def test_the_last_promotion_is_one_sentence():
    assert promise_line((LAST,)) == (
        "Version 2 promised +0.02 roc\\_auc (+0.004 to +0.036) over version 1; later labels delivered +0.012 (-0.001 to +0.025) on 900 rows of 3 windows."
    ).replace("\\_", "_")


def test_what_is_not_known_is_said_to_be_so():
    waiting = replace(LAST, windows=(), kept=(replace(KEPT, delivered=None),))
    assert promise_line((waiting,)).endswith("no labelled window has judged that yet.")
    unknown = replace(LAST, kept=(replace(KEPT, promised=None),), note="its scorecard compares with version 7", windows=WINDOWS[:1])
    said = promise_line((unknown,))
    assert "promised nothing that is known (its scorecard compares with version 7)" in said
    assert said.endswith("on 300 rows of 1 window, of 3 that it is judged on.")
    assert promise_line(()) == ""


def test_over_several_promotions_the_share_that_was_delivered_is_named():
    more = replace(LAST, kept=(replace(KEPT, delivered=replace(DELIVERED, gain=0.02)),))
    assert promise_line((LAST, more)).endswith("Over 2 promotions 80 % of what was promised was delivered.")


@pytest.mark.parametrize(
    "left_out",
    [
        replace(LAST, windows=WINDOWS[:2]),
        replace(LAST, kept=(replace(KEPT, promised=None),)),
        replace(LAST, kept=(replace(KEPT, delivered=None),)),
        replace(LAST, kept=()),
        replace(LAST, kept=(replace(KEPT, unit="mae"),)),
    ],
    ids=["not over", "promised nothing known", "delivered nothing known", "empty", "another metric"],
)
def test_what_is_not_whole_is_left_out_of_the_share(left_out):
    assert kept_share((left_out, LAST)) == (1, pytest.approx(0.6))


def test_promises_of_no_gain_have_no_share():
    assert kept_share((replace(LAST, kept=(replace(KEPT, promised=replace(PROMISED, gain=-0.02)),)),)) is None


def test_the_table_has_a_row_for_each_unit_the_newest_promotion_first():
    money = PromiseKept(unit="EUR|$", delivered=DELIVERED)
    lines = promises_table((LAST, replace(LAST, version="3", displaced_version="2", kept=(KEPT, money), windows=WINDOWS[:1]))).splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["3", "3", "2"]
    assert "judged on 1 of 3" in lines[2]
    assert "EUR\\|&#36;" in lines[3]
    assert lines[4].rstrip("| ").endswith("over")
