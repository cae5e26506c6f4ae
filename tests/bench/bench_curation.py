"""Rules on single rows: ten million rows under four rules, CPU seconds, beside DuckDB's count of what the same conditions match.

DuckDB answers less: it neither labels nor weighs, and looks for no contradictions; its threads' seconds count.
"""

from __future__ import annotations

import os
import time
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa

from keepfit.compose.curation.curate import Uncurated, curate
from keepfit.compose.curation.rules import curation_of
from keepfit.params.model import ModelParams

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS = 10_000 if TINY else 10_000_000
RULES = {
    "out": {"action": "exclude", "where": "carrier in ['c1', 'c2'] and distance / 2 > 400"},
    "wrong": {"action": "relabel", "value": 1, "where": "time < '1970-01-02' and not carrier == 'c3'"},
    "doubt": {"action": "weight", "value": 0.5, "where": "distance < 0"},
    "named": {"action": "exclude", "rows": ["r00000001", "r00000005"]},
}
SAME = (
    "select count(*) filter (carrier in ('c1', 'c2') and distance / 2 > 400), count(*) filter (time < timestamp '1970-01-02' and carrier <> 'c3'), "
    "count(*) filter (distance < 0), count(*) filter (id in ('r00000001', 'r00000005')) from rows"
)


def main() -> None:
    """Measure both on the same rows, and hold their counts against each other."""
    rng = np.random.default_rng(0)
    rows = pa.table(
        {
            "id": pa.array([f"r{number:08d}" for number in range(ROWS)]),
            "carrier": pa.array([f"c{number}" for number in range(16)]).take(pa.array(rng.integers(0, 16, ROWS))),
            "distance": rng.normal(500, 300, ROWS),
            "time": pa.array(rng.integers(0, 10**15, ROWS), pa.timestamp("us")),
            "y": rng.integers(0, 2, ROWS).astype(float),
        }
    )
    none = np.zeros(ROWS, dtype=np.bool_)
    asked = Uncurated(
        table=rows,
        columns=rows.column_names,
        time="time",
        row_id=rows["id"],
        label=rows["y"].to_numpy(),
        judging=none,
        quarantined=none,
        end=datetime(2013, 1, 1),
        model=ModelParams(name="m", task="classification", target="y"),
    )
    curation = curation_of({"rules": {name: {"author": "a", "reason": "b", "expires": None, **rule} for name, rule in RULES.items()}})
    started = time.process_time()
    made = curate(curation, asked)
    ours = time.process_time() - started
    started = time.process_time()
    counts = duckdb.sql(SAME).fetchall()[0]
    theirs = time.process_time() - started
    matched = {rule.name: rule.matched for rule in made.report(trains=~made.excluded, judges=none, left_out=made.excluded).rules}
    assert counts == (matched["out"], matched["wrong"], matched["doubt"], matched["named"])
    print(f"{ROWS:,} rows, {len(RULES)} rules: {ours:.2f} CPU s; DuckDB's count of what they match: {theirs:.2f} CPU s")


if __name__ == "__main__":
    main()
