"""One profile of a folder of Parquet files counted by each engine: CPU seconds of all processes (JVM and Python workers too) and peak memory, in one run.

Each engine has a process of its own. What it costs before the first row (imports, the JVM's start) is a line for itself; the peer is Spark SQL that counts
the same bins, and every engine's counts are compared with those of this process. KEEPFIT_BENCH_SIZE=tiny only shows that it runs, without a JVM;
=large adds 100 million rows, ten files under ten names each (1.4 GB on disk).
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench.used_by_processes import used_so_far

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from tests.bench.spark_sql_counts import Counts

    from keepfit.profiles.layout import Layout

SIZE = os.environ.get("KEEPFIT_BENCH_SIZE", "")
ROWS = {"tiny": (4_000,), "large": (2_000_000, 10_000_000, 100_000_000)}.get(SIZE, (2_000_000, 10_000_000))
COLUMNS = 20
FILE_ROWS = 1_000_000
LATER = 2
ENGINES = ("local", "duckdb") if SIZE == "tiny" else ("local", "duckdb", "spark", "spark-view", "spark-sql")
SAID = {"local": "in process", "duckdb": "DuckDB", "spark": "Spark, names of files sent", "spark-view": "Spark, rows sent (a view)", "spark-sql": "Spark SQL"}
Work = Callable[[], "Counts"]


def write(folder: Path, rows: int, *, files: int = 10) -> None:
    """Write the rows in files of a million, of which so many differ (the others are further names of these), and beside the folder the layout of the first."""
    from tests.bench import bench_compare

    from keepfit.integrations.streams import ParquetRows
    from keepfit.profiles.layout import layout_of
    from keepfit.profiles.stream import profile_reference

    folder.mkdir()
    for number, start in enumerate(range(0, rows, FILE_ROWS)):
        if number < files:
            bench_compare.write(part(folder, number), min(FILE_ROWS, rows - start), COLUMNS, number)
        else:
            part(folder, number).hardlink_to(part(folder, number % files))
    first = ParquetRows(part(folder, 0))
    kinds = {name: "categorical" if name.startswith("c") else "numeric" for name in first.schema.names}
    folder.with_suffix(".layout").write_bytes(pickle.dumps(layout_of(profile_reference(first, kinds, "reference"))))


def part(folder: Path, number: int) -> Path:
    """The place of a file of the folder."""
    return folder / f"part-{number:03}.parquet"


# -- in the process of one engine -----------------------------------------------------------------------------------------


def session() -> SparkSession:
    """A session as a person starts one on a laptop: two cores, two gigabytes for the JVM."""
    from pyspark.sql import SparkSession

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    settings = {"spark.ui.enabled": "false", "spark.driver.memory": "2g", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    builder = SparkSession.builder.master("local[2]").config("spark.ui.showConsoleProgress", "false")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made: SparkSession = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def work_of(engine: str, folder: Path, layout: Layout) -> Work:
    """Return what counts once; all that is imported or started before the first row is done here."""
    from keepfit.flows.rows.engines import open_rows
    from keepfit.profiles.stream import profile_rows

    if engine.startswith("spark"):
        spark = session()
        if engine != "spark":
            spark.read.parquet(str(folder)).createOrReplaceTempView("bench")
    if engine == "spark-sql":
        from tests.bench.spark_sql_counts import counts_by_sql

        return lambda: counts_by_sql(spark, "bench", layout)
    source, reader = ("bench", "spark") if engine == "spark-view" else (folder, engine)
    return lambda: counts_of(profile_rows(open_rows(source, engine=reader, where="bench").rows, layout, "now").columns)


def counts_of(columns: Any) -> Counts:
    """Counts as the peer gives them."""
    return {
        name: (*column.counts, column.missing + column.nonfinite) if column.kind == "numeric" else (*column.counts, column.other, column.missing)
        for name, column in columns.items()
    }


def run(engine: str, folder: Path, later: int) -> None:
    """Print a line of JSON for the start and one for each of some jobs."""
    layout = pickle.loads(folder.with_suffix(".layout").read_bytes())
    work = work_of(engine, folder, layout)
    before = 0.0
    for job in ("start", "first", *["later"] * later):
        counts = work() if job != "start" else {}
        used = used_so_far()
        print(json.dumps({"job": job, "seconds": used.seconds - before, "driver": used.driver, "jvm": used.jvm, "worker": used.worker, "counts": counts}))
        before = used.seconds


# -- all of them ------------------------------------------------------------------------------------------------------------


def jobs_of(engine: str, folder: Path, *, later: int = LATER) -> Iterator[dict[str, Any]]:
    """The lines of an engine's process: start, first job, and the best of the later ones."""
    done = subprocess.run([sys.executable, __file__, engine, str(folder), str(later)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr[-3000:]}")
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    yield from lines[:2]
    yield min(lines[2:], key=lambda line: float(line["seconds"]))


def main() -> None:
    """Print a table for each number of rows."""
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home) / "rows"
            write(folder, rows)
            compared(folder, rows)


def compared(folder: Path, rows: int) -> None:
    """Print what each engine takes for the first and the later jobs, beside this process; raises where its counts are others."""
    own: dict[str, Any] = {}
    print(f"{rows:,} rows x {COLUMNS} columns: CPU seconds, of the in-process reader's; peak MB of this process, the JVM, a worker")
    for engine in ENGINES:
        for line in jobs_of(engine, folder):
            own = line if engine == "local" else own
            if line["job"] != "start":
                assert line["counts"] == own["counts"], f"{engine} counts otherwise"
            times = "" if line["job"] == "start" else f"{line['seconds'] / max(own['seconds'], 0.01):6.2f} x"
            peaks = "  ".join(f"{line[each]:6.0f}" for each in ("driver", "jvm", "worker"))
            print(f"{line['seconds']:8.2f}  {times:>8}  {peaks}   {SAID[engine]}, {line['job']}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
