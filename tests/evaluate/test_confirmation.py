from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.confirmation import confirmed
from keepfit.stats.metrics import Accuracy, RocAuc

ROWS = "the permanent holdout of 2013-02"


def held(n=400, seed=0):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.5).astype(float)
    return ScoredRows(y=y, champion=y * 0.2 + rng.random(n), challenger=y * 0.4 + rng.random(n))


def test_the_gain_and_its_interval_are_those_of_the_paired_differences():
    rows = held()
    found = confirmed(Accuracy(), rows, rows=ROWS, confidence=0.95)
    differences = ((rows.challenger >= 0.5) == rows.y).astype(float) - ((rows.champion >= 0.5) == rows.y)
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    assert found.gain == pytest.approx(differences.mean())
    assert found.low == pytest.approx(differences.mean() - stats.norm.ppf(0.95) * error, rel=0.01)
    assert found.high == pytest.approx(differences.mean() + stats.norm.ppf(0.95) * error, rel=0.01)
    assert (found.rows, found.text, found.confidence) == (400, ROWS, 0.95)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (held(19), "19 labelled rows, 20 are needed"),
        (ScoredRows(y=np.ones(50), champion=np.ones(50), challenger=np.ones(50)), "one class"),
        (ScoredRows(y=held(50).y, champion=held(50).champion, challenger=np.full(50, np.nan)), "50 scores that are not finite"),
    ],
)
def test_what_cannot_be_measured_is_said_and_has_no_numbers(rows, why):
    found = confirmed(RocAuc(), rows, rows=ROWS, confidence=0.95)
    assert (found.gain, found.low, found.high, found.confidence) == (None, None, None, None)
    assert why in found.text or "class" in found.text
    assert found.text.startswith(ROWS)
