"""Every metric is scikit-learn's on any rows: ties, constant scores, many classes. What scikit-learn calls undefined is a sentence here, never a number."""

from __future__ import annotations

import warnings
from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from keepfit.errors import DataError
from keepfit.evaluate.compare import ScoredRows, compare
from keepfit.plugins import BUILTIN, load
from keepfit.stats.metric import measures_many

TWO = {
    "roc_auc": sk.roc_auc_score,
    "log_loss": lambda y, s: sk.log_loss(y, s, labels=[0, 1]),
    "brier": sk.brier_score_loss,
    "accuracy": lambda y, s: sk.accuracy_score(y, s >= 0.5),
    "error_rate": lambda y, s: sk.zero_one_loss(y, s >= 0.5),
    "balanced_accuracy": lambda y, s: sk.balanced_accuracy_score(y, s >= 0.5),
    "f1": lambda y, s: sk.f1_score(y, s >= 0.5),
}
NUMBERS = {"mae": sk.mean_absolute_error, "mse": sk.mean_squared_error}


def classes_of(y):
    return sorted(set(y.astype(int)))


MANY = {
    "log_loss": lambda y, s: sk.log_loss(y, s, labels=range(s.shape[1])),
    "accuracy": lambda y, s: sk.accuracy_score(y, s.argmax(1)),
    "error_rate": lambda y, s: sk.zero_one_loss(y, s.argmax(1)),
    "balanced_accuracy": lambda y, s: sk.recall_score(y, s.argmax(1), labels=classes_of(y), average="macro", zero_division=0),
    "f1_macro": lambda y, s: sk.f1_score(y, s.argmax(1), labels=classes_of(y), average="macro", zero_division=0),
    "f1_weighted": lambda y, s: sk.f1_score(y, s.argmax(1), labels=classes_of(y), average="weighted", zero_division=0),
    "roc_auc_ovr": lambda y, s: np.mean([sk.roc_auc_score(y == code, s[:, code]) for code in classes_of(y)]),
}
GRID = st.sampled_from([0.02, 0.25, 0.25, 0.5, 0.75, 0.98])
"""Few values, so most rows tie; not 0 and 1, where the logarithm is cut at another place than scikit-learn's."""


def rows(labels, scores):
    return st.lists(st.tuples(labels, scores), min_size=2, max_size=40).map(
        lambda drawn: tuple(np.array(column, dtype=float) for column in zip(*drawn, strict=True))
    )


def probabilities(classes):
    return st.lists(st.integers(1, 4), min_size=classes, max_size=classes).map(lambda parts: tuple(part / sum(parts) for part in parts))


def test_every_built_in_metric_has_its_counterpart():
    assert {*TWO, *NUMBERS, *MANY} == set(BUILTIN["metrics"])
    assert set(MANY) == {name for name in BUILTIN["metrics"] if measures_many(load("metrics", name)())}


@settings(max_examples=40)
@given(drawn=rows(st.integers(0, 1), GRID))
def test_two_classes(drawn):
    y, s = drawn
    for name, reference in TWO.items():
        metric = load("metrics", name)()
        undefined = len(set(y)) < 2 and name in ("roc_auc", "balanced_accuracy")
        if undefined or (name == "f1" and not y.any() and (s < 0.5).all()):
            with pytest.raises(DataError):
                metric.value(y, s)
        else:
            assert metric.value(y, s) == pytest.approx(reference(y, s), abs=1e-12), name


@settings(max_examples=40)
@given(constant=GRID, y=st.lists(st.integers(0, 1), min_size=2, max_size=30).filter(lambda y: len(set(y)) == 2))
def test_constant_scores(constant, y):
    labels, scores = np.array(y, dtype=float), np.full(len(y), constant)
    for name, reference in TWO.items():
        if name == "f1" and constant < 0.5:  # no answer is positive: scikit-learn warns
            continue
        assert load("metrics", name)().value(labels, scores) == pytest.approx(reference(labels, scores), abs=1e-12), name
    assert load("metrics", "roc_auc")().value(labels, scores) == 0.5


@settings(max_examples=40)
@given(data=st.data(), classes=st.integers(3, 5))
def test_many_classes(data, classes):
    y, s = data.draw(rows(st.integers(0, classes - 1), st.just(0.0)))[0], None
    s = np.array([data.draw(probabilities(classes)) for _ in y])
    for name, reference in MANY.items():
        metric = load("metrics", name)()
        if len(classes_of(y)) < 2 and name in ("balanced_accuracy", "f1_macro", "f1_weighted", "roc_auc_ovr"):
            with pytest.raises(DataError):
                metric.value(y, s)
        else:
            assert metric.value(y, s) == pytest.approx(reference(y, s), abs=1e-12), name


@settings(max_examples=40)
@given(drawn=rows(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)))
def test_numbers(drawn):
    y, s = drawn
    for name, reference in NUMBERS.items():
        assert load("metrics", name)().value(y, s) == pytest.approx(reference(y, s), rel=1e-12), name


def test_where_scikit_learn_says_nan_a_sentence_says_why():
    y, s = np.ones(40), np.linspace(0, 1, 40)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(sk.roc_auc_score(y, s))
    with pytest.raises(DataError, match="needs rows of both classes, got one"):
        load("metrics", "roc_auc")().value(y, s)


SCORES = st.one_of(GRID, st.just(float("nan")), st.just(float("inf")))


@settings(max_examples=40)
@given(drawn=st.lists(st.tuples(st.integers(0, 1), SCORES, GRID, st.integers(0, 3)), min_size=1, max_size=60), clustered=st.booleans())
def test_a_comparison_is_measured_with_finite_numbers_or_says_why_it_is_not(drawn, clustered):
    """One class, constant scores, one cluster, answers without a number: an error or undecided with a reason, never a NaN that somebody takes for a result."""
    y, a, b, days = (np.array(column) for column in zip(*drawn, strict=True))
    judged = ScoredRows(y=y.astype(float), champion=b, challenger=a, clusters=days if clustered else None)
    for name in TWO:
        found = compare(load("metrics", name)(), judged, name="overall", confidence=0.95, min_rows=2)
        assert (found.status == "error") == (not np.isfinite(a).all())
        if found.status == "measured":
            gain = found.difference
            numbers = (found.champion, found.challenger, found.value_low, found.value_high, gain.gain, gain.low, gain.high, gain.p_harm)
            assert all(map(isfinite, numbers)), (name, found)
        else:
            assert found.detail
            assert found.challenger is None
            assert found.difference is None
