"""Performance before labels: the interval covers under covariate shift, is blind to concept drift, and says when it is not to be believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepfit.monitor.estimate import Scored, estimate_performance, held_against, learn_calibration, trusted
from keepfit.records import Estimate
from keepfit.stats.metrics import ErrorRate, LogLoss, RocAuc

SAID = Estimate(metric="auc", status="estimated", n=900, n_reference=900, value=0.7, low=0.68, high=0.72)
NOMINAL = 0.9  # two one-sided bounds at .95


def rows(rng, n, *, shift=0.0, spread=1.0, sure=1.0, turned=0.0, noise=0.0, days=10):
    """Labels and a model's scores; `sure` above 1: it is overconfident; `turned`: the relation moved; `noise`: days differ by more than coins."""
    x, day = rng.normal(shift, spread, n), np.arange(n) % days
    odds = 1.5 * x - 0.5
    chance = 1 / (1 + np.exp(-(odds + turned + rng.normal(0, noise, days)[day])))
    return Scored(y=(rng.random(n) < chance).astype(float), scores=1 / (1 + np.exp(-odds * sure)), batches=day.astype(str))


def covered(metric, *, simulations, reference=None, n=1000, **window):
    """The share of simulations in which the interval holds the truth, each with its own reference of 1,000 rows."""
    hits = 0
    for seed in range(simulations):
        rng = np.random.default_rng((seed, 3))
        learned = learn_calibration(rows(rng, 1000, sure=1.6, **(reference or {})), metric=metric, rng=rng)
        new = rows(rng, n, sure=1.6, **window)
        said = estimate_performance(learned, new.scores, confidence=0.95, rng=rng)
        hits += said.low <= metric.value(new.y, new.scores) <= said.high
    return hits / simulations


@pytest.mark.slow
@pytest.mark.parametrize("shift", [{}, {"shift": 0.5}, {"shift": -1.0}, {"spread": 1.5}], ids=["same", "up", "down", "wider"])
@pytest.mark.parametrize("metric", [ErrorRate(), LogLoss()], ids=lambda metric: metric.name)
def test_the_interval_covers_under_covariate_shift(metric, shift):
    """150 simulations: the share's standard error is .025."""
    assert covered(metric, simulations=150, **shift) >= NOMINAL - 0.06


@pytest.mark.slow
def test_the_interval_of_auc_covers_under_covariate_shift():
    """60 simulations: the share's standard error is .04."""
    assert covered(RocAuc(), simulations=60, shift=-1.0) >= NOMINAL - 0.08


@pytest.mark.slow
def test_days_that_differ_by_more_than_coins_widen_the_interval_and_it_covers_them():
    noisy = {"noise": 0.5, "days": 20}
    assert covered(LogLoss(), simulations=100, reference=noisy, **noisy) >= NOMINAL - 0.1
    rng = np.random.default_rng(1)
    calm, wild = (learn_calibration(rows(rng, 4000, days=20, noise=noise), metric=ErrorRate(), rng=rng) for noise in (0.0, 1.0))
    assert calm.design < 2 < wild.design


def test_a_changed_relation_is_not_seen_and_only_labels_tell():
    rng = np.random.default_rng(0)
    learned = learn_calibration(rows(rng, 5000), metric=ErrorRate(), rng=rng)
    same, turned = rows(rng, 2000), rows(rng, 2000, turned=2.0)
    said = estimate_performance(learned, turned.scores, confidence=0.95, rng=rng)
    assert said.value == pytest.approx(estimate_performance(learned, same.scores, confidence=0.95, rng=rng).value, abs=0.02)
    assert held_against(said, truth=ErrorRate().value(turned.y, turned.scores), labelled=2000).held is False


def test_an_overconfident_model_is_not_believed():
    rng = np.random.default_rng(2)
    known, new = rows(rng, 20_000, sure=3.0), rows(rng, 20_000, sure=3.0)
    said = estimate_performance(learn_calibration(known, metric=LogLoss(), rng=rng), new.scores, confidence=0.95, rng=rng)
    claimed = float(np.mean(-new.scores * np.log(new.scores) - (1 - new.scores) * np.log1p(-new.scores)))
    truth = LogLoss().value(new.y, new.scores)
    assert abs(said.value - truth) < 0.03 < 0.2 < truth - claimed


def test_the_same_seed_gives_the_same_estimate():
    def once():
        rng = np.random.default_rng(4)
        known = rows(rng, 1000)
        return estimate_performance(learn_calibration(known, metric=RocAuc(), rng=rng), known.scores, confidence=0.95, rng=rng)

    assert once() == once()


@pytest.mark.parametrize(
    ("change", "scores", "why"),
    [
        ({"scores": np.full(100, 1.5)}, [0.5], "the scores are no probabilities"),
        ({"y": np.full(100, 3.0)}, [0.5], "the labels are not 0 and 1"),
        ({"y": np.zeros(100)}, [0.5], "one class only"),
        ({}, [0.5, np.nan], "the scores are no probabilities"),
        ({}, [], "no rows"),
        ({}, [0.5, 0.5, 0.4], "too few"),
    ],
)
def test_what_cannot_be_estimated_says_why(change, scores, why):
    rng = np.random.default_rng(5)
    learned = learn_calibration(replace(rows(rng, 100), **change), metric=RocAuc(), rng=rng)
    said = estimate_performance(learned, scores, confidence=0.95, rng=rng)
    assert (said.status, said.value, why in said.detail) == ("not estimated", None, True)


def test_labels_of_one_class_per_score_do_not_run_away():
    """Perfectly separated labels have no finite logistic fit; the pull to "scores mean what they say" keeps one."""
    rng = np.random.default_rng(6)
    scores = np.repeat([0.0, 1.0], 500)
    learned = learn_calibration(Scored(y=scores.copy(), scores=scores, batches=np.full(1000, "a")), metric=ErrorRate(), rng=rng)
    said = estimate_performance(learned, scores, confidence=0.95, rng=rng)
    assert (said.status, said.value) == ("estimated", pytest.approx(0, abs=0.01))


@pytest.mark.parametrize(
    ("held", "status"),
    [
        ([], "estimated"),
        ([True, False], "estimated"),
        ([False, None, False], "cannot tell"),
        ([False, True, False, True], "estimated"),
        ([False, True, False, True, False, True], "cannot tell"),
        ([False, True, False, True, False, True, True], "estimated"),
        ([False, False, True], "estimated"),
    ],
)
def test_an_estimate_that_missed_too_often_says_that_it_cannot_tell(held, status):
    assert trusted(SAID, [replace(SAID, held=one) for one in held]).status == status


def test_what_was_not_measured_leaves_the_estimate_open():
    assert held_against(SAID, truth=None, labelled=0) == SAID
