"""The small version of `tests/bench/bench_quality.py`: flipped labels of real flights are among the most doubtful."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.bench.bench_quality import EVIDENCE, flights, flipped, found

from keepfit.flows.data.check import SuspectsAsked


@pytest.fixture(scope="module")
def dirty():
    return flipped(flights(datetime(2013, 1, 1), datetime(2013, 1, 15)), 0)


@pytest.mark.parametrize(("evidence", "least", "most"), [(EVIDENCE, 0.7, 0.85), ((), 0.2, 0.5)])
def test_most_planted_errors_are_in_a_twentieth_where_columns_know_better_and_else_it_is_said_that_few_are(dirty, evidence, least, most):
    """Standard error of a share of 360 planted errors: .024."""
    table, wrong = dirty
    told = {name: (recall, expected) for name, recall, expected, _ in found(table, wrong, SuspectsAsked(evidence=evidence))}
    recall, expected = told["self-confidence"]
    assert least <= recall <= most
    assert abs(recall - expected) < 0.1
