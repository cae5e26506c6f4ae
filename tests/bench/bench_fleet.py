"""`keepfit fleet monitor` over many small projects: wall and CPU seconds and memory together, against `keepfit monitor` once in each.

`python tests/bench/bench_fleet.py [MODELS]` (default 200): 30 columns, one closed window of 1,000 labelled rows and 60 expectations each, one SQLite ledger,
no MLflow server. `monitor` is run in some of the same projects, in turn with the fleet, and its time multiplied. KEEPFIT_BENCH_BEFORE names the interpreter of
another keepfit whose `monitor` is measured too. KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
UNTIL = "2026-01-26"
ALONE = 1 if TINY else 6
FINE = (0, 3, 4)


def measured(python: str, *arguments: str, cwd: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds with all children, and the largest memory together in MB (shared pages once) of one command."""
    env = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen([python, "-m", "keepfit", *arguments], cwd=cwd, env=env, stdout=words, stderr=words)
        peak = [0.0]
        watch = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.join()
        words.seek(0)
        assert process.returncode in FINE, words.read().decode()[-2000:]
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, peak[0]


def _watch(pid: int, peak: list[float]) -> None:
    """Note the largest sum of proportional memory of a process and its children, a look every quarter of a second."""
    while (now := together(pid)) is not None:
        peak[0] = max(peak[0], now)
        time.sleep(0.25)


def together(pid: int) -> float | None:
    """MB of a process and its children now, each shared page counted once; None once it is gone."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        sizes = [_proportional(int(each)) for each in (pid, *children)]
    except OSError:
        return None
    return None if sizes[0] is None else sum(filter(None, sizes))


def _proportional(pid: int) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), None)


def copied(home: Path, name: str) -> Path:
    """The fleet as it was made, elsewhere, on a ledger of its own."""
    to = home.with_name(name)
    shutil.copytree(home, to)
    for params in to.glob("*/params.yaml"):
        params.write_text(params.read_text().replace(f"sqlite:///{home}/", f"sqlite:///{to}/"))
    return to


def alone(python: str, home: Path, count: int) -> tuple[float, float]:
    """Mean wall and CPU seconds of `keepfit monitor`, one project after the other."""
    runs = [measured(python, "monitor", "--until", UNTIL, cwd=folder) for folder in sorted(home.glob("model-*"))[:count]]
    return sum(run[0] for run in runs) / count, sum(run[1] for run in runs) / count


def main(models: int) -> None:
    """Make the fleet, and measure both ways on copies of it."""
    from tests.bench.made_fleet import make_fleet

    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        make_fleet(made, models)
        before = os.environ.get("KEEPFIT_BENCH_BEFORE")
        pythons = {"keepfit monitor": sys.executable} | ({"keepfit monitor, before": before} if before else {})
        single = {name: alone(python, copied(made, f"alone-{number}"), ALONE) for number, (name, python) in enumerate(pythons.items())}
        whole = copied(made, "together")
        wall, cpu, memory = measured(sys.executable, "fleet", "monitor", "--until", UNTIL, cwd=whole)
        still, still_cpu, _ = measured(sys.executable, "fleet", "monitor", "--until", UNTIL, cwd=whole)
    print(f"{wall:7.1f} s wall, {cpu:.1f} CPU s, {memory:,.0f} MB together: keepfit fleet monitor, {models} models, {os.cpu_count()} cores")
    print(f"{still:7.1f} s wall, {still_cpu:.1f} CPU s: once more, nothing to do")
    for name, (seconds, used) in single.items():
        share = f"the fleet takes {wall / (models * seconds):.3f} of its wall time, {cpu / (models * used):.3f} of its CPU"
        print(f"{models * seconds:7.1f} s wall, {models * used:.1f} CPU s: {models} x {name} ({ALONE} measured); {share}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3 if TINY else 200)
