"""Are two rows of counts draws from one distribution? Pearson's chi-squared, the pooling of sparse cells, the total variation distance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keepfit.stats.chi_squared import chi_squared_beyond

Counts = npt.NDArray[np.float64]


def statistic_of(a: Counts, b: Counts) -> tuple[float, float]:
    """Return chi-squared and its p-value for two rows of counts, no cell empty on both sides; one cell is (0, 1)."""
    if len(a) < 2:
        return 0.0, 1.0
    observed = np.stack([a, b])
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    distance = np.abs(observed - expected)
    if len(a) == 2:
        distance = distance - np.minimum(0.5, distance)
    statistic = float((distance**2 / expected).sum())
    return statistic, chi_squared_beyond(statistic, len(a) - 1)


def pool_sparse(a: Counts, b: Counts, *, least: float = 1.0) -> tuple[Counts, Counts]:
    """Return both rows with their sparse cells added into one, the last: a cell is sparse with fewer than `least` expected rows on the smaller side.

    A pool that is sparse itself takes in the next smallest cell. Without sparse cells both rows come back as they are.

    >>> import numpy as np
    >>> pool_sparse(np.array([50.0, 1.0, 1.0, 1.0]), np.array([50.0, 0.0, 0.0, 0.0]))[0].tolist()
    [50.0, 3.0]
    """
    totals = a + b
    expected = totals * min(a.sum(), b.sum()) / totals.sum()
    order = np.argsort(expected, kind="stable")
    sparse = int((expected < least).sum())
    if not sparse:
        return a, b
    reached = int(np.searchsorted(np.cumsum(expected[order]), least)) + 1  # cells until the pool holds enough
    pool = order[: max(sparse, reached)]
    kept = np.setdiff1d(np.arange(len(a)), pool)
    return np.append(a[kept], a[pool].sum()), np.append(b[kept], b[pool].sum())


def variation(a: Counts, b: Counts) -> float:
    """Return the total variation distance of two rows of counts: half the sum of the shares' absolute differences."""
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)
