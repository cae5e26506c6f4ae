"""keepfit beside the tools people use today, each in an environment of its own under `build/peers/` (about 9 GB, some minutes to install).

`make bench-peers`, or `python tests/bench/peers/run.py [compare] [notebook] [mmd] [slices]`; KEEPFIT_PEERS names another folder for the
environments. CPU seconds, user and system, all threads, all in one run. The
peers run with their defaults and draw nothing, which is to their advantage: keepfit's whole process writes its page.
KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(HERE.parent)]

import bench_notebook  # noqa: E402
from bench_compare import measured, write  # noqa: E402

from keepfit.monitor.detectors.mmd import MeanDiscrepancy  # noqa: E402
from keepfit.slices.codes import CodedColumn  # noqa: E402
from keepfit.slices.scan import Scan  # noqa: E402
from keepfit.slices.search import SliceLimits, best_slice  # noqa: E402
from tables import SIZES, case, planted, sample  # noqa: E402

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
NEEDS = {
    "evidently": ("evidently==0.7.23", "pandas<3", "pyarrow"),  # with pandas 3 it does not import
    "nannyml": ("nannyml==0.13.1", "pyarrow", "statsmodels"),  # statsmodels is not among its own requirements
    "alibi": ("alibi-detect==0.13.0", "torch"),
    "sliceline": ("sliceline==0.3.0",),
}
RUN = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def python_of(peer: str) -> str:
    """Return the interpreter of a peer's environment, made if it is not there."""
    home = Path(os.environ.get("KEEPFIT_PEERS", ROOT / "build" / "peers")) / peer
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDS[peer]], check=True)
        (home / "ready").touch()
    return str(python)


def asked(peer: str, script: str, *arguments: object) -> dict[str, object]:
    """Return what a peer's script prints."""
    done = subprocess.run([python_of(peer), str(HERE / script), *map(str, arguments)], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def compare() -> None:
    """A whole process over two Parquet files, 100,000 rows × 20 columns; the best of three, in turn."""
    rows, columns, repeats = (2_000, 10, 1) if TINY else (100_000, 20, 3)
    spent: dict[str, list[tuple[float, float]]] = {"keepfit": [], "evidently": [], "nannyml": []}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.parquet" for name in ("reference", "current")]
        for seed, file in enumerate(files):
            write(file, rows, columns, seed)
        for _ in range(repeats):
            spent["keepfit"].append(measured(*files)[1:])
            for peer in ("evidently", "nannyml"):
                command = [python_of(peer), str(HERE / f"{peer}_compare.py"), *map(str, files)]
                done = subprocess.run([sys.executable, "-c", RUN, *command], check=True, capture_output=True, text=True)
                seconds, megabytes = map(float, done.stdout.split())
                spent[peer].append((seconds, megabytes))
    ours = min(spent["keepfit"])[0]
    print(f"compare {rows:,} × {columns}, Parquet, whole process")
    for name, runs in spent.items():
        seconds = min(runs)[0]
        print(f"{seconds:8.2f} CPU s  {max(memory for _, memory in runs):6.0f} MB  {name}" + (f": keepfit 1/{seconds / ours:.1f}" if name != "keepfit" else ""))


def notebook() -> None:
    """Two pandas frames to a page in one interpreter: the first call with the import of the library, and the second; the best of three, in turn."""
    ours, theirs = [], []
    for _ in range(bench_notebook.REPEATS):
        ours.append(bench_notebook.measured())
        theirs.append(asked("evidently", "evidently_notebook.py", bench_notebook.ROWS, bench_notebook.COLUMNS))
    print(f"two frames of {bench_notebook.ROWS:,} × {bench_notebook.COLUMNS} to HTML, one interpreter")
    for call in ("first", "again"):
        mine, other = min(run[call] for run in ours), min(float(run[call]) for run in theirs)  # type: ignore[arg-type]
        print(f"{mine:8.2f} CPU s  keepfit, {call} (cell and page of {ours[0]['bytes']:,.0f} bytes)")
        print(f"{other:8.2f} CPU s  evidently, {call} (page of {theirs[0]['bytes']:,} bytes): keepfit 1/{other / mine:.1f}")


def mmd() -> None:
    """MMD by permutations, and on how many seeded cases both decide alike at .05."""
    rows, columns, permutations = (200 if TINY else 5_000), 32, (20 if TINY else 100)
    cases, case_rows = (4 if TINY else 50), (100 if TINY else 400)
    told = asked("alibi", "alibi_mmd.py", rows, columns, permutations, cases, case_rows)
    detector = MeanDiscrepancy(permutations=permutations, stop=None)
    spent = []
    for _ in range(3):
        started = time.process_time()
        detector.compare(*sample(rows, columns), rng=np.random.default_rng(0))
        spent.append(time.process_time() - started)
    decisions = [(detector.compare(*case(seed, case_rows, columns), rng=np.random.default_rng(seed)).p_value or 0.0) <= 0.05 for seed in range(cases)]
    theirs, alike = list(told["decisions"]), sum(a == b for a, b in zip(told["decisions"], decisions, strict=True))  # type: ignore[call-overload]
    print(f"MMD {rows:,} vs {rows:,}, {columns} columns, {permutations} permutations")
    print(f"{min(spent):8.3f} CPU s  keepfit")
    print(f"{told['seconds']:8.3f} CPU s  alibi-detect: keepfit 1/{float(told['seconds']) / min(spent):.0f}")  # type: ignore[arg-type]
    print(f"alike on {alike} of {cases} seeded cases (a change found: alibi-detect {sum(theirs)}, keepfit {sum(decisions)})")


def slices() -> None:
    """The best slice of two literals: the time of both, and in how many planted cases it is the same; with large slices, and with small ones."""
    for sizes, share in (((2, 4), "6 to 17 %"), ((3, 6), "3 to 11 %")):
        _slices(sizes, share)


def _slices(sizes: tuple[int, int], share: str) -> None:
    rows, cases = (5_000, 2) if TINY else (100_000, 20)
    same, found, found_by_them, ours, theirs = 0, 0, 0, [], []
    for seed in range(cases):
        codes, errors, there = planted(seed, rows, sizes)
        columns = [CodedColumn(f"c{i}", tuple(f"c{i}={v}" for v in range(size)), codes[i]) for i, size in enumerate(SIZES)]
        started = time.process_time()
        best = best_slice(Scan(columns, errors, rows // 100), SliceLimits())
        ours.append(time.process_time() - started)
        mine = set() if best is None else set(best.literals)
        top, seconds = _their_slice(codes, errors)
        theirs.append(seconds)
        same, found, found_by_them = same + (mine == top), found + (mine == there), found_by_them + (top == there)
    print(f"slices of two literals, {rows:,} × {len(SIZES)}, the median of {cases} cases with a slice of {share} of the rows planted")
    print(f"{np.median(ours):8.3f} CPU s  keepfit")
    print(f"{np.median(theirs):8.3f} CPU s  sliceline: keepfit 1/{np.median(theirs) / np.median(ours):.0f}")
    print(f"the same slice in {same} of {cases}; it is the planted one with keepfit in {found}, with sliceline in {found_by_them}")


def _their_slice(codes: list[np.ndarray], errors: np.ndarray) -> tuple[set[tuple[int, int]], float]:
    """The literals that sliceline names first, and its CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        held = Path(folder) / "planted.npz"
        np.savez(held, codes=np.column_stack(codes) + 1, errors=errors)
        told = asked("sliceline", "sliceline_top.py", held)
    return {(column, value - 1) for column, value in enumerate(told["top"]) if value is not None}, float(told["seconds"])  # type: ignore[arg-type, var-annotated]


if __name__ == "__main__":
    for name in sys.argv[1:] or ["compare", "notebook", "mmd", "slices"]:
        {"compare": compare, "notebook": notebook, "mmd": mmd, "slices": slices}[name]()
