from __future__ import annotations

from dataclasses import replace

import pytest

from keepfit.gate.decidable import row_findings
from keepfit.gate.rules import ModelRules, RowRule
from keepfit.records import Pin, Scorecard, ScoreRow

ROW = ScoreRow(
    slice="carrier=EV",
    metric="roc_auc",
    rule="not_worse_than",
    bound=0.01,
    champion=0.7,
    challenger=0.71,
    difference=0.01,
    low=-0.011,
    high=0.031,
    p_value=None,
    n=312,
    status="undecided",
)
CARD = Scorecard(
    model="m",
    task="classification",
    metric="roc_auc",
    basis="later",
    champion=Pin(model="m", version="1", digest="d", trained_until=None, evaluated_until=None),
    evaluated_from=None,
    evaluated_until=None,
    n=900,
    rows=(ROW,),
)


def found(*rows, bound=0.01, kind="not_worse_than", card=CARD):
    rule = RowRule(kind=kind, metric="*", slice="*", bound=bound)
    return list(row_findings(ModelRules(rules={"r": rule}), replace(card, rows=rows)))


def test_an_interval_wider_than_the_margin_is_undecidable_and_says_how_many_rows_would_do():
    (one,) = found(ROW)
    assert one.text == "carrier=EV roc_auc: with 312 rows the interval is ±0.021, the bound is 0.01: about 1,380 rows would decide it"
    assert (one.undecidable, one.needed, one.rule) == (True, 1380, "r")


def test_that_many_rows_would_indeed_decide_it():
    (one,) = found(ROW)
    half = 0.021 * (312 / one.needed) ** 0.5
    assert found(replace(ROW, n=one.needed, low=-half, high=half)) == []


def test_an_interval_as_wide_as_the_margin_is_decidable():
    assert found(replace(ROW, low=0.0, high=0.02)) == []


def test_the_stricter_of_the_two_bounds_counts():
    assert found(replace(ROW, bound=0.03), bound=0.03) == []
    assert found(replace(ROW, bound=0.01), bound=0.03)[0].bound == 0.01


def test_rows_that_were_too_few_to_measure_say_so():
    (one,) = found(replace(ROW, low=None, high=None, difference=None, detail="80 rows, the rule asks for 100", n=80))
    assert one.undecidable
    assert one.text == "carrier=EV roc_auc: undecided with 80 rows: 80 rows, the rule asks for 100"


@pytest.mark.parametrize(("bound", "gain"), [(0.0, "0.021"), (-0.01, "0.031")])
def test_a_rule_that_asks_for_a_gain_is_decidable_by_one(bound, gain):
    (one,) = found(replace(ROW, bound=bound), bound=bound)
    assert not one.undecidable
    assert f"better by about {gain}" in one.text


def test_a_margin_out_of_reach_names_no_number():
    (one,) = found(replace(ROW, bound=1e-9), bound=1e-9)
    assert one.needed is None
    assert "no number of rows within reach would decide it" in one.text


def test_a_rule_without_a_row_is_named():
    (one,) = found()
    assert not one.undecidable
    assert one.text == "the last scorecard has no row not_worse_than * on *: such a candidate is refused"


def test_other_kinds_and_first_models_are_not_asked():
    assert found(replace(ROW, rule="no_proof_of_harm"), kind="no_proof_of_harm") == []
    assert found(ROW, card=replace(CARD, champion=None)) == []
