"""A candidate's review in a backtest: the rules of params.yaml, slices included, and what they leave to approval approved."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import UnknownNameError
from keepfit.evaluate.compare import ScoredRows
from keepfit.flows.backtesting.review import passes, reviewed
from keepfit.params import load_params

TEXT = """
model: {{name: m, task: regression, target: y}}
data: {{live: rows.csv, time: t, features: {{x: numeric, shop: categorical}}}}
evaluate: {{metric: mae, min_rows: 20, slices: {{shop: {{}}}}, rules: {rules}}}
"""
ROWS = pd.DataFrame({"shop": ["a", "b"] * 200})


def review(rules, *, worse_in_b=0.0, noise=0.0):
    """A candidate that is .5 better, but in shop b worse by so much; `noise` makes it hard to tell."""
    rng = np.random.default_rng(0)
    y = np.zeros(len(ROWS))
    champion = np.ones(len(ROWS)) + noise * rng.normal(size=len(ROWS))
    challenger = np.where(ROWS["shop"] == "b", 1.0 + worse_in_b, 0.5) + noise * rng.normal(size=len(ROWS))
    return passes(reviewed(load_params(TEXT.format(rules=rules)), ScoredRows(y=y, champion=champion, challenger=challenger), ROWS))


SLICES = "{slices: {kind: no_proof_of_harm, metric: mae, slice: '*', bound: 0.05}}"
OVERALL = "{all: {kind: not_worse_than, metric: mae, bound: 0.0"


def test_a_slice_that_is_shown_worse_refuses():
    assert review(SLICES, noise=0.1)
    assert not review(SLICES, worse_in_b=0.3, noise=0.1)


def test_what_a_rule_cannot_decide_refuses_unless_it_leaves_it_to_approval():
    assert not review(OVERALL + "}}", worse_in_b=0.5, noise=3.0)
    assert not review(OVERALL + ", undecided: block}}", worse_in_b=0.5, noise=3.0)
    assert review(OVERALL + ", undecided: approve}}", worse_in_b=0.5, noise=3.0)


def test_a_failed_row_is_not_approved():
    assert not review(OVERALL + ", undecided: approve}}", worse_in_b=2.0, noise=0.1)


def test_without_a_rule_nothing_passes_as_at_the_gate():
    assert not review("{}")


def test_a_slice_of_a_column_that_is_not_there_is_named():
    text = TEXT.format(rules=SLICES).replace("slices: {shop: {}}", "slices: {shpo: {}}")
    with pytest.raises(UnknownNameError, match="no column 'shpo'"):
        reviewed(load_params(text), ScoredRows(y=np.zeros(400), champion=np.ones(400), challenger=np.ones(400)), ROWS)
