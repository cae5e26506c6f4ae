from __future__ import annotations

import numpy as np

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.confusions import ByClass, confusions
from keepfit.stats.metrics import ErrorRate

CLASSES = ("billing", "outage", "contract")


def one_hot(codes):
    return np.eye(3)[codes]


def judged(champion=None):
    y = np.array([0, 0, 0, 1, 1, 2, 3], dtype=float)
    return ScoredRows(y=y, champion=champion, challenger=one_hot([1, 1, 0, 2, 1, 2, 0]))


def test_the_pair_that_is_confused_most_comes_first_beside_what_the_champion_does():
    found = confusions(judged(one_hot([1, 0, 0, 1, 1, 0, 0])), CLASSES)
    assert [(one.true, one.said, one.n, one.champion, one.challenger) for one in found] == [("billing", "outage", 3, 1, 2), ("outage", "contract", 2, 0, 1)]


def test_rows_of_a_class_that_is_not_listed_are_counted_and_no_pairs():
    found = ByClass.of(judged(), CLASSES, metric=ErrorRate())
    assert found.unlisted == 1
    assert all(one.champion is None for one in found.confused)
    assert ByClass.of(judged(), None, metric=ErrorRate()) is None


def test_scores_that_are_no_numbers_confuse_nothing():
    rows = judged()
    rows.challenger[0] = np.nan
    assert confusions(rows, CLASSES)[0].challenger == 1
