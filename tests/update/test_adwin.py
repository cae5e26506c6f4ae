"""Adaptive windowing: it finds a rise, keeps still on noise, and neither the unit nor a NaN matters."""

from __future__ import annotations

import numpy as np
import pytest

from keepfit.update.adwin import Adwin, ErrorShare, distances


def feed(*parts):
    window, rose = Adwin(), []
    for part in parts:
        window, up = window.after(part)
        rose.append(up)
    return window, rose


def test_errors_that_stand_still_cut_nothing():
    rng = np.random.default_rng(1)
    runs = [feed(*(rng.random(1_000) for _ in range(12)))[1] for _ in range(20)]
    assert sum(map(any, runs)) <= 1  # delta .002 a look


def test_a_rise_is_found_and_what_lay_before_it_is_forgotten():
    rng = np.random.default_rng(2)
    window, rose = feed(rng.random(3_000) * 0.5, rng.random(3_000) * 0.8)
    assert rose == [False, True]
    assert window.counts.sum() < 3_500


def test_a_fall_is_no_rise():
    rng = np.random.default_rng(3)
    assert feed(rng.random(3_000) * 0.8, rng.random(3_000) * 0.5)[1] == [False, False]


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_the_unit_of_the_errors_does_not_matter(unit):
    rng = np.random.default_rng(4)
    before, after = rng.exponential(1.0, 2_000) * unit, rng.exponential(1.5, 2_000) * unit
    scale = ErrorShare.of(before)
    assert feed(scale.share(before), scale.share(after))[1] == [False, True]


def test_a_missing_number_is_skipped():
    scale = ErrorShare.of(np.array([np.nan, 1.0, 3.0]))
    assert scale.share(np.array([2.0, np.nan, np.inf])).tolist() == [0.5]
    assert feed(np.zeros(0), np.ones(3))[0].counts.tolist() == [3.0]


def test_errors_that_are_all_nothing_are_no_division():
    assert ErrorShare.of(np.zeros(5)).share(np.array([0.0, 2.0])).tolist() == [0.0, 1.0]
    assert ErrorShare.of(np.array([np.nan])).half == 0.0


def test_of_many_classes_an_answer_is_as_far_off_as_the_true_class_lacks_probability():
    scores = np.array([[0.7, 0.2, 0.1], [0.7, 0.2, 0.1], [0.7, 0.2, 0.1]])
    assert distances(np.array([0.0, 2.0, 3.0]), scores).tolist() == pytest.approx([0.3, 0.9, 1.0])
