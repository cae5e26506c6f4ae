from __future__ import annotations

import numpy as np

from keepfit.evaluate.compare import ScoredRows, compare
from keepfit.stats.metrics import AbsoluteError, RocAuc


def judged(n=200, seed=0):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.4).astype(float)
    return ScoredRows(y=y, champion=y + rng.normal(size=n), challenger=y + 0.5 * rng.normal(size=n))


def test_a_better_challenger_has_a_positive_lower_bound():
    found = compare(RocAuc(), judged(), name="overall", confidence=0.95, min_rows=100)
    assert found.status == "measured"
    assert found.difference.low > 0
    assert found.value_low < found.challenger < found.value_high


def test_too_few_rows_are_undecided_and_carry_no_number():
    found = compare(RocAuc(), judged(50), name="carrier=OO", confidence=0.95, min_rows=100)
    assert (found.status, found.challenger, found.difference) == ("undecided", None, None)
    assert found.detail == "50 rows, the rule asks for 100"


def test_one_class_in_a_slice_is_undecided():
    rows = judged()
    found = compare(RocAuc(), rows.part(rows.y == 1), name="carrier=HA", confidence=0.95, min_rows=10)
    assert (found.status, found.detail) == ("undecided", "one class only")


def test_a_model_that_answers_nan_is_an_error_however_few_the_rows():
    rows = judged(20)
    rows.challenger[3] = np.nan
    found = compare(AbsoluteError(), rows, name="overall", confidence=0.95, min_rows=100)
    assert found.status == "error"
    assert found.detail == "the challenger gave 1 scores that are not finite numbers"


def test_without_a_champion_only_the_value_stands():
    rows = judged()
    first = ScoredRows(y=rows.y, champion=None, challenger=rows.challenger)
    found = compare(RocAuc(), first, name="overall", confidence=0.95, min_rows=100)
    assert found.difference is None
    assert found.champion is None
    assert found.challenger > 0.8
