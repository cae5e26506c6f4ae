"""The search for slices: 100,000 rows × 15 categorical columns, two literals. CPU seconds (best of n), and memory beyond the input.

Bounds: at most .3 s and 100 MB for one scan. A whole search is one scan, and one more a slice it tells.
"""

from __future__ import annotations

import os
import time
import tracemalloc

import numpy as np

from keepfit.slices.codes import CodedColumn
from keepfit.slices.scan import Scan
from keepfit.slices.search import SliceLimits, best_slice, find_slices

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS, REPEATS = (2000, 1) if TINY else (100_000, 5)
SIZES = (2, 3, 4, 4, 5, 5, 6, 8, 8, 10, 10, 12, 15, 20, 20)


def world() -> tuple[list[CodedColumn], np.ndarray]:
    """Columns, and errors that are ten points more frequent where c2 and c4 are 0."""
    rng = np.random.default_rng(1)
    codes = [rng.integers(size, size=ROWS) for size in SIZES]
    errors = (rng.random(ROWS) < 0.1 + 0.1 * ((codes[2] == 0) & (codes[4] == 0))).astype(float)
    return [CodedColumn(f"c{i}", tuple(f"c{i}={v}" for v in range(size)), codes[i]) for i, size in enumerate(SIZES)], errors


def best(work: object) -> float:
    """CPU seconds of the fastest of `REPEATS` runs."""
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()  # type: ignore[operator]
        seconds.append(time.process_time() - started)
    return min(seconds)


def peak(work: object) -> float:
    """Megabytes that one run has at most beside its input."""
    tracemalloc.start()
    work()  # type: ignore[operator]
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return top / 1e6


if __name__ == "__main__":
    columns, errors = world()
    works = {
        "one scan, two literals": lambda: best_slice(Scan(columns, errors, ROWS // 100), SliceLimits()),
        "whole search, two literals": lambda: find_slices(columns, errors),
        "whole search, beam to three": lambda: find_slices(columns, errors, limits=SliceLimits(depth=3)),
    }
    for name, work in works.items():
        print(f"{best(work):7.3f} s {peak(work):6.0f} MB  {name} ({ROWS:,} × {len(SIZES)})")
    print(*(f"told: {one.slice}, {one.rows:,} rows, {one.effect:+.3f}" for one in find_slices(columns, errors)), sep="\n")
