"""The evidence step from a window's counts, 20 columns of 15 bins and their 190 pairs: milliseconds a window, CPU time, best of n runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.profile import Layout, learn_layout, profile_table
from keepfit.profiles.shares import pair_shares
from keepfit.records import EvidenceMemory, Profile, Reference

COLUMNS = 20
WINDOWS, RUNS = (5, 1) if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny" else (200, 5)


def rows(rng: np.random.Generator, n: int = 1000) -> pa.Table:
    """Independent normal columns."""
    return pa.table({f"x{i:02}": rng.normal(size=n) for i in range(COLUMNS)})


def counted(table: pa.Table, layout: Layout, name: str) -> Profile:
    """A window's columns and their 190 pairs."""
    return replace(profile_table(table, layout, name), shares=pair_shares(table, layout))


def best(work: Callable[[], None]) -> float:
    """CPU milliseconds a window of the fastest of `RUNS` runs over `WINDOWS` windows."""
    seconds = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return 1000 * min(seconds) / WINDOWS


def main() -> None:
    """Time the step on arrays of counts, and the whole step from a profile to a memory that can be written down."""
    rng = np.random.default_rng(1)
    layout = learn_layout(rows(rng, 20_000), {f"x{i:02}": "numeric" for i in range(COLUMNS)})
    reference = Reference(profiles=tuple(counted(rows(rng), layout, f"r{i}") for i in range(20)))
    stream = [counted(rows(rng), layout, f"w{i}") for i in range(WINDOWS)]
    rule = EvidenceOverTime(Watch(reference=reference))
    memory = rule.step(EvidenceMemory(), stream[0]).memory
    detector, counts = rule._detector(memory), [rule.channels.counts(profile) for profile in stream]

    def kernel() -> None:
        worth = detector.start
        for k, n in counts:
            worth, _ = detector.step(worth, k, n)

    def changed() -> None:
        worth, back = detector.start, np.zeros((len(detector.delta), 2))
        for k, n in counts:
            worth, _ = detector.step(worth, k, n, tolerated=2 * detector.delta)
            back, _ = detector.back(back, k, n)

    def whole() -> None:
        memory = EvidenceMemory()
        for profile in stream:
            memory = rule.step(memory, profile).memory

    print(f"{best(kernel):7.3f} ms  step from counts, {COLUMNS} columns and 190 pairs (must 1, aim .1)")
    print(f"{best(changed):7.3f} ms  the same while incidents are open: growth and the reverse test")
    print(f"{best(whole):7.3f} ms  from profile to memory, with all that is shown")


if __name__ == "__main__":
    main()
