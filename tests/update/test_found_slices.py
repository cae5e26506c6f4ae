"""Slices of loss of many classes: a probability is held to its own claim, and the class that is answered makes slices, too."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepfit.params import Params
from keepfit.profiles.profile import learn_layout
from keepfit.stats.classes import one_hot
from keepfit.update.found_slices import CLAIMED, WRONG, slices_of_loss

CLASSES = ("a", "b", "c", "d")
PARAMS = Params.model_validate(
    {
        "model": {"name": "m", "task": "classification", "target": "y", "classes": list(CLASSES)},
        "data": {"live": "rows.csv", "time": "t", "features": {"city": "categorical"}},
    }
)


def window(seed, *, n=4000, hurt=0.0, odd=0.0):
    """Calibrated answers that are far surer in Oslo than in Rome; `hurt` of Rome's labels are others, `odd` of all are of no listed class."""
    rng = np.random.default_rng(seed)
    city = rng.choice(["Oslo", "Rome", "Bern"], n, p=[0.6, 0.2, 0.2])
    p = np.where((city == "Oslo")[:, None], rng.dirichlet(np.full(4, 0.1), n), rng.dirichlet(np.full(4, 2.0), n))
    y = (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1).astype(float)
    y = np.where((city == "Rome") & (rng.random(n) < hurt), (y + 1) % 4, y)
    y = np.where(rng.random(n) < odd, 4.0, y)
    return pa.table({"city": city, "y": y}), p


def found(table, scores):
    return slices_of_loss(PARAMS, learn_layout(table, {"city": "categorical"}), table, scores)


def test_a_slice_that_was_hard_all_along_is_not_told_of_a_calibrated_model():
    assert sum(bool(found(*window(seed))) for seed in range(30)) <= 2  # alpha .01: .3 expected


def test_a_slice_whose_labels_go_against_the_claims_is_told():
    (one, *_) = found(*window(1, hurt=0.4))
    assert (one.slice, one.measure) == ("city=Rome", CLAIMED)
    assert one.low > 0


def test_a_class_that_is_answered_too_often_is_a_slice():
    table, p = window(2)
    y = table["y"].to_numpy()
    taken = np.where((p.argmax(axis=1) == 1) & (np.random.default_rng(0).random(len(y)) < 0.4), 2.0, y)
    (one, *_) = found(table.set_column(1, "y", pa.array(taken)), p)
    assert one.slice == "prediction=b"


def test_answers_that_are_labels_are_right_or_wrong_and_rows_of_no_listed_class_are_wrong():
    table, p = window(3, hurt=0.5, odd=0.02)
    (one, *_) = found(table, one_hot(p.argmax(axis=1), 4))
    assert one.measure == WRONG


def test_a_window_without_labels_has_no_slices():
    table, p = window(5)
    assert found(table.set_column(1, "y", pa.array([None] * table.num_rows, pa.float64())), p) == ()
