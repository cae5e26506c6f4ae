"""Drawing a recipe's rows from a lake of Parquet by two passes: CPU seconds and peak memory, each in a process of its own, beside composing from all rows.

Rows x 20 columns in twelve files of a month, 50 strata with a quota each, a fifth of the rows without a label; 100,000 rows train, however many there are.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench.bench_compose import MAKE, STRATA, WINDOWS, run

SIZE = os.environ.get("KEEPFIT_BENCH_SIZE")
ROWS = {"tiny": (20_000,), "large": (10_000_000, 30_000_000)}.get(SIZE or "", (10_000_000,))
DRAWN = 100_000

PARAMS = """
import sys
from datetime import datetime
from pathlib import Path
from keepfit.compose.recipe import recipe_of
from keepfit.params import Params
from keepfit.tables.windows import parse_window_id
folder, most, engine = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
params = Params.model_validate({
    "model": {"name": "m", "task": "classification", "target": "y"},
    "data": {"live": {"table": "x", "engine": "local"}, "time": "t", "id": "id", "window": "month", "features": {"x00": "numeric"}},
    "evaluate": {"slices": {"stratum": {"min_rows": None}}},
    "compose": {"use": "mine", "recipes": {"mine": {"rows": {"stratum=*": {"at_most": most // 50}}, "max_rows": most}}},
})
windows = [parse_window_id(f"2013-{month:02d}") for month in range(1, 13)]
"""
DRAW = (
    PARAMS
    + """
from keepfit.compose.drawing.draw import draw
from keepfit.flows.rows.engines import open_rows
rows = open_rows(folder / "windows", engine=engine, where="bench").rows
drawn = draw(rows, windows, params, recipe=recipe_of(params.compose), now=datetime(2014, 1, 1))
assert drawn.table.num_rows == most, drawn.table.num_rows
"""
)
IN_MEMORY = (
    PARAMS
    + """
from keepfit.compose.assemble import CompositionRequest, Sources, compose
from keepfit.flows.stages.compose import write_composed
from keepfit.integrations.tables.window_file import WindowFile
tables = {one.id: WindowFile(folder / "windows" / f"{one.id}.parquet") for one in windows}
sources = Sources(tables=tables, windows=windows, quarantined=(), decisions={})
composed = compose(sources, CompositionRequest(action="improve", target=None), params, id_column="id", recipe=recipe_of(params.compose))
write_composed(composed, folder / "ours", unique="id")
"""
)


def main() -> None:
    """Print both ways."""
    for rows in ROWS:
        with tempfile.TemporaryDirectory(prefix="keepfit-bench-") as folder:
            most = str(min(DRAWN, rows // 10))
            run(MAKE, folder, str(rows), str(WINDOWS), str(STRATA))
            print(f"{int(most):,} of {rows:,} rows x 20 columns, {WINDOWS} windows, {STRATA} quotas")
            for name, script, engine in (("local", DRAW, "local"), ("duckdb", DRAW, "duckdb"), ("composed from all rows here", IN_MEMORY, "local")):
                cpu, memory = run(script, folder, most, engine)
                print(f"{cpu:7.2f} CPU s {memory:6.0f} MB  {name}", flush=True)


if __name__ == "__main__":
    main()
