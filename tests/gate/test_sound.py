"""Rows that contradict themselves, and rows as evaluations write them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certificates import row, scorecard

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.rules import judge
from keepfit.evaluate.scorecard import compare_all
from keepfit.gate.sound import contradiction
from keepfit.params import RuleParams
from keepfit.plugins import load


def said(*rows):
    return contradiction(scorecard("m", rows=rows))


@pytest.mark.parametrize(
    ("of", "changes", "words"),
    [
        (row("at_least", 0.6), {"challenger": 0.55}, "pass, but its value 0.55"),
        (row("at_least", 0.6), {"low": 0.58, "high": 0.8}, "says otherwise at the bound 0.6"),
        (row("at_least", 0.6, "fail"), {"challenger": 0.7}, "fail, but its value 0.7"),
        (row("at_most", 0.3), {"challenger": 0.4}, "pass, but its value 0.4"),
        (row("at_most", 0.3), {"low": 0.1, "high": 0.31}, "says otherwise"),
        (row("not_worse_than", 0.01), {"low": -0.02}, "says otherwise at the bound 0.01"),
        (row("not_worse_than", 0.01, "fail"), {"high": 0.0}, "fail, but its value"),
        (row("no_proof_of_harm", 0.05), {"p_value": 0.001}, "with p 0.001 says otherwise"),
        (row("no_proof_of_harm", 0.05), {"low": -0.001}, "says otherwise"),
        (row("no_proof_of_harm", 0.05, "undecided"), {"p_value": 0.01}, "undecided, but its p-value 0.01"),
        (row(), {"n": 0}, "measured on no rows"),
        (row("no_proof_of_harm", 0.05, "undecided"), {"n": -1}, "measured on -1 rows"),
        (row("at_least", 0.6), {"challenger": None}, "nothing was measured of the challenger"),
        (row(), {"challenger": None}, "nothing was measured of the challenger"),
        (row(), {"difference": None, "low": None, "high": None}, "nothing was compared with a champion"),
        (row(), {"champion": None}, "nothing was compared with a champion"),
        (row(), {"low": 0.025}, "outside of its interval"),
        (row("no_proof_of_harm", 0.05, "fail"), {"high": -0.05, "low": -0.06}, "outside of its interval"),
        (row(), {"low": 0.03, "high": 0.01}, "before it begins"),
        (row(), {"p_value": 1.2}, "p-value is 1.2"),
    ],
)
def test_a_row_that_contradicts_itself_is_told(of, changes, words):
    assert said(of) is None
    found = said(row(), replace(of, **changes))
    assert found is not None
    assert words in found
    assert found.startswith(f"overall roc_auc {of.rule}: ")


def test_too_few_rows_and_what_could_not_be_measured_contradict_nothing():
    nothing = {"champion": None, "challenger": None, "difference": None, "low": None, "high": None, "n": 0}
    assert said(row("no_proof_of_harm", 0.05, "undecided", **nothing), row("at_least", 0.6, "error", **nothing)) is None


RULES = {
    "margin": RuleParams(kind="not_worse_than", metric="{}", bound=0.02),
    "harm": RuleParams(kind="no_proof_of_harm", metric="{}", slice="*", bound=0.05),
    "floor": RuleParams(kind="at_least", metric="{}", bound=0.4),
    "ceiling": RuleParams(kind="at_most", metric="{}", slice="*", bound=0.6),
}


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["roc_auc", "log_loss", "brier", "accuracy", "error_rate"]), st.integers(2, 300), st.booleans())
def test_no_row_that_an_evaluation_writes_contradicts_itself(seed, metric, n, first):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < rng.random()).astype(float)
    scores = [np.clip(rng.random() * y + rng.random() * rng.random(n), 0, 1) for _ in range(2)]
    judged = ScoredRows(y=y, champion=None if first else scores[0], challenger=scores[1])
    found = compare_all([load("metrics", metric)()], judged, {"s": (rng.integers(0, 3, n).tolist(), 5)}, confidence=float(rng.uniform(0.6, 0.99)), min_rows=10)
    rules = {name: rule.model_copy(update={"metric": metric, "bound": float(rng.uniform(0, 1))}) for name, rule in RULES.items()}
    assert said(*judge(rules, found, metric=metric, first=first)) is None


@pytest.mark.parametrize(("kind", "value"), [("point_at_most", 0.3000004), ("point_at_least", 0.2999996)])
def test_a_point_value_that_rounding_puts_on_its_bound_is_no_contradiction(kind, value):
    failed = replace(row("at_most", 0.3, "fail", challenger=value), rule=kind)
    assert said(failed) is None
    assert said(replace(failed, challenger=round(value, 6))) is None
    assert said(replace(failed, challenger=0.3 + 10 * (0.3 - value))) is not None
