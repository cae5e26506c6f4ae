"""`keepfit compare` from Parquet, the whole process: CPU seconds and peak memory, best of n, and growth with the rows.

KEEPFIT_BENCH_SIZE=tiny only shows that it runs; =large adds 3M and 10M rows (8 GB on disk).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

SIZE = os.environ.get("KEEPFIT_BENCH_SIZE")
SHAPES = {"tiny": [(2_000, 10)], "large": [(100_000, 20), (1_000_000, 50), (3_000_000, 50), (10_000_000, 50)]}.get(SIZE or "", [(100_000, 20), (1_000_000, 50)])
REPEATS = 1 if SIZE == "tiny" else 3
CHUNK = 250_000
OPTIONS = [["--pairs"], ["--rows", "mmd,c2st"], ["--slices"]]  # each measured on the smallest shape
CHILD = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "keepfit", "compare", *sys.argv[1:]], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def write(path: Path, rows: int, columns: int, seed: int) -> None:
    """Write four numeric columns for every categorical one, the writer's usual row groups."""
    rng = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, CHUNK):
        n = min(CHUNK, rows - start)
        part = {f"x{i}": rng.normal(size=n) for i in range(columns * 4 // 5)}
        for i in range(columns - len(part)):
            part[f"c{i}"] = np.array([f"category {k}" for k in range(5 * (i + 1))])[rng.integers(0, 5 * (i + 1), n)]
        table = pa.table(part)
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def measured(*arguments: Path | str) -> tuple[int, float, float]:
    """Return exit code, CPU seconds and peak MB of one whole process."""
    done = subprocess.run([sys.executable, "-c", CHILD, *map(str, arguments)], check=True, capture_output=True, text=True)
    code, seconds, megabytes = done.stdout.split()
    return int(code), float(seconds), float(megabytes)


def show(files: list[Path], shape: str, *options: str) -> None:
    """Print the best seconds and the most memory of some runs."""
    runs = [measured(*files, *options) for _ in range(REPEATS)]
    assert {code for code, _, _ in runs} <= {0, 3, 4}
    seconds, memory = min(seconds for _, seconds, _ in runs), max(memory for _, _, memory in runs)
    print(f"{seconds:7.2f} CPU s  {memory:6.0f} MB  keepfit compare, {shape}, Parquet", *options)


def main() -> None:
    """Print a line for each shape, and for each option of the smallest."""
    for place, (rows, columns) in enumerate(SHAPES):
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / f"{name}.parquet" for name in ("reference", "current")]
            for seed, file in enumerate(files):
                write(file, rows, columns, seed)
            for options in [[], *(OPTIONS if place == 0 else [])]:
                show(files, f"{rows:,} rows x {columns} columns", *options)


if __name__ == "__main__":
    main()
