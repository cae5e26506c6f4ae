"""MMD, 5,000 against 5,000 rows of 32 columns, 100 permutations: random Fourier features against the exact kernel in numpy, CPU seconds.

The exact kernel with the same permutations is the floor in the same run. alibi-detect is not installed here (its licence is no free one and it
cannot live in one environment with keepfit), so its time is not measured by this file. Also: on how many seeded cases both decide alike at .05.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from keepfit.monitor.detectors.mmd import MeanDiscrepancy, width

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS, COLUMNS, PERMUTATIONS = (200 if TINY else 5_000), 32, (20 if TINY else 100)
CASES, CASE_ROWS = (4 if TINY else 50), (100 if TINY else 400)
FOURIER = MeanDiscrepancy(permutations=PERMUTATIONS, stop=None)
Floats = npt.NDArray[np.float64]


def exact(a: Floats, b: Floats, *, rng: np.random.Generator) -> float:
    """p-value of the exact Gaussian kernel's MMD by as many permutations; the kernel matrix is computed once."""
    both, n = np.concatenate([a, b]), len(a)
    norms = (both**2).sum(axis=1)
    kernel = np.exp(np.maximum(norms[:, None] + norms - 2 * both @ both.T, 0.0) / (-2 * width(both, rng=rng) ** 2))
    orders = [np.arange(len(both)), *(rng.permutation(len(both)) for _ in range(PERMUTATIONS))]
    signs = np.full((len(both), len(orders)), -1 / (len(both) - n))
    for column, order in enumerate(orders):
        signs[order[:n], column] = 1 / n
    found = (signs * (kernel @ signs)).sum(axis=0)
    return float((found >= found[0] * (1 - 1e-9)).sum() / len(orders))


def fourier(a: Floats, b: Floats, *, rng: np.random.Generator) -> float:
    """p-value of keepfit's detector."""
    return FOURIER.compare(a, b, rng=rng).p_value or 0.0


def seconds(test: Callable[..., float], a: Floats, b: Floats) -> float:
    """CPU seconds of the faster of two runs."""
    spent = []
    for _ in range(2):
        started = time.process_time()
        test(a, b, rng=np.random.default_rng(0))
        spent.append(time.process_time() - started)
    return min(spent)


def decisions() -> tuple[int, int, int]:
    """Over the seeded cases, half of them without a change: both alike, found by the exact kernel, found by the features."""
    alike = by_kernel = by_features = 0
    for seed in range(CASES):
        rng = np.random.default_rng(seed)
        a, b = rng.normal(size=(2, CASE_ROWS, COLUMNS))
        b += (seed % 2) * 0.15
        kernel, features = (test(a, b, rng=np.random.default_rng(seed)) <= 0.05 for test in (exact, fourier))
        alike, by_kernel, by_features = alike + (kernel == features), by_kernel + kernel, by_features + features
    return alike, by_kernel, by_features


if __name__ == "__main__":
    sample = np.random.default_rng(1).normal(size=(2, ROWS, COLUMNS))
    floor, ours = seconds(exact, *sample), seconds(fourier, *sample)
    print(f"{floor:8.3f} CPU s  exact kernel, numpy, {ROWS:,} vs {ROWS:,}, {COLUMNS} columns, {PERMUTATIONS} permutations")
    print(f"{ours:8.3f} CPU s  random Fourier features: 1/{floor / ours:.0f} of it")
    alike, by_kernel, by_features = decisions()
    print(f"alike on {alike} of {CASES} seeded cases (a change found: exact kernel {by_kernel}, features {by_features})")
