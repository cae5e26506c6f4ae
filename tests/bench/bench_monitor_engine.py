"""`keepfit monitor` of one window of five million rows that stay with an engine: the driver's own memory, CPU and wall time, and that engines say the same.

`python tests/bench/bench_monitor_engine.py [local duckdb spark]`: each engine closes the window in a process of its own. `own MB` is the peak of that
process without what it started (the JVM, its workers); so are `own CPU s`, as Spark still runs when they are read. KEEPFIT_BENCH_SIZE=tiny only shows
that it runs, and starts no JVM.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS, FILES, LEARNED, DRAWN = (12_000, 2, 2_000, 1_000) if TINY else (5_000_000, 10, 50_000, 100_000)
NUMBERS, WORDS = 15, 3
MOST_MB = 600
PARAMS = """
model: {{name: lake, task: classification, target: y}}
data: {{live: {{table: lake, engine: {engine}}}, sample_rows: {drawn}, time: t, id: id, window: month, features: {{{features}}}}}
train: {{estimator: sklearn.linear_model.LogisticRegression, params: {{}}}}
evaluate: {{metric: roc_auc, min_rows: 50}}
update: {{scout: false, price: 0.1, max_age_days: null}}
mlflow: {{tracking_uri: "http://127.0.0.1:9"}}
"""


def table_of(rows: int, first: datetime, days: float, seed: int) -> pa.Table:
    """Rows in the order of time, twenty columns and an id."""
    rng = np.random.default_rng(seed)
    micros = np.sort(rng.integers(0, int(days * 86_400_000_000), rows))
    columns = {"id": pa.array([f"{seed}-{row}" for row in range(rows)]), "t": np.datetime64(first, "us") + micros.astype("timedelta64[us]")}
    numbers = rng.normal(size=(NUMBERS, rows))
    columns |= {f"n{each}": numbers[each] for each in range(NUMBERS)}
    columns |= {f"c{each}": pa.array([f"w{code}" for code in range(30)]).take(pa.array(rng.integers(0, 30, rows))) for each in range(WORDS)}
    return pa.table({**columns, "y": (rng.random(rows) < 1 / (1 + np.exp(-2 * numbers[0]))).astype(np.int64)})


def make(root: Path) -> None:
    """A project with a champion of January, and February in the lake."""
    from keepfit.flows.models.training import train_once
    from keepfit.flows.project import Project
    from keepfit.integrations.tables import write_parquet
    from keepfit.records import Baseline, Pin, to_json

    write_params(root, "local")
    train_once(Project(root).params, table_of(LEARNED, datetime(2013, 1, 1), 31, 0).to_pandas(), root / "models" / "champion")
    until = datetime(2013, 2, 1)
    pin = Pin(model="lake", version="1", digest=f"sha256:{'a' * 64}", trained_until=until, evaluated_until=until, metric="roc_auc", value=0.8)
    (root / "baseline.json").write_text(to_json(Baseline(champion=pin)))
    (root / "expectations").mkdir()
    (root / "expectations" / "windows.yaml").write_text("{}\n")
    for file in range(FILES):
        days = 28 / FILES
        write_parquet(table_of(ROWS // FILES, until + timedelta(days=days * file), days, file + 1), root / "lake" / f"{file:02}.parquet")


def write_params(root: Path, engine: str) -> None:
    """The same project, its rows left with another engine."""
    features = ", ".join([*(f"n{each}: numeric" for each in range(NUMBERS)), *(f"c{each}: categorical" for each in range(WORDS))])
    (root / "params.yaml").write_text(PARAMS.format(engine=engine, drawn=DRAWN, features=features))


def monitored(root: Path) -> dict[str, object]:
    """Close the window in this process; what it cost, and digests of what was found and drawn."""
    from keepfit.flows.monitoring.monitor import monitor
    from keepfit.flows.project import Project
    from keepfit.records import to_data

    os.environ.pop("MLFLOW_TRACKING_URI", None)
    begun = time.monotonic()
    told = monitor(Project(root), until=datetime(2013, 3, 1), say=lambda _line: None)
    own = resource.getrusage(resource.RUSAGE_SELF)
    if not told.windows:
        raise SystemExit("; ".join(map(str, told.failed)))
    (window,) = told.windows
    counts = json.loads((root / ".keepfit" / "windows" / "2013-02.counts.json").read_text())["profile"]["columns"]
    counted = {name: [column["counts"], column["n"], column["missing"]] for name, column in counts.items()}
    return {
        "rows": window.rows,
        "labelled": window.labelled,
        "own MB": round(own.ru_maxrss / 1024),
        "own CPU s": round(own.ru_utime + own.ru_stime, 1),
        "wall s": round(time.monotonic() - begun, 1),
        "counts": hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()[:12],
        "drawn": hashlib.sha256((root / ".keepfit" / "windows" / "2013-02.parquet").read_bytes()).hexdigest()[:12],
        "decision": to_data(window)["decision"]["action"],
    }


def forget(root: Path) -> None:
    """The project as if the window had never been closed."""
    subprocess.run(["rm", "-rf", str(root / ".keepfit"), str(root / "reports")], check=True)


def tiny() -> None:
    """One engine in this process."""
    with tempfile.TemporaryDirectory(prefix="keepfit-bench-") as folder:
        make(Path(folder))
        write_params(Path(folder), "duckdb")
        print("duckdb", monitored(Path(folder)))


def main(engines: list[str]) -> None:
    """Measure each engine in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="keepfit-bench-") as folder:
        root = Path(folder)
        subprocess.run([sys.executable, __file__, "--make", folder], check=True)
        found = {}
        for engine in engines:
            forget(root)
            write_params(root, engine)
            done = subprocess.run([sys.executable, __file__, "--run", folder], check=True, stdout=subprocess.PIPE, text=True)
            found[engine] = json.loads(done.stdout.splitlines()[-1])
            print(engine, " · ".join(f"{name} {value}" for name, value in found[engine].items()), flush=True)
    said = {tuple(one[name] for name in ("rows", "labelled", "counts", "drawn", "decision")) for one in found.values()}
    assert len(said) == 1, "engines do not say the same"
    over = [engine for engine, one in found.items() if int(one["own MB"]) > MOST_MB]
    print(f"own memory at most {MOST_MB} MB: {'no, ' + ', '.join(over) if over else 'yes'}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["--run"]:
        print(json.dumps(monitored(Path(sys.argv[2]))))
    elif TINY:
        tiny()
    else:
        main(sys.argv[1:] or ["local", "duckdb", "spark"])
