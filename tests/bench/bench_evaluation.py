"""An evaluation's core: 200,000 rows × 30 slices × 3 metrics × 12 past windows, both models' scores given. CPU seconds, and the process's peak memory.

Beside it the loop that people write for the same intervals: `roc_auc_score` of both models on 1,000 bootstrap draws of all rows, each slice and each past
window, for that one metric only. A fraction of its draws is timed for each part and scaled up (`DRAWS` of 1,000; it says so): the whole loop takes minutes.
Bounds: at most 1/20 of the loop, and 1 GB. A past window is the permanent holdout (20 %) of a window of as many rows; all are found in one table and
compared as `not_forgotten` has it, each with the days of its own.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from sklearn.metrics import roc_auc_score

from keepfit.evaluate.compare import Comparison, ScoredRows
from keepfit.evaluate.past import PastRows, compare_past
from keepfit.evaluate.scorecard import compare_all
from keepfit.plugins import load
from keepfit.slices.past_entries import PastEntries
from keepfit.stats.clusters import RowOrigins

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS, REPEATS, DRAWS = (4000, 1, 1) if TINY else (200_000, 3, 5)
WINDOWS, HOLDOUT, ALL_DRAWS, DAYS = 12, 0.2, 1000, 28
METRICS = ("roc_auc", "log_loss", "brier")
COLUMNS = ("carrier", "origin", "hour")
VALUES = 10
BOUND, MOST_MB = 20, 1000


def scored(rows: int, seed: int) -> ScoredRows:
    """Labels and two models' probabilities (three digits: a model of trees has ties), on rows of 28 days."""
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < 0.3).astype(float)
    hidden = y + rng.normal(size=rows)
    first, second = (1 / (1 + np.exp(-(hidden + noise * rng.normal(size=rows) - 0.8))) for noise in (0.8, 0.7))
    return ScoredRows(y=y, champion=first.round(3), challenger=second.round(3), clusters=np.arange(rows) * DAYS // rows, cluster="day")


def columns(rows: int) -> dict[str, tuple[list[object], int | None]]:
    """Three columns of ten values, as lists: what a table gives."""
    rng = np.random.default_rng(9)
    return {name: ([f"v{value}" for value in rng.integers(VALUES, size=rows)], None) for name in COLUMNS}


def past_windows(rows: int) -> tuple[PastRows, ScoredRows, RowOrigins]:
    """The holdouts of twelve windows in one table, both models' scores of their rows, and when each row was."""
    names, months = [f"2013-{month:02}" for month in range(1, WINDOWS + 1)], np.repeat(np.arange(WINDOWS), rows)
    held = pa.table({"_window": pa.array(names).take(pa.array(months))})
    times = np.datetime64("2013-01-01") + 31 * np.timedelta64(1, "D") * months + np.tile(np.arange(rows) * DAYS // rows, WINDOWS).astype("timedelta64[D]")
    there = PastRows(held=held, labelled=np.ones(len(months), dtype=np.bool_), order=names, judging=("2014-01",))
    return there, scored(len(months), 2), RowOrigins(times=times)


def evaluation(judged: ScoredRows, slices: dict[str, tuple[list[object], int | None]], past: tuple[PastRows, ScoredRows, RowOrigins]) -> list[Comparison]:
    """What the stage computes once both models have answered."""
    metrics = [load("metrics", name)() for name in METRICS]
    rows, scores, origins = past
    found = compare_all(metrics, judged, slices, confidence=0.95, min_rows=100)
    before = compare_past(metrics, rows.parts(PastEntries(), ("window=*",)), scores, origins, confidence=0.95, min_rows=100)
    assert len(before.judged) == WINDOWS * len(METRICS)
    assert all(one.status == "measured" for one in (*found, *before.judged))
    return [*found, *before.judged]


def loop(part: ScoredRows, draws: int) -> float:
    """CPU seconds of so many draws of the gain in AUC, by the mean of `DRAWS`."""
    rng, champion = np.random.default_rng(1), part.champion
    assert champion is not None

    def once() -> None:
        for _ in range(DRAWS):
            rows = rng.integers(len(part.y), size=len(part.y))
            roc_auc_score(part.y[rows], part.challenger[rows])
            roc_auc_score(part.y[rows], champion[rows])

    return seconds(once) / DRAWS * draws


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the process, all its threads."""
    started = time.process_time()
    work()
    return time.process_time() - started


def megabytes() -> float:
    """The process's largest resident set until now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print both, their ratio and the memory."""
    judged, slices = scored(ROWS, 1), columns(ROWS)
    size = int(ROWS * HOLDOUT)
    past = past_windows(size)
    before = megabytes()
    ours = min(seconds(lambda: evaluation(judged, slices, past)) for _ in range(REPEATS))
    top = megabytes()
    parts = len(COLUMNS) * VALUES
    one_slice = judged.part(np.arange(ROWS) < ROWS // VALUES)
    slow = loop(judged, ALL_DRAWS) + parts * loop(one_slice, ALL_DRAWS) + WINDOWS * loop(scored(size, 2), ALL_DRAWS)
    print(f"{ROWS:,} rows x {parts} slices x {len(METRICS)} metrics x {WINDOWS} past windows of {size:,} rows")
    print(f"keepfit: {ours:8.2f} CPU s; peak {top:.0f} MB (with the data, before the work {before:.0f} MB; at most {MOST_MB})")
    print(f"loop:    {slow:8.1f} CPU s (one metric; {DRAWS} of {ALL_DRAWS:,} draws of each part timed and scaled): 1/{slow / ours:.0f} (at most 1/{BOUND})")


if __name__ == "__main__":
    main()
