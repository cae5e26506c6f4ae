"""Composing out of core beside the bare DuckDB query that does the same: CPU seconds and peak memory, each in a process of its own.

Rows x 20 columns in twelve windows, 50 strata with a quota each, a fifth of the labels in tables of their own that are joined by id, sorted Parquet
out. The query writes the rows that train. `compose` also keeps the permanent holdout apart, writes it and the judging rows, and the manifest of all
rows with its digest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

SIZE = os.environ.get("KEEPFIT_BENCH_SIZE")
ROWS = {"tiny": (20_000,), "large": (10_000_000, 30_000_000)}.get(SIZE or "", (10_000_000,))
STRATA, WINDOWS = 50, 12

MAKE = """
import sys
from pathlib import Path
import duckdb
from keepfit.integrations.tables.row_groups import RowGroups
folder, n, windows, strata = Path(sys.argv[1]), *map(int, sys.argv[2:5])
names = [f"x{k:02d}" for k in range(10)]
numbers = ", ".join(f"(hash(i + {k} * 1000003) % 1000000) / 1000.0 as {name}" for k, name in enumerate(names))
whole = ", ".join(f"(hash(i + {k} * 77777777) % 1000)::int as n{k}" for k in range(3))
texts = ", ".join(f"'category ' || (hash(i + {k} * 5555) % 20) as c{k}" for k in range(2))
with duckdb.connect() as base:
    base.execute("set enable_progress_bar = false")
    for at in range(windows):
        low, high = n * at // windows, n * (at + 1) // windows
        when = f"timestamp '2013-01-01' + interval ({at}) month + to_seconds(((i - {low}) * 2400000 / {high - low})::bigint)"
        query = f'''select printf('%016x', hash(i)) as id, {when} as t, case when hash(i + 99) % 5 = 0 then null else (hash(i + 7) % 4 = 0)::double end as y,
            's' || (hash(i + 3) % {strata}) as stratum, {numbers}, {whole}, {texts}, 'text ' || (hash(i + 5) % 1000000) as note
            from range({low}, {high}) t(i) order by id'''
        reader = base.sql(query).to_arrow_reader(1 << 17)
        import pyarrow as pa
        with RowGroups(folder / "windows" / f"2013-{at + 1:02d}.parquet", reader.schema, unique=["id"]) as file:
            for batch in reader:
                file.add(pa.Table.from_batches([batch]))
        late = f"select id, (hash(id) % 3 = 0)::double as y from read_parquet('{folder}/windows/2013-{at + 1:02d}.parquet') where y is null"
        (folder / "labels").mkdir(exist_ok=True)
        base.execute(f"copy ({late}) to '{folder}/labels/2013-{at + 1:02d}.parquet' (format parquet)")
"""

BARE = """
import sys
import duckdb
folder, quota = sys.argv[1], int(sys.argv[2])
rows = f"read_parquet('{folder}/windows/*.parquet', union_by_name=true)"
query = f'''with lowest as (select stratum, unnest(min(hash(id), {quota})) as h from {rows} group by stratum),
    bounds as (select stratum, max(h) as bound from lowest group by stratum)
    select r.* exclude y, coalesce(r.y, l.y) as y from {rows} r join bounds using (stratum) left join read_parquet('{folder}/labels/*.parquet') l using (id)
    where hash(r.id) <= bound order by r.id'''
with duckdb.connect() as base:
    base.execute("set enable_progress_bar = false")
    base.execute(f"copy ({query}) to '{folder}/bare.parquet' (format parquet)")
"""

OURS = """
from keepfit.integrations.programs.memory import from_the_system
from_the_system()
import sys
from pathlib import Path
import pyarrow as pa
from keepfit.compose.assemble import CompositionRequest, Sources, compose
from keepfit.compose.recipe import recipe_of
from keepfit.flows.stages.compose import write_composed
from keepfit.integrations.programs.collector import collect_rarely
from keepfit.integrations.tables import read_table
from keepfit.integrations.tables.window_file import WindowFile
from keepfit.params import Params
from keepfit.tables.join_labels import fill
from keepfit.tables.windows import parse_window_id

class Completed:  # a window's rows with the labels that came later, joined when its labels are read
    def __init__(self, rows, target=None, labels=None):
        self.rows, self.schema, self.num_rows = rows, rows.schema, rows.num_rows
        self.target = fill(rows.select(["id", "y"]), labels, params)["y"].combine_chunks() if target is None else target

    def select(self, columns):
        found = self.rows.select(columns)
        return found.set_column(columns.index("y"), "y", self.target) if "y" in columns else found

    def drop_columns(self, columns):
        return Completed(self.rows.drop_columns(columns), self.target)

    def to_reader(self, max_chunksize=None):
        return pa.RecordBatchReader.from_batches(self.schema, self._batches(max_chunksize))

    def _batches(self, size):
        at, place = 0, self.schema.names.index("y")
        for batch in self.rows.to_reader(max_chunksize=size):
            yield batch.set_column(place, "y", self.target.slice(at, batch.num_rows))
            at += batch.num_rows

collect_rarely()
folder, quota = Path(sys.argv[1]), int(sys.argv[2])
params = Params.model_validate({
    "model": {"name": "m", "task": "classification", "target": "y"},
    "data": {"live": "x", "time": "t", "id": "id", "window": "month", "features": {"x00": "numeric"}},
    "evaluate": {"slices": {"stratum": {"min_rows": None}}},
    "compose": {"use": "quotas", "recipes": {"quotas": {"rows": {"stratum=*": {"at_most": quota}}}}},
})
files = sorted((folder / "windows").glob("*.parquet"))
tables = {file.stem: Completed(WindowFile(file), labels=read_table(folder / "labels" / file.name)) for file in files}
sources = Sources(tables=tables, windows=[parse_window_id(name) for name in tables], quarantined=(), decisions={})
composed = compose(sources, CompositionRequest(action="improve", target=None), params, id_column="id", recipe=recipe_of(params.compose))
write_composed(composed, folder / "ours", unique="id")
"""


def run(script: str, *arguments: str) -> tuple[float, float]:
    """CPU seconds (user and system, all threads) and peak MB of a process."""
    done = subprocess.Popen([sys.executable, "-c", script, *arguments])
    _, status, usage = os.wait4(done.pid, 0)
    done.returncode = os.waitstatus_to_exitcode(status)
    if done.returncode:
        raise SystemExit(done.returncode)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print both, and the ratios."""
    for rows in ROWS:
        with tempfile.TemporaryDirectory(prefix="keepfit-bench-") as folder:
            quota = str(rows // (10 * STRATA))
            run(MAKE, folder, str(rows), str(WINDOWS), str(STRATA))
            bare, ours = run(BARE, folder, quota), run(OURS, folder, quota)
        print(f"{rows:,} rows x 20 columns, {WINDOWS} windows, {STRATA} quotas of {int(quota):,}, {rows // 5:,} late labels")
        print(f"{bare[0]:7.2f} CPU s {bare[1]:6.0f} MB  bare DuckDB")
        print(f"{ours[0]:7.2f} CPU s {ours[1]:6.0f} MB  compose, with holdout, judging rows and manifest: {ours[0] / bare[0]:.2f} x, {ours[1] / bare[1]:.2f} x")


if __name__ == "__main__":
    main()
