from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from keepfit.monitor.selected_labels import LARGE, NOTE, labels_follow_scores


def labels(kept):
    return np.where(kept, 1.0, np.nan)


def test_a_large_effect_is_the_chance_that_cohens_d_of_eight_tenths_means():
    assert pytest.approx(norm.cdf(0.8 / 2**0.5), abs=5e-4) == LARGE


@pytest.mark.parametrize("shift", [0.5, 0.75, 0.9, 1.5, -0.9])
def test_the_note_is_made_exactly_where_scikit_learns_area_says_so(shift):
    rng = np.random.default_rng(1)
    kept = rng.random(4000) < 0.5
    scores = rng.normal(size=4000) + shift * kept
    area = roc_auc_score(kept, scores)
    assert labels_follow_scores(labels(kept), scores) == (NOTE if max(area, 1 - area) >= LARGE else "")


def test_labels_that_are_missing_by_chance_or_for_few_rows_are_not_reported():
    rng = np.random.default_rng(2)
    assert not any(labels_follow_scores(labels(rng.random(300) < 0.5), rng.random(300)) for _ in range(200))
    scores = np.arange(1000.0)
    assert labels_follow_scores(labels(scores < 99), scores) == ""
    assert labels_follow_scores(labels(scores < 100), scores) == NOTE
    assert labels_follow_scores(labels(scores < 1000), scores) == ""


def test_of_many_classes_the_likeliest_ones_probability_counts():
    rng = np.random.default_rng(3)
    scores = rng.dirichlet(np.ones(3), 1000)
    assert labels_follow_scores(labels(scores.max(axis=1) > 0.6), scores) == NOTE
    assert labels_follow_scores(labels(rng.random(1000) > 0.5), scores) == ""
