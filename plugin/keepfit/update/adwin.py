"""Adaptive windowing (ADWIN) on a model's errors: a baseline that retrains where errors have risen, whatever a retraining would gain.

Bifet & Gavaldà, "Learning from time-changing data with adaptive windowing" (SDM 2007): a window of errors is cut wherever the means of its two parts
differ by more than chance allows (their equation 3.1, with the variance), and the older part is forgotten. Here the window is a list of blocks of rows,
and every border between two blocks is a place to cut, where the paper keeps exponentially growing buckets. Errors are mapped into 0 to 1 first
(`ErrorShare`), so their unit plays no part; those that are no numbers are skipped. Blind to errors that were high from the start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DELTA = 0.002
BLOCK = 32


@dataclass(frozen=True)
class ErrorShare:
    """The error that counts one half.

    >>> ErrorShare.of(np.array([1.0, 2.0, np.nan, 6.0])).share(np.array([0.0, 2.0, np.nan, 6.0])).tolist()
    [0.0, 0.5, 0.75]
    """

    half: float

    @classmethod
    def of(cls, errors: Floats) -> ErrorShare:
        """Take the median of these errors."""
        known = errors[np.isfinite(errors)]
        return cls(float(np.median(known)) if len(known) else 0.0)

    def share(self, errors: Floats) -> Floats:
        """Return the errors (none negative) as numbers from 0 to 1, without those that are no numbers."""
        known = errors[np.isfinite(errors)]
        whole = known + self.half
        return np.divide(known, whole, out=np.zeros_like(known), where=whole > 0)


def distances(y: Floats, scores: Floats) -> Floats:
    """Return how far scores are from their labels, a number a row: of many classes what is missing from the true one's probability."""
    if scores.ndim == 1:
        return np.abs(y - scores)
    listed = y < scores.shape[1]
    codes = np.where(listed, y, 0).astype(np.int64)
    return np.where(listed, 1 - scores[np.arange(len(y)), codes], 1.0)


@dataclass(frozen=True, kw_only=True)
class Adwin:
    """The window: number, sum and sum of squares of the errors of each block, the oldest first.

    >>> rng = np.random.default_rng(0)
    >>> seen, rose = Adwin().after(rng.binomial(1, 0.2, 5_000).astype(float))
    >>> seen, rose_later = seen.after(rng.binomial(1, 0.4, 5_000).astype(float))
    >>> rose, rose_later
    (False, True)
    """

    counts: Floats = field(default_factory=lambda: np.zeros(0))
    sums: Floats = field(default_factory=lambda: np.zeros(0))
    squares: Floats = field(default_factory=lambda: np.zeros(0))
    delta: float = DELTA

    def after(self, errors: Floats) -> tuple[Adwin, bool]:
        """Return the window after these errors (0 to 1, in the order of time), and whether they have risen."""
        blocks = np.concatenate([np.stack([self.counts, self.sums, self.squares]), _blocks(errors)], axis=1)
        start, rose = 0, False
        for end in range(len(self.counts) + 1, blocks.shape[1] + 1):
            cut, up = _cut(blocks[:, start:end], self.delta)
            while cut:
                start, rose = start + cut, rose or up
                cut, up = _cut(blocks[:, start:end], self.delta)
        counts, sums, squares = blocks[:, start:]
        return Adwin(counts=counts, sums=sums, squares=squares, delta=self.delta), rose


def _blocks(errors: Floats) -> Floats:
    edges = np.arange(0, len(errors), BLOCK)
    if not len(edges):
        return np.zeros((3, 0))
    return np.stack([np.add.reduceat(part, edges) for part in (np.ones(len(errors)), errors, errors**2)])


def _cut(blocks: Floats, delta: float) -> tuple[int, bool]:
    """How many of the oldest blocks to forget, 0 for none, and whether the errors after them are higher."""
    if blocks.shape[1] < 2:
        return 0, False
    n, total, squares = blocks.sum(axis=1)
    before, older = np.cumsum(blocks[0])[:-1], np.cumsum(blocks[1])[:-1]
    difference = (total - older) / (n - before) - older / before
    variance = max(squares / n - (total / n) ** 2, 0.0)
    inverse = 1 / before + 1 / (n - before)
    chance = log(2 * max(log(n), 1.0) / delta)
    beyond = np.abs(difference) - (np.sqrt(2 * inverse * variance * chance) + 2 / 3 * inverse * chance)
    at = int(np.argmax(beyond))
    return (at + 1, bool(difference[at] > 0)) if beyond[at] > 0 else (0, False)
