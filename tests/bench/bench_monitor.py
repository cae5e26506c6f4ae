"""CPU seconds of `keepfit monitor` of one month and of `keepfit improve`, children included, on the flights; best of n.

`python tests/bench/bench_monitor.py OTHER_PYTHON` (or KEEPFIT_BENCH_OLD) measures another checkout's interpreter in turn and prints ratios.
KEEPFIT_BENCH_SIZE=tiny only shows that it runs, on a small table and without a server.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

REPEATS = 3
BUILT_UNTIL, UNTIL = "2013-03-01", "2013-04-01"
WAIT_S = 180
FINE = (0, 3, 4)  # exit codes of `keepfit monitor`


def measured(python: str, *arguments: str, cwd: Path, env: dict[str, str]) -> tuple[float, str]:
    """CPU seconds of one command and all that it starts, and what it printed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as words:
        process = subprocess.Popen([python, "-m", "keepfit", *arguments], cwd=cwd, env=env, stdout=out, stderr=words)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        assert process.returncode in FINE, words.read().decode()[-2000:]
        out.seek(0)
        return used.ru_utime + used.ru_stime, out.read().decode()


# -- the flights --------------------------------------------------------------------------------------------------------


def environment(python: str, home: Path, uri: str) -> dict[str, str]:
    """This installation first on PATH, the demo's keys and server, nothing told to anybody."""
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    return {
        **os.environ,
        "PATH": path,
        "KEEPFIT_KEYS": str(home / "keys"),
        "MLFLOW_TRACKING_URI": uri,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }


def build(python: str, home: Path) -> str:
    """Run the demo up to its second month; its server's address."""
    command = [python, "-m", "keepfit", "demo", "--dir", str(home), "--until", BUILT_UNTIL, "--json"]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    shutil.copytree(home, home.with_suffix(".built"), symlinks=True)
    return str(told["server"])


@contextmanager
def restored(python: str, home: Path, uri: str) -> Iterator[dict[str, str]]:
    """The project as it was built, with its server running."""
    shutil.rmtree(home)
    shutil.copytree(home.with_suffix(".built"), home, symlinks=True)
    env = environment(python, home, uri)
    command = [python, "-m", "keepfit", "server", "--port", uri.rpartition(":")[2], "--rules", "../flights/gate.yaml"]
    server = subprocess.Popen(command, cwd=home / "server", env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + WAIT_S
        while not healthy(uri):
            assert time.monotonic() < until, "the server did not come up"
            time.sleep(0.2)
        yield env
    finally:
        os.killpg(server.pid, 15)
        server.wait(WAIT_S)


def healthy(uri: str) -> bool:
    """Whether the server answers."""
    try:
        with urllib.request.urlopen(f"{uri}/health", timeout=3) as answer:
            return answer.status == 200
    except OSError:
        return False


def one_month(python: str, home: Path, uri: str) -> dict[str, float]:
    """Monitor March, then retrain for its ticket."""
    with restored(python, home, uri) as env:
        seconds, said = measured(python, "monitor", "--until", UNTIL, "--json", cwd=home / "flights", env=env)
        ticket = next(each["id"] for each in json.loads(said)["tickets"] if each["action"] == "improve")
        return {"keepfit monitor, one month": seconds, "keepfit improve": measured(python, "improve", ticket, cwd=home / "flights", env=env)[0]}


def flights(pythons: list[str]) -> None:
    """The best of some runs of each interpreter, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {python: Path(folder) / f"demo-{number}" for number, python in enumerate(pythons)}
        uris = {python: build(python, home) for python, home in homes.items()}
        runs: dict[str, list[dict[str, float]]] = {python: [] for python in pythons}
        for _ in range(REPEATS):
            for python in pythons:
                runs[python].append(one_month(python, homes[python], uris[python]))
    for work in runs[pythons[0]][0]:
        best = [min(run[work] for run in runs[python]) for python in pythons]
        print(f"{best[0]:7.2f} CPU s  {work}", *(f"  against {other:.2f}: {best[0] / other:.2f}" for other in best[1:]))


# -- a small table ------------------------------------------------------------------------------------------------------


def tiny() -> None:
    """The same commands on a small project, whose registry is a file."""
    from tests.flows.projects import TICKET, make_project, promote_first

    os.environ.update(GIT_AUTHOR_NAME="b", GIT_AUTHOR_EMAIL="b@example.com", GIT_COMMITTER_NAME="b", GIT_COMMITTER_EMAIL="b@example.com")
    with tempfile.TemporaryDirectory() as folder:
        small = make_project(Path(folder))
        promote_first(small)
        small.keepfit("sync")
        small.git("commit", "-qam", "Pin")
        for work in (("monitor", "--until", "2026-03-01"), ("improve", TICKET)):
            seconds, _ = measured(sys.executable, *work, cwd=small.root, env=small.env)
            print(f"{seconds:7.2f} CPU s  keepfit {' '.join(work)}, small")


def main() -> None:
    """Measure this interpreter, and another one if it is named."""
    if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny":
        tiny()
    else:
        flights([sys.executable, *(sys.argv[1:] or filter(None, [os.environ.get("KEEPFIT_BENCH_OLD")]))])


if __name__ == "__main__":
    main()
