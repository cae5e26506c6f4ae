"""CPU seconds and memory of `keepfit backtest` on the flights, beside bare scikit-learn that does the same fits and scores.

Bars: the first run at most 1.5 times the bare fits and scores of the same run, the second at most 3 CPU seconds. `python tests/bench/bench_backtest.py
OTHER_PYTHON` (or KEEPFIT_BENCH_OLD) measures the five default policies of another checkout before staleness debt in turn: bar .7. All train on all
history. `OMP_NUM_THREADS=1` takes the threads' waiting out of the numbers on a busy machine. KEEPFIT_BENCH_SIZE=tiny only shows that it runs, on a small table.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

import numpy as np
import pandas as pd
from tests.bench.stream_tables import small

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
OURS = "never,calendar,harm,debt,params"
THEIRS = "never,calendar,harm,opportunity,all"
FLIGHTS = ("--template", "flights")


@dataclass(frozen=True)
class Used:
    """What a process took: CPU seconds of all its threads and children, and its largest memory."""

    cpu: float
    megabytes: float

    def __str__(self) -> str:
        """`12.3 CPU s, 456 MB`."""
        return f"{self.cpu:6.1f} CPU s, {self.megabytes:5.0f} MB"


def used(command: list[str], cwd: Path) -> Used:
    """Run a command and return what it took."""
    env = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "KEEPFIT_KEYS": str(cwd / "keys")}
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=words)
        _, status, took = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        assert process.returncode == 0, words.read().decode()[-2000:]
    return Used(took.ru_utime + took.ru_stime, took.ru_maxrss / 1e3)


def project(python: str, folder: Path, init: tuple[str, ...]) -> None:
    """Set a project up that trains on all history."""
    used([python, "-m", "keepfit", "init", str(folder), *init], folder.parent)
    params = folder / "params.yaml"
    text = params.read_text(encoding="utf-8")
    params.write_text(text.replace("recent_windows: 1 ", "recent_windows: null ").replace("  scout: false", "  scout: true"), encoding="utf-8")


# -- bare scikit-learn ------------------------------------------------------------------------------------------------------


def bare(folder: Path) -> None:
    """Fit on the rows up to each window, with and without a fifth of them, and score every later window: a process of its own."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.metrics import mean_absolute_error, roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    from keepfit.flows.project import Project
    from keepfit.flows.rows.sources import live_rows
    from keepfit.tables.frames import to_frame

    found = Project(folder)
    params = found.params
    table = to_frame(live_rows(found, start=None, end=None))
    table = table[table[params.model.target].notna()]
    table = table.assign(_kept=np.random.default_rng(0).random(len(table)) >= params.data.holdout_share)
    parts = [part for _, part in table.groupby(pd.to_datetime(table[params.data.time]).dt.tz_localize(None).dt.to_period("M"))]
    groups = {kind: [name for name, its in params.data.features.items() if its == kind] for kind in ("categorical", "numeric")}
    features, classes = [*groups["categorical"], *groups["numeric"]], params.model.task == "classification"
    kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    texts = OrdinalEncoder(max_categories=60, handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    begun = time.process_time()
    for apart in (False, True):
        for until in range(len(parts) - 1):
            rows = pd.concat([part[part["_kept"]] if apart else part for part in parts[: until + 1]])
            prepare = ColumnTransformer([("texts", texts, groups["categorical"]), ("numbers", "passthrough", groups["numeric"])])
            model = make_pipeline(prepare, kind(**params.train.params, random_state=0, categorical_features=list(range(len(groups["categorical"]))) or None))
            model.fit(rows[features], rows[params.model.target])
            for part in parts[until + 1 :]:
                y, rows_now = part[params.model.target], part[features]
                _ = roc_auc_score(y, model.predict_proba(rows_now)[:, 1]) if classes else mean_absolute_error(y, model.predict(rows_now))
    print(f"fits and scores alone {time.process_time() - begun:.1f} CPU s", file=sys.stderr)


def main(other: str | None) -> None:
    """Measure, and print each with its ratio."""
    with tempfile.TemporaryDirectory(prefix="keepfit-backtest-") as place:
        work, python = Path(place), sys.executable
        init = small(work).init if TINY else FLIGHTS
        project(python, work / "now", init)
        plain = used([python, __file__, "--bare", str(work / "now")], work)
        run = ["-m", "keepfit", "backtest", "--policies", OURS]
        first, second = (used([python, *run], work / "now") for _ in range(2))
        print(f"bare scikit-learn      {plain}")
        print(f"first run              {first}  {first.cpu / plain.cpu:.2f} of bare")
        print(f"second run             {second}")
        if other is not None:
            project(other, work / "before", init)
            before, again = (used([other, *run[:-1], THEIRS], work / "before") for _ in range(2))
            print(f"before, first run      {before}  now / before {first.cpu / before.cpu:.2f}")
            print(f"before, second run     {again}  now / before {second.cpu / again.cpu:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        bare(Path(sys.argv[2]))
    else:
        main(next(iter(sys.argv[1:]), os.environ.get("KEEPFIT_BENCH_OLD")))
