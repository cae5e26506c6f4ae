from __future__ import annotations

import numpy as np
from tests.stats.many_classes import answers

from keepfit.monitor.class_calibration import class_calibrations
from keepfit.stats.classes import one_hot


def overconfident(n, *, seed, classes=5):
    """Labels drawn from probabilities, and answers that are far too sure of them."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(classes, 0.7), n)
    sure = np.clip(p, 1e-9, 1) ** 3
    y = (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1).astype(float)
    return y, sure / sure.sum(axis=1, keepdims=True), p


def test_answers_that_are_too_sure_are_given_the_chances_that_come_true():
    y, scores, truth = overconfident(6000, seed=1)
    learned = class_calibrations(y, scores, draws=20, rng=np.random.default_rng(0))
    found = np.mean(list(learned.chances(scores)), axis=0)
    assert abs(found - truth).mean() < 0.02
    assert abs(scores - truth).mean() > 0.1
    assert np.allclose(found.sum(axis=1), 1)


def test_labels_are_drawn_as_often_right_as_the_answers_are():
    y, scores, _ = overconfident(4000, seed=2)
    learned = class_calibrations(y, scores, draws=50, rng=np.random.default_rng(0))
    drawn = [np.mean(labels == scores.argmax(axis=1)) for labels in learned.labels(scores, np.random.default_rng(1))]
    assert abs(np.mean(drawn) - np.mean(y == scores.argmax(axis=1))) < 0.005
    assert len(list(learned.few(3).labels(scores, np.random.default_rng(1)))) == 3


def test_a_class_without_a_row_and_rows_of_no_listed_class_are_no_trouble():
    rng = np.random.default_rng(3)
    y = rng.integers(0, 3, 500).astype(float)
    scores = answers(y, 4, rng, sharpness=3.0)
    scores[:, 3] = 0.0
    y[:25] = 4.0
    learned = class_calibrations(y, scores / scores.sum(axis=1, keepdims=True), draws=5, rng=rng)
    chances = next(learned.chances(scores))
    assert np.isfinite(chances).all()
    assert chances[:, 3].mean() < 0.02


def test_one_hot_answers_are_as_right_as_they_were():
    rng = np.random.default_rng(4)
    y = rng.integers(0, 4, 2000)
    scores = one_hot(np.where(rng.random(2000) < 0.8, y, rng.integers(0, 4, 2000)), 4)
    learned = class_calibrations(y.astype(float), scores, draws=10, rng=rng)
    assert abs(next(learned.chances(scores)).max(axis=1).mean() - (scores.argmax(axis=1) == y).mean()) < 0.03
