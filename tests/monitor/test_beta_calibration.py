from __future__ import annotations

import numpy as np

from keepfit.monitor.beta_calibration import BetaDraws, beta_calibrations, terms


def test_scores_that_mean_what_they_say_are_left_alone_and_others_are_bent_back():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.02, 0.98, 8000)
    y = (rng.random(8000) < p).astype(float)
    assert np.allclose(beta_calibrations(y, p, draws=200, rng=rng).mean(axis=0), [1, 1, 0], atol=0.1)
    odds = terms(p**2) @ beta_calibrations(y, p**2, draws=200, rng=rng).mean(axis=0)
    assert abs(1 / (1 + np.exp(-odds)) - p).mean() < 0.02


def test_each_draw_gives_labels_of_its_own():
    draws = BetaDraws(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 9.0]]))
    few, many = draws.labels(np.full(500, 0.2), np.random.default_rng(1))
    assert abs(few.mean() - 0.2) < 0.06
    assert many.mean() > 0.9
    assert len(draws.few(1).theta) == 1
