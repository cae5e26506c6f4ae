"""How doubtful each label is, by scores of models that have not learned from its row (`folds.py`).

| task | how doubtful |
|---|---|
| classes | 1 − the probability of the class that the row has (self-confidence: Northcutt, Jiang & Chuang 2021) |
| numbers | the share of rows whose residual is smaller |

It is a ranking. Where labels are merely uncertain, most of those at its top are right: a flight that was late on a fine day is no error. How much that costs
follows from the probabilities themselves, and `expected_recall` says it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
RATE = 0.03


def self_confidence(scores: Floats, label: Floats) -> Floats:
    """Return the probability of the class that each row has: of (n,) scores, which are of the class 1, or of (n, K).

    >>> self_confidence(np.array([0.9, 0.2]), np.array([1.0, 0.0])).tolist()
    [0.9, 0.8]
    """
    if scores.ndim == 1:
        return np.where(label == 1, scores, 1 - scores)
    found: Floats = scores[np.arange(len(label)), label.astype(np.int64)]
    return found


def doubtfulness(scores: Floats, label: Floats, *, numbers: bool) -> Floats:
    """Return how doubtful each label is, 0 to 1; NaN where the row has no score.

    >>> doubtfulness(np.array([1.0, 5.0, 2.0]), np.array([1.1, 1.0, 2.3]), numbers=True).round(2).tolist()
    [0.0, 0.67, 0.33]
    """
    if not numbers:
        return 1 - self_confidence(scores, label)
    residual = np.abs(scores - label)
    judged = np.flatnonzero(np.isfinite(residual))
    found = np.full(len(label), np.nan)
    found[judged] = np.searchsorted(np.sort(residual[judged]), residual[judged], side="left") / max(1, len(judged))
    return found


def most_doubtful(doubt: Floats, most: int) -> Positions:
    """Return the places of the most doubtful labels, the most doubtful first; of equal ones the first row."""
    judged = np.flatnonzero(np.isfinite(doubt))
    return judged[np.argsort(-doubt[judged], kind="stable")][:most]


def expected_recall(doubt: Floats, most: int, *, rate: float = RATE, classes: int = 2) -> float:
    """Return which share of wrong labels the `most` most doubtful rows hold, if a share `rate` of labels is wrong by chance and the probabilities are right.

    The models learned from wrong labels too, so a doubt of d says that the label differs from the true one's class with probability
    p = (d − rate) / (1 − rate − rate / (K − 1)), K being the classes; by Bayes it is then wrong with probability
    (rate p) / (rate p + (1 − rate)(1 − p) (K − 1)). An error is held to be as likely from each class to each other one.

    >>> sure, unsure = np.repeat([0.999, 0.03], [3, 97]), np.full(100, 0.5)
    >>> round(expected_recall(sure, 5), 2), round(expected_recall(unsure, 5), 2)
    (1.0, 0.05)
    """
    judged = doubt[np.isfinite(doubt)]
    others = max(1, classes - 1)
    other = np.clip((judged - rate) / (1 - rate - rate / others), 0, 1)
    wrong = rate * other / np.maximum(rate * other + (1 - rate) * (1 - other) * others, np.finfo(np.float64).tiny)
    total = float(wrong.sum())
    return float(np.sort(wrong)[::-1][:most].sum()) / total if total else 0.0
