from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from keepfit.compose.quality.folds import OutOfFold, dealt

IDS = np.array([f"r{at}" for at in range(1000)])


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60), st.integers(2, 6), st.integers(0, 3))
def test_rows_of_one_group_are_in_one_fold(groups, folds, seed):
    found = dealt(np.array(groups), folds=folds, seed=seed, label=np.zeros(len(groups)))
    assert all(len({*found[np.array(groups) == name].tolist()}) == 1 for name in groups)


def test_each_class_is_spread_over_all_folds():
    label = np.where(np.arange(1000) < 20, 1.0, 0.0)
    found = dealt(IDS, folds=5, seed=0, label=label)
    assert np.bincount(found[label == 1]).tolist() == [4] * 5
    assert np.ptp(np.bincount(found)) <= 1


def test_a_fold_goes_by_the_id_not_by_the_place_or_the_type_of_the_column():
    turned = dealt(pa.array(IDS[::-1]).dictionary_encode(), folds=5, seed=0)
    assert turned[::-1].tolist() == dealt(IDS, folds=5, seed=0).tolist()
    assert dealt(IDS, folds=5, seed=1).tolist() != turned[::-1].tolist()


def test_a_class_that_no_other_fold_holds_is_not_judged():
    judged = OutOfFold(np.array([0, 1, 1]), np.array([2.0, 0.0, 1.0]), classes=3)
    judged.put(0, np.array([[0.5, 0.5, 0.0]]), numbers=False)
    judged.put(1, np.array([[0.1, 0.1, 0.8], [0.2, 0.2, 0.6]]), numbers=False)
    assert np.isnan(judged.scores).all()


def test_of_numbers_every_row_is_judged():
    judged = OutOfFold(np.array([0, 1]), np.array([2.0, 0.5]))
    for fold in judged.folds:
        judged.put(fold, np.array([1.0]), numbers=True)
    assert judged.scores.tolist() == [1.0, 1.0]
