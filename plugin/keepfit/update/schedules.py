"""Schedules: retrainings on all history at fixed windows, whatever the windows say; what policies are measured against.

A schedule is the windows at whose close a model is trained; it serves from the next one on. The last window's would serve nobody.

>>> every(12, 4), spaced(12, 3), spaced(5, 3)
((4, 8), (3, 6, 8), (1, 2, 3))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DRAWN = 200
SEED = 0


def every(windows: int, k: int) -> tuple[int, ...]:
    """Return the closes of every k-th window after the first."""
    return tuple(range(k, windows - 1, k))


def spaced(windows: int, trainings: int) -> tuple[int, ...]:
    """Return as many closes, so that the models between them serve as long as each other; at most one a window."""
    most = max(windows - 2, 0)
    many = min(trainings, most)
    return tuple(int(at * (windows - 1) / (many + 1) + 0.5) for at in range(1, many + 1))


def drawn(windows: int, trainings: int, *, count: int = DRAWN, seed: int = SEED) -> tuple[tuple[int, ...], ...]:
    """Return `count` random schedules with as many trainings each.

    >>> {len(set(one)) for one in drawn(12, 4)}, min(min(one) for one in drawn(12, 4)), max(max(one) for one in drawn(12, 4))
    ({4}, 1, 10)
    """
    most = max(windows - 2, 0)
    rng, many = np.random.default_rng(seed), min(trainings, most)
    return tuple(tuple(sorted(int(at) + 1 for at in rng.choice(most, size=many, replace=False))) for _ in range(count))


def serving(windows: int, trained: Sequence[int]) -> tuple[int, ...]:
    """Return for each window after the first the last window that its model learned from.

    >>> serving(6, (2, 3))
    (0, 0, 2, 3, 3)
    """
    ends = np.array([0, *sorted(trained)])
    return tuple(int(end) for end in ends[np.searchsorted(ends[1:], np.arange(1, windows), side="left")])


def totals(scores: npt.ArrayLike, schedules: Sequence[Sequence[int]]) -> Floats:
    """Return the total score of each schedule; `scores` (models x windows after the first) holds in row i the model trained up to window i.

    >>> totals([[1.0, 1.0, 1.0], [0.0, 2.0, 2.0], [0.0, 0.0, 4.0]], [(), (1,), (1, 2)]).tolist()
    [3.0, 5.0, 7.0]
    """
    matrix = np.asarray(scores, dtype=np.float64)
    windows = matrix.shape[1] + 1
    return np.array([matrix[list(serving(windows, one)), np.arange(windows - 1)].sum() for one in schedules])
