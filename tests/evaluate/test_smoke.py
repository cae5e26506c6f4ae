from __future__ import annotations

import numpy as np
import pytest

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.smoke import AGREEMENT, smoke_rows, unloadable
from keepfit.stats.metrics import AbsoluteError, RocAuc

N = 400


def judged(change=None, *, n=N, seed=0):
    """Labels, a decent model's scores, and what `change` makes of them in the refit."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=n)
    y = (signal + rng.normal(size=n) > 0).astype(float)
    sibling = 1 / (1 + np.exp(-signal - 0.3 * rng.normal(size=n)))
    refit = 1 / (1 + np.exp(-signal - 0.3 * rng.normal(size=n)))
    return ScoredRows(y=y, champion=sibling, challenger=refit if change is None else change(refit, rng))


def statuses(rows):
    return {row.metric: row.status for row in rows}


def test_a_refit_as_good_as_its_sibling_is_called_broken_about_once_in_a_hundred():
    """500 refits of a stream that stands still; by point values half of them are worse. Two binomial errors are .9 points."""
    refused = [any(row.status in ("fail", "error") for row in smoke_rows(judged(seed=seed), RocAuc(), confidence=0.95)) for seed in range(500)]
    assert sum(refused) / 500 <= 0.019


@pytest.mark.parametrize(
    ("change", "metric", "status", "says"),
    [
        (lambda s, rng: 1 - s, "roc_auc", "fail", "worse by"),
        (lambda s, rng: 1 - s, AGREEMENT, "fail", "the other way round"),
        (lambda s, rng: np.full_like(s, 0.4), AGREEMENT, "error", "answers the same to every row"),
        (lambda s, rng: np.where(s > 0.9, np.nan, s), "roc_auc", "error", "not finite"),
        (lambda s, rng: rng.permutation(s), "roc_auc", "fail", "worse by"),
    ],
)
def test_what_is_broken_fails(change, metric, status, says):
    rows = {row.metric: row for row in smoke_rows(judged(change), RocAuc(), confidence=0.95)}
    assert rows[metric].status == status
    assert says in rows[metric].detail
    assert {row.basis for row in rows.values()} == {"smoke"}


def test_too_few_rows_are_undecided_and_refuse_nothing():
    assert set(statuses(smoke_rows(judged(n=12), RocAuc(), confidence=0.95)).values()) == {"undecided"}
    nothing = ScoredRows(y=np.empty(0), champion=np.empty(0), challenger=np.empty(0))
    assert set(statuses(smoke_rows(nothing, RocAuc(), confidence=0.95)).values()) == {"undecided"}


def test_the_sibling_stands_where_the_champion_does_and_the_numbers_are_beside_it():
    rows = judged()
    beside, agreement = smoke_rows(rows, RocAuc(), confidence=0.95)
    assert beside.champion == RocAuc().value(rows.y, rows.champion)
    assert beside.challenger == RocAuc().value(rows.y, rows.challenger)
    assert agreement.low <= agreement.challenger <= agreement.high
    assert agreement.status == "pass"


def test_a_sibling_that_says_one_thing_only_asks_no_more_of_its_refit():
    rows = judged()
    flat = ScoredRows(y=rows.y, champion=np.full(N, 0.5), challenger=rows.challenger)
    assert statuses(smoke_rows(flat, RocAuc(), confidence=0.95))[AGREEMENT] == "undecided"


def test_a_regression_is_looked_over_as_well():
    rng = np.random.default_rng(3)
    y = rng.normal(size=N)
    rows = ScoredRows(y=y, champion=y + rng.normal(size=N), challenger=-y)
    assert statuses(smoke_rows(rows, AbsoluteError(), confidence=0.95)) == {"mae": "fail", AGREEMENT: "fail"}


def test_a_model_that_cannot_be_asked_is_an_error_with_its_reason():
    (row,) = unloadable(RocAuc(), "no module named 'x'")
    assert (row.status, row.basis, row.n) == ("error", "smoke", 0)
    assert "no module named 'x'" in row.detail
