"""Which rows break what a behaviour test expects, from a model's scores before and after the change."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keepfit.errors import DataError
from keepfit.evaluate.behaviour.declared import AboutModel, ExpectedAnswers
from keepfit.stats.arrays import Array

SLACK = 1e-9
"""Scores that differ by no more than this are the same: sums of floats depend on how many rows are added up at once."""
CUT = 0.5
"""From this probability on, the label of two classes is the positive one."""


def broken_by(expected: ExpectedAnswers, about: AboutModel, *, before: Array, after: Array) -> npt.NDArray[np.bool_]:
    """Return for each row whether it breaks the expectation.

    Args:
        expected: what must hold.
        about: the task and the classes.
        before: the scores of the rows as they were, (n,), or (n, classes) of many classes.
        after: those of the changed rows, in the same order and shape; of a test that changes nothing the same as `before`.

    Raises:
        DataError: some score is not a finite number; what a model does not answer is neither kept nor broken.

    >>> scores = np.array([0.2, 0.6, 0.7])
    >>> broken_by(ExpectedAnswers(direction="must_not_fall"), AboutModel(task="classification"), before=scores, after=scores + [0.1, 0.0, -0.1]).tolist()
    [False, False, True]
    """
    odd = sum(int((~np.isfinite(scores)).any(axis=tuple(range(1, scores.ndim))).sum()) for scores in (before, after))
    if odd:
        raise DataError(f"{odd} scores are not finite numbers")
    if expected.same_label:
        return np.asarray(labels_of(before, about) != labels_of(after, about))
    if expected.label is not None:
        return np.asarray(labels_of(after, about) != about.code_of(expected.label))
    now, change = one_score(after, expected, about), one_score(after, expected, about) - one_score(before, expected, about)
    if expected.tolerance is not None:
        moved = np.abs(after - before).max(axis=1) if after.ndim == 2 and expected.of_class is None else np.abs(change)
        return np.asarray(moved > expected.tolerance + SLACK)
    if expected.direction is not None:
        rises = change if expected.direction in ("must_rise", "must_not_fall") else -change
        return np.asarray(rises < expected.by_at_least - SLACK) if expected.direction in ("must_rise", "must_fall") else np.asarray(rises < -SLACK)
    low = -np.inf if expected.low is None else expected.low
    high = np.inf if expected.high is None else expected.high
    return np.asarray((now < low - SLACK) | (now > high + SLACK))


def labels_of(scores: Array, about: AboutModel) -> npt.NDArray[np.int64]:
    """Return the code of each row's label: of many classes the likeliest one, of two 1 from a probability of .5 on."""
    return scores.argmax(axis=1) if about.many else (scores >= CUT).astype(np.int64)


def one_score(scores: Array, expected: ExpectedAnswers, about: AboutModel) -> Array:
    """Return one number a row: of many classes the probability of the class that is named, or of the likeliest one."""
    if scores.ndim == 1:
        return scores
    code = None if expected.of_class is None else about.code_of(expected.of_class)
    return scores.max(axis=1) if code is None else scores[:, code]
