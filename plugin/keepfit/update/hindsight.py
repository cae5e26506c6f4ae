"""The best schedule in hindsight: which model should have served each window, had one known everything.

Dynamic programming over (trainings so far, model that serves, model that served before): in each window the model stays, the
one before comes back for nothing (a rollback), or a model trained on earlier windows takes its place for one training
(Bellman 1957). No policy that may only do these can do better, so the distance to it is a regret and never negative.
Blind to what a policy may not know: it sees the scores of the window before it chooses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def best_totals(scores: npt.ArrayLike, trained: Sequence[int], *, most: int) -> Floats:
    """Return the best total score with at most 0, 1 … `most` trainings (most + 1 numbers, not falling).

    `scores` (models x windows, larger is better, 0 for a window that nobody could measure) holds the score of each model in
    each served window; `trained` the number of the window that each model's training ends with, where the first served window
    is number 1. Models trained up to window 0 are first models: one serves at the start for nothing. O(most windows models²).

    >>> first, second = [0.6, 0.6, 0.5], [0.0, 0.7, 0.7]          # the second learned from window 1, so it serves from window 2
    >>> [round(float(total), 6) for total in best_totals([first, second], [0, 1], most=2)]
    [1.7, 2.0, 2.0]
    """
    matrix, ends = np.asarray(scores, dtype=np.float64), np.asarray(trained)
    count = len(ends)
    best = np.full((most + 1, count, count + 1), -np.inf)  # the last place of the last axis: none served before
    best[0, ends == 0, count] = 0.0
    for window in range(1, matrix.shape[1] + 1):
        best = _moved(best, available=ends < window) + matrix[:, window - 1][None, :, None]
    return np.asarray(np.maximum.accumulate(best.max(axis=(1, 2))))


def best_schedule_totals(scores: npt.ArrayLike, *, most: int) -> Floats:
    """Return the best total score of a schedule with at most 0, 1 … `most` trainings, where no model before comes back.

    `scores` (models x windows, as above) holds in row i the model trained at the close of window i. O(most windows²).

    >>> [round(float(total), 6) for total in best_schedule_totals([[0.6, 0.6, 0.5], [0.0, 0.7, 0.3], [0.0, 0.0, 0.9]], most=2)]
    [1.7, 2.1, 2.2]
    """
    matrix = np.asarray(scores, dtype=np.float64)
    so_far = np.concatenate([np.zeros((len(matrix), 1)), np.cumsum(matrix, axis=1)], axis=1)  # of a model up to and with each window
    closes = np.arange(1, len(matrix))
    served = so_far[1:] - so_far[closes, closes][:, None]
    later = np.arange(so_far.shape[1])[None, :] > closes[:, None]
    best = [so_far[0]]
    for _ in range(most):
        after = np.where(later, best[-1][closes][:, None] + served, -np.inf)
        best.append(np.maximum(best[-1], after.max(axis=0, initial=-np.inf)))
    return np.array([one[-1] for one in best])


def _moved(best: Floats, *, available: npt.NDArray[np.bool_]) -> Floats:
    """The best totals after the choice before a window: stay, go back, or train."""
    moved = best.copy()
    moved[:, :, -1] = np.maximum(moved[:, :, -1], best[:, :, :-1].max(axis=1))
    served = best.max(axis=2)
    moved[1:, available, :-1] = np.maximum(moved[1:, available, :-1], served[:-1, None, :])
    return moved
