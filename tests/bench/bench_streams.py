"""Policies on real streams, through the public command, in projects as `keepfit init` writes them: no setting is tuned to a stream.

Budgets total 2, 3, 4, 6 and 8 trainings over a stream (`reviews:N`, N a year). Each line: trainings made, score, the share of the best-in-hindsight gain
over never retraining with as many, and what evenly spaced and random schedules with as many come to. Below, the means over the budgets.

    KEEPFIT_STREAMS=FOLDER python tests/bench/bench_streams.py [NAME …]

`stream_tables.py` says what the folder holds; what it lacks is skipped and named. KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench.stream_tables import Stream, small, streams

BUDGETS = (2, 3, 4, 6, 8)
COLUMNS = ("policy", "trainings", "score", "share", "best", "spaced", "random", "95 %")


def keepfit(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    """Run the command and return what it printed."""
    told = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "KEEPFIT_KEYS": str(cwd / "keys"), **env}
    done = subprocess.run([sys.executable, "-m", "keepfit", *arguments], cwd=cwd, env=told, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def backtest(stream: Stream, work: Path) -> dict[str, Any]:
    """Set the project up and judge the policies."""
    place = work / stream.name.replace(" ", "-")
    keepfit("init", str(place), *stream.init, cwd=work, env=stream.env)
    budgets = [f"reviews:{budget / stream.years:.10g}" for budget in BUDGETS]
    return dict(json.loads(keepfit("backtest", "--policies", ",".join(["never", "calendar", "params", *budgets]), "--json", cwd=place, env=stream.env)))


def told(stream: Stream, found: dict[str, Any]) -> dict[str, float]:
    """Print a stream's lines; return the means over its budgets."""
    policies = found["policies"]
    print(f"\n{stream.name} ({found['metric']}, {stream.years:.1f} years)")
    print(f"{COLUMNS[0]:>40}", *(f"{name:>14}" for name in COLUMNS[1:]))
    for name, one in policies.items():
        same = one["same_trainings"]
        cells = (one["score"], one["share"], same["best"], same["spaced"], same["random_mean"], same["random_high"])
        print(f"{name:>40} {one['trainings']:>14}", *(f"{'–':>14}" if cell is None else f"{cell:>14.4f}" for cell in cells))
    asked = [one for name, one in policies.items() if name.startswith("reviews:")]
    sign = 1.0 if policies["calendar"]["score"] > policies["never"]["score"] else -1.0
    gains = {name: sum(sign * (one["score"] - one["same_trainings"][name]) for one in asked) / len(asked) for name in ("spaced", "random_mean", "random_high")}
    over = max(one["trainings"] - budget for one, budget in zip(asked, BUDGETS, strict=True))
    shares = [one["share"] for one in asked if one["share"] is not None]
    means = {"share": sum(shares) / len(shares) if shares else 0.0, "over the budget": float(over), **{f"above {name}": gain for name, gain in gains.items()}}
    print(f"{'means over the budgets':>40} ", *(f"{name} {value:+.4f}" for name, value in means.items()), sep="  ")
    return means


def main(names: list[str]) -> None:
    """Judge the streams that are at hand, or those that are named."""
    shares = []
    with tempfile.TemporaryDirectory(prefix="keepfit-streams-") as folder:
        work = Path(folder)
        for stream in [small(work)] if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny" else streams(work):
            if isinstance(stream, str):
                print(stream)
            elif not names or stream.name in names:
                shares.append(told(stream, backtest(stream, work))["share"])
    if shares:
        print(f"\nmean share over {len(shares)} streams {sum(shares) / len(shares):.2f}, worst {min(shares):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
