"""All profile detectors with a prepared reference beside a loop over scipy, tables in memory: CPU seconds and their ratio, best of n.

1M rows x 50 columns (40 numeric, 10 categorical). The reference's profile is made before the clock starts, as in life.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.stats import chi2_contingency, ks_2samp

from keepfit.monitor.compare import drift_of
from keepfit.profiles.profile import learn_layout, profile_table

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS, NUMBERS, TEXTS, REPEATS = (2_000, 4, 2, 1) if TINY else (1_000_000, 40, 10, 3)
CATEGORIES = 20


def table(seed: int) -> pa.Table:
    """Normal numbers, the first shifted by the seed's tenth, and texts of 20 values."""
    rng = np.random.default_rng(seed)
    names = np.array([f"category {i}" for i in range(CATEGORIES)])
    numbers = {f"x{i}": rng.normal(size=ROWS) + (0.1 * seed if i == 0 else 0.0) for i in range(NUMBERS)}
    return pa.table(numbers | {f"c{i}": names[rng.integers(0, CATEGORIES, ROWS)] for i in range(TEXTS)})


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest run."""
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)


def scipy_loop(reference: pa.Table, current: pa.Table) -> None:
    """The exact tests, one column after the other; categories are counted by Arrow, the fastest way at hand."""
    for name in reference.column_names:
        a, b = reference[name], current[name]
        if name.startswith("x"):
            ks_2samp(a.to_numpy(), b.to_numpy(), method="asymp")
        else:
            both = [dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)) for found in map(pc.value_counts, (a, b))]
            chi2_contingency([[side.get(key, 0) for key in both[0]] for side in both])


def main() -> None:
    """Print the times of both and the ratio."""
    reference, current = table(0), table(1)
    layout = learn_layout(reference, {name: "numeric" if name.startswith("x") else "categorical" for name in reference.column_names})
    prepared = profile_table(reference, layout, "reference")
    coded = pa.table({name: current[name].dictionary_encode() if name.startswith("c") else current[name] for name in current.column_names})
    ours, with_codes, counting, scipy = (
        best(lambda: drift_of(prepared, profile_table(current, layout, "current"))),
        best(lambda: drift_of(prepared, profile_table(coded, layout, "current"))),
        best(lambda: profile_table(current, layout, "current")),
        best(lambda: scipy_loop(reference, current)),
    )
    print(f"{ROWS:,} rows x {NUMBERS} numbers and {TEXTS} texts, CPU seconds, best of {REPEATS}")
    print(f"{scipy:7.3f} s  scipy: ks_2samp(method='asymp') and chi2_contingency")
    print(f"{ours:7.3f} s  keepfit: profile and detectors, 1/{scipy / ours:.1f} of scipy (of it the kernel {counting:.3f} s)")
    print(f"{with_codes:7.3f} s  keepfit, texts as dictionaries, 1/{scipy / with_codes:.1f} of scipy")


if __name__ == "__main__":
    main()
