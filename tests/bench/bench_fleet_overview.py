"""`keepfit fleet`, whole process: CPU and wall seconds, best of n, over projects on one ledger with two years of monthly windows each.

Params are the template's, a window's record holds 60 pieces of evidence. `KEEPFIT_BENCH_LEDGER` names another ledger than an SQLite file: an empty database.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Baseline, Decision, Evidence, JudgedWindow, Pin, to_json
from keepfit.tables.windows import parse_window_id

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
SIZES, REPEATS = ((3,), 1) if TINY else ((20, 200), 5)
TEMPLATE = Path(__file__).resolve().parents[2] / "params.yaml"
WINDOWS = [f"{year}-{month:02d}" for year in (2012, 2013) for month in range(1, 13)]


def make(home: Path, models: int, uri: str) -> None:
    """Make the projects and what their ledger holds."""
    text = TEMPLATE.read_text().replace("sqlite:///.keepfit/ledger.db", uri)
    seen = Evidence(kind="data", subject="x", detector="ks", statistic=0.1, effect=0.01, p_value=0.5, n=1000, n_reference=9000, detail="x" * 60)
    ledger = Ledger(uri)
    for name in (f"m{number:04}" for number in range(models)):
        root = home / "models" / name
        root.mkdir(parents=True)
        (root / "params.yaml").write_text(text.replace("name: flights-late", f"name: {name}"))
        pin = Pin(model=name, version="3", digest="sha256:aa", trained_until=datetime(2012, 1, 1), evaluated_until=None)
        (root / "baseline.json").write_text(to_json(Baseline(champion=pin)))
        with ledger.transaction() as book:
            for window in WINDOWS:
                decision = Decision(window=window, action="continue", ground=None, cause=None, target=None, reasons=("nothing changed",))
                about = {"model": name, "champion": pin.digest, "version": "3", "window": parse_window_id(window, source="rows"), "decision": decision}
                book.record_window(JudgedWindow(status="seen", rows=1000, labelled=900, evidence=(seen,) * 60, **about))
    ledger.close()
    (home / "fleet.yaml").write_text("projects: [models/*]\n")


def cost(home: Path) -> tuple[float, float]:
    """CPU and wall seconds of one run."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "keepfit", "fleet", "--until", "2014-01-10"], cwd=home, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - started


if __name__ == "__main__":
    for models in SIZES[-1:] if os.environ.get("KEEPFIT_BENCH_LEDGER") else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            make(home, models, os.environ.get("KEEPFIT_BENCH_LEDGER") or f"sqlite:///{home}/ledger.db")
            cpu, wall = (min(seconds) for seconds in zip(*(cost(home) for _ in range(REPEATS)), strict=True))
            print(f"{models:5} models: {cpu:6.2f} CPU s, {wall:6.2f} s")
