"""`keepfit data diff` of 1M rows x 21 columns, the whole process, beside DuckDB's bare full join of the same files in the same run: CPU seconds, peak memory.

The bare join counts rows that came, went and changed by `IS DISTINCT FROM`; keepfit also tells columns, values and examples. Budget: 1.5 times its CPU
seconds where 1 % of the rows changed, in two columns; where every row did, all of them are kept and looked at: no budget.
KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS = 2_000 if TINY else 1_000_000
REPEATS = 1 if TINY else 3
BUDGET = 1.5
NUMBERS, CATEGORIES = [f"x{place}" for place in range(14)], [f"c{place}" for place in range(6)]
CHILD = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
BARE = """
import sys, duckdb
before, now, *columns = sys.argv[1:]
differs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in columns)
counts = f"count(*) FILTER (b.id IS NULL), count(*) FILTER (a.id IS NULL), count(*) FILTER (a.id IS NOT NULL AND b.id IS NOT NULL AND ({differs}))"
print(duckdb.execute(f"SELECT {counts} FROM read_parquet('{before}') a FULL JOIN read_parquet('{now}') b ON a.id = b.id").fetchone())
"""


def table(rows: int) -> pa.Table:
    """An id as text, 14 numbers, 6 categories."""
    rng = np.random.default_rng(0)
    names = np.array([f"category {place}" for place in range(20)])
    numbers = {name: rng.normal(size=rows) for name in NUMBERS}
    return pa.table({"id": [f"row-{place:08d}" for place in range(rows)], **numbers, **{name: names[rng.integers(0, 20, rows)] for name in CATEGORIES}})


def edited(whole: pa.Table, *, share: float, columns: Sequence[str]) -> pa.Table:
    """A share of the rows has other values in these columns; 5,000 in a million went, the others lie in another order."""
    rng = np.random.default_rng(1)
    for name in columns:
        values = whole[name].to_numpy().copy()
        chosen = rng.random(len(values)) < share
        values[chosen] = "category 3" if name in CATEGORIES else values[chosen] + 1
        whole = whole.set_column(whole.column_names.index(name), name, pa.array(values))
    return whole.take(pa.array(rng.permutation(whole.num_rows)[: -whole.num_rows // 200]))


def measured(*arguments: str) -> tuple[int, float, float]:
    """Exit code, CPU seconds and peak MB of one whole process of this Python."""
    done = subprocess.run([sys.executable, "-c", CHILD, *arguments], check=True, capture_output=True, text=True)
    code, seconds, megabytes = done.stdout.split()
    return int(code), float(seconds), float(megabytes)


def compared(folder: Path, name: str, before: pa.Table, now: pa.Table) -> bool:
    """Print both, the best of some runs taken in turns; return whether keepfit keeps its budget."""
    files = [str(folder / f"{side}.parquet") for side in ("before", "now")]
    for file, side in zip(files, (before, now), strict=True):
        parquet.write_table(side, file, compression="zstd")
    bare, ours = [], []
    for _ in range(REPEATS):
        bare.append(measured("-c", BARE, *files, *NUMBERS, *CATEGORIES))
        ours.append(measured("-m", "keepfit", "data", "diff", *files, "--key", "id"))
    assert {code for code, _, _ in bare} == {0}
    assert {code for code, _, _ in ours} == {3}
    seconds = [min(one for _, one, _ in runs) for runs in (bare, ours)]
    memory = [max(one for _, _, one in runs) for runs in (bare, ours)]
    ratio = seconds[1] / seconds[0]
    print(f"{seconds[0]:6.2f} CPU s {memory[0]:5.0f} MB  DuckDB's full join, {name}")
    print(f"{seconds[1]:6.2f} CPU s {memory[1]:5.0f} MB  keepfit data diff, {name}: {ratio:.2f} times (budget {BUDGET})", flush=True)
    return ratio <= BUDGET


def main() -> None:
    """Print a pair of lines for each difference; end with 1 where a budget is not kept."""
    whole = table(ROWS)
    kept = []
    with tempfile.TemporaryDirectory() as folder:
        kept.append(compared(Path(folder), f"{ROWS:,} x 21, 1 % changed", whole, edited(whole, share=0.01, columns=("x3", "c2"))))
        compared(Path(folder), f"{ROWS:,} x 21, every row changed", whole, edited(whole, share=1.0, columns=("x3",)))
    sys.exit(0 if TINY or all(kept) else 1)


if __name__ == "__main__":
    main()
