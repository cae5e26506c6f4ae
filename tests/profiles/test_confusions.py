from __future__ import annotations

import numpy as np
from sklearn.metrics import confusion_matrix as reference

from keepfit.profiles.confusions import confusion_matrix, confusion_shares, counted_of, errors_of, taken_for, without_classes
from keepfit.profiles.shares import WRONG
from keepfit.records import ShareCount
from keepfit.stats.classes import one_hot

NAMES = ("a", "b", "c")
Y = np.array([0.0, 0.0, 1.0, 2.0, 3.0, np.nan])
SCORES = one_hot([0, 1, 1, 0, 2, 2], 3)


def test_the_matrix_is_that_of_scikit_learn_on_the_listed_labels():
    rng = np.random.default_rng(0)
    y, answers = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    assert confusion_matrix(y.astype(float), one_hot(answers, 3), 3).tolist() == reference(y, answers).tolist()


def test_rows_without_a_label_or_of_a_class_that_is_not_listed_are_of_no_class():
    assert confusion_matrix(Y, SCORES, 3).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_counts_of_two_halves_add_up_to_those_of_the_whole():
    halves = [confusion_shares(Y[part], SCORES[part], NAMES) for part in (slice(0, 2), slice(2, None))]
    added = counted_of({name: halves[0].get(name, ShareCount(group="slices", yes=0, n=0)) + one for name, one in halves[1].items()} | {
        name: one for name, one in halves[0].items() if name not in halves[1]
    }, NAMES)  # fmt: skip
    assert {key: (one.yes, one.n) for key, one in added.items()} == {
        key: (one.yes, one.n) for key, one in counted_of(confusion_shares(Y, SCORES, NAMES), NAMES).items()
    }


def test_a_pair_that_did_not_happen_in_a_half_still_has_the_rows_of_both():
    first, second = confusion_shares(Y[:1], SCORES[:1], NAMES), confusion_shares(Y[1:2], SCORES[1:2], NAMES)
    together = {name: first[name] + one if name in first else one for name, one in second.items()}
    assert (together[taken_for("a", "b")].n, counted_of(together, NAMES)["a", "b"]) == (1, ShareCount(group="confusions", yes=1, n=2))


def test_while_errors_rise_nothing_class_by_class_is_learned():
    shares = {WRONG: ShareCount(group="performance", yes=1, n=9), **confusion_shares(Y, SCORES, NAMES)}
    assert set(without_classes(shares, {errors_of("a")})) == {WRONG}
    assert set(without_classes(shares, {WRONG})) == {WRONG}
    assert without_classes(shares, {"errors of carrier=UA"}) is shares


def test_more_classes_than_a_window_can_hold_are_not_counted_one_by_one():
    assert confusion_shares(np.zeros(3), np.ones((3, 300)) / 300, [str(one) for one in range(300)]) == {}
