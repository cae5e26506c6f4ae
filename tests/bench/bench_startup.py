"""How long a person waits for short commands: wall seconds of `keepfit --help` beside a bare interpreter, CPU seconds of two in a small project; best of n.

`keepfit ticket` and a `keepfit monitor` that has nothing to do run in a project of `made_fleet.py` (30 columns, one judged window, a Parquet file as the live
source, no server). KEEPFIT_BENCH_BEFORE names the interpreter of another keepfit, which is measured in turn.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

REPEATS = 2 if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny" else 10
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "keepfit --help": ["-m", "keepfit", "--help"],
    "keepfit ticket --help": ["-m", "keepfit", "ticket", "--help"],
}
IN_A_PROJECT = {"keepfit ticket": ["ticket"], "keepfit monitor, nothing to do": ["monitor", "--until", "2026-01-26"]}


def best(arguments: list[str]) -> float:
    """Wall-clock seconds of the fastest of `REPEATS` runs."""
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def cpu(python: str, arguments: list[str], folder: Path) -> float:
    """CPU seconds of one run in a project."""
    env = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
    process = subprocess.Popen([python, "-m", "keepfit", *arguments], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return used.ru_utime + used.ru_stime


def in_a_project() -> None:
    """Measure what is quick in a project whose window is judged, with each interpreter in turn."""
    from tests.bench.made_fleet import make_fleet

    pythons = [sys.executable, *filter(None, [os.environ.get("KEEPFIT_BENCH_BEFORE")])]
    with tempfile.TemporaryDirectory() as home:
        folders = [make_fleet(Path(home) / str(number), 1)[0] for number in range(len(pythons))]
        for name, arguments in {"the first": ["monitor", "--until", "2026-01-26"], **IN_A_PROJECT}.items():
            runs = [
                [cpu(python, arguments, folder) for python, folder in zip(pythons, folders, strict=True)] for _ in range(REPEATS if name != "the first" else 1)
            ]
            found = [min(column) for column in zip(*runs, strict=True)]
            if name != "the first":
                print(f"{found[0]:7.3f} CPU s  {name}", *(f"  before {other:.3f}: {found[0] / other:.2f}" for other in found[1:]))


if __name__ == "__main__":
    for name, arguments in COMMANDS.items():
        print(f"{best(arguments):7.3f} s  {name}")
    in_a_project()
