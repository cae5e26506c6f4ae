from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from keepfit.evaluate.compare import ScoredRows, compare, compare_class
from keepfit.stats.f1_of_classes import F1Macro
from keepfit.stats.metrics import AbsoluteError, ErrorRate, LogLoss, RocAuc


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


# -- many classes -------------------------------------------------------------------------------------------------------


def classes_judged(n=300, *, unlisted=0):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, n).astype(float)
    scores = [rng.dirichlet(np.ones(3), n) + sure * np.eye(3)[y.astype(int)] for sure in (0.3, 0.6)]
    y[:unlisted] = 3.0
    champion, challenger = (found / found.sum(axis=1, keepdims=True) for found in scores)
    return ScoredRows(y=y, champion=champion, challenger=challenger)


def test_a_class_is_judged_on_its_own_rows_where_these_define_the_metric():
    judged, mask = classes_judged(), classes_judged().y == 1
    found = compare_class(LogLoss(), judged, 1, name="class=b", confidence=0.95, min_rows=20)
    assert found == compare(LogLoss(), judged.part(mask), name="class=b", confidence=0.95, min_rows=20)


def test_a_class_is_judged_against_the_rest_on_all_rows_where_its_own_define_nothing():
    judged = classes_judged()
    found = compare_class(F1Macro(), judged, 1, name="class=b", confidence=0.95, min_rows=20)
    y, answered = judged.y, judged.challenger.argmax(axis=1)
    assert found.challenger == pytest.approx(f1_score(y == 1, answered == 1), abs=1e-12)
    assert (found.metric, found.n, found.difference.n) == ("f1_macro", int((y == 1).sum()), int((y == 1).sum()))


def test_a_class_of_few_rows_is_undecided_and_one_that_is_not_listed_is_a_wrong_answer():
    judged = classes_judged(unlisted=40)
    assert compare_class(F1Macro(), judged, 1, name="class=b", confidence=0.95, min_rows=200).status == "undecided"
    assert compare(ErrorRate(), judged, name="overall", confidence=0.95, min_rows=20).challenger >= 40 / 300


def test_scores_of_many_classes_that_are_no_numbers_are_counted_by_rows():
    judged = classes_judged()
    judged.challenger[:2] = np.nan
    assert judged.broken == "the challenger gave 2 scores that are not finite numbers"
