"""A regressor's loss before labels: the interval covers under covariate shift and where days differ, and is blind to concept drift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepfit.monitor.loss_estimate import KnownLoss, estimate_loss


def known(rng, n=600, *, shift=0.0, days=20, moves=0.0, grown=1.0):
    """Absolute errors whose size grows with x; `moves`: days have larger or smaller errors of their own; `grown`: the relation changed."""
    x, day = rng.normal(shift, 1, n), np.arange(n) % days
    size = np.exp(0.5 * x + rng.normal(0, moves, days)[day]) * grown
    return KnownLoss(rows=np.column_stack([x, rng.normal(size=n)]), loss=np.abs(rng.normal(0, size)), days=day.astype(str))


def said(learned, new):
    return estimate_loss(learned, new.rows, metric="mae", confidence=0.95)


@pytest.mark.long
@pytest.mark.parametrize(
    ("reference", "window"),
    [({}, {}), ({}, {"shift": 0.7}), ({"moves": 0.3}, {"moves": 0.3}), ({"days": 3}, {"days": 3})],
    ids=["same", "shifted", "days differ", "few days"],
)
def test_the_interval_covers_and_the_estimate_is_nearer_than_what_was_before(reference, window):
    """40 simulations: the share's standard error is .05."""
    hits, missed, naive = 0, [], []
    for seed in range(40):
        rng = np.random.default_rng((seed, 7))
        learned, new = known(rng, **reference), known(rng, **window)
        found, truth = said(learned, new), float(new.loss.mean())
        hits += found.low <= truth <= found.high
        missed.append(abs(found.value - truth))
        naive.append(abs(float(learned.loss.mean()) - truth))
    print(reference, window, hits / 40, np.mean(missed), np.mean(naive))
    assert hits / 40 >= 0.9 - 0.1
    if "shift" in window:
        assert np.mean(missed) < np.mean(naive) / 2


def test_a_shift_of_the_inputs_is_followed():
    rng = np.random.default_rng(0)
    learned, new = known(rng, n=2000), known(rng, n=2000, shift=0.7)
    found, truth = said(learned, new), float(new.loss.mean())
    assert float(learned.loss.mean()) < 0.8 * truth < found.low < truth < found.high
    assert found.high - found.low > 1.2 * (said(learned, known(rng, n=2000)).high - said(learned, known(rng, n=2000)).low), "few known rows are like these"


def test_days_that_differ_widen_the_interval():
    calm, wild = (known(np.random.default_rng(1), n=2000, moves=moves) for moves in (0.0, 0.6))
    assert calm.design < 2 < 4 < wild.design
    assert known(np.random.default_rng(1), days=7).spread[1] == 0, "seven days say nothing of days"


def test_a_changed_relation_is_not_seen_and_only_labels_tell():
    learned, grown = known(np.random.default_rng(2), n=2000), known(np.random.default_rng(3), n=2000, grown=2.0)
    found = said(learned, grown)
    assert found.value == pytest.approx(float(learned.loss.mean()), rel=0.1)
    assert found.high < float(grown.loss.mean())


def test_the_same_rows_give_the_same_estimate():
    new = known(np.random.default_rng(5))
    assert said(known(np.random.default_rng(4)), new) == said(known(np.random.default_rng(4)), new)


def test_what_cannot_be_estimated_says_why():
    learned = known(np.random.default_rng(6))
    few = replace(learned, rows=learned.rows[:99], loss=learned.loss[:99], days=learned.days[:99])
    assert (said(few, learned).status, said(few, learned).detail) == ("not estimated", "99 labelled rows are known, 100 are needed")
    assert said(learned, replace(learned, rows=learned.rows[:0])).detail == "no rows"


def test_a_loss_that_is_always_the_same_is_known_for_sure():
    rng = np.random.default_rng(8)
    same = replace(known(rng), loss=np.full(600, 2.0))
    found = said(same, known(rng))
    assert (found.value, found.low, found.high, found.design) == (pytest.approx(2.0), pytest.approx(2.0), pytest.approx(2.0), 1.0)
