"""Intervals that know days: how often they hold the truth (simulated), and what they cost beside intervals of independent rows.

A line: AUC or MAE of two equal models on so many days of so many rows; by how many sd the difference of their separation (the log size of their errors)
varies from day to day; then in how many runs the two-sided 90 % interval of the gain held 0, said "surely better" and "surely worse", its mean design
effect, and the same of rows taken as independent. 1,000 runs a line (`KEEPFIT_BENCH_RUNS`), a quarter of them above 20,000 rows.
`bench_intervals.py cost`: CPU ms only.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.stats.clustered_days import CONFIDENCE, EQUAL, ERRORS, FEW, ODD, SPREADS, UNEQUAL, Setting, kept

from keepfit.stats.metrics import AbsoluteError, RocAuc

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
RUNS = int(os.environ.get("KEEPFIT_BENCH_RUNS", "20" if TINY else "1000"))
LARGE = 20_000
GAINS = (0.0, 0.02, -0.02)
BOUNDS = (0.01, 0.02)
SHAPES = ((100, 50), (25, 200), (8, 625))


def cost(rows: int, repeats: int) -> None:
    """Print the CPU ms of a difference, the best of so many runs, of independent rows and of 28 days."""
    rng = np.random.default_rng(0)
    y, a, b = (rng.random(rows) < 0.3).astype(float), rng.normal(size=rows), rng.normal(size=rows)
    day = np.arange(rows) * 28 // rows
    for metric in (RocAuc(), AbsoluteError()):
        alone, by_day = (min(_seconds(metric, (y, a, b), clusters) for _ in range(repeats)) for clusters in (None, day))
        print(f"{metric.name:8} {rows:9,} rows: {1000 * alone:8.3f} ms independent, {1000 * by_day:8.3f} ms by day, {by_day / alone:.2f}")


def _seconds(metric: RocAuc | AbsoluteError, columns: tuple[np.ndarray, np.ndarray, np.ndarray], clusters: np.ndarray | None) -> float:
    started = time.process_time()
    metric.difference(*columns, CONFIDENCE, clusters=clusters)
    return time.process_time() - started


def line(setting: Setting) -> None:
    """Print what became of a setting."""
    runs = RUNS if setting.days * setting.rows <= LARGE else max(1, RUNS // 4)
    found, alone = kept(setting, runs, seed=11), kept(setting, max(1, runs // 10), seed=12, clustered=False)
    odd = "".join((" unequal" * setting.unequal, f" positives {setting.share:g}" * (setting.share != 0.3), " uncorrelated" * (setting.correlated == 0)))
    print(
        f"{setting.metric:8} {setting.days:4} days of {setting.rows:5} rows, {setting.spread:.2f} sd{odd}: {found.covered:.3f} better {found.better:.3f} "
        f"worse {found.worse:.3f} design {found.design:5.2f} | independent {alone.covered:.3f} better {alone.better:.3f}"
    )


def power(days: int, rows: int) -> None:
    """Print how often a rule would pass on 5,000 rows: proven not worse (*prove*), and not shown worse (*renew*)."""
    runs = max(1, RUNS)
    for gain in GAINS:
        found = kept(Setting(days=days, rows=rows, gain=gain), runs, seed=12)
        print(f"gain {gain:+.2f}, {days:4} days of {rows} rows: lower bound above 0 in {found.better:.4f}, upper bound below 0 in {found.worse:.4f}")
    for bound in BOUNDS:
        found_by = {spread: kept(Setting(days=days, rows=rows, gain=-bound, spread=spread), max(1, RUNS // 2), seed=12, margin=bound) for spread in SPREADS}
        passed = ", ".join(f"{found.better:.4f} at {spread:.2f} sd" for spread, found in found_by.items())
        print(f"gain {-bound:+.2f}, {days:4} days of {rows} rows: lower bound above {-bound:+.2f} in {passed}")


def lines(shapes: list[str]) -> None:
    """Print the lines of these shapes (`50x200`), all if none is named."""
    for each in (*EQUAL, *UNEQUAL, *ODD, *ERRORS, *FEW) if not TINY else (EQUAL[0], UNEQUAL[0], ODD[0], ERRORS[0], FEW[0]):
        if not shapes or f"{each.days}x{each.rows}" in shapes:
            line(each)


if __name__ == "__main__":
    asked = sys.argv[1:]
    if not asked or asked == ["cost"]:
        for size in (1000, 25_000, 300_000):
            cost(size if not TINY else size // 100, 1 if TINY else 20)
    if asked not in (["cost"], ["power"]):
        lines(asked)
    if not asked or asked == ["power"]:
        for shape in SHAPES:
            power(*shape)
