"""What the gate costs: two running servers, stock MLflow and keepfit, asked in turn; medians, their ratio, and the bound that is promised.

A bound that is missed is reported, not an error: other programs on the machine count too. What does not run is an error.
Words choose rows: `reads`, `writes`, `alias` (of a small model), `large` (of 200 MB), `starts`; none means all.
With KEEPFIT_BENCH_BEFORE=PYTHON, the interpreter of another keepfit, only `before`: that keepfit and this one, the click and `keepfit gate explain`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from keepfit.gate.certificate import tree_digest, unsigned

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only
from tests.certificates import certificate, pinned

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
CALLS = 6 if TINY else 200
LARGE_BYTES = 2_000_000 if TINY else 200_000_000
LARGE_CALLS = 2 if TINY else 20
STARTS = 1 if TINY else 5
EXPLAINS = 3 if TINY else 12
WARM_UP = 2 if TINY else 10
WAIT_S = 180
MEGABYTE = 1_000_000
SESSION, TIMES = 3, slice(11, 15)  # of /proc/PID/stat after the name: session; user and system ticks, own and of children waited for

FREE, SMALL, LARGE = "free", "gated-small", "gated-large"
RULES = "models: {'gated-*': {trust: self, rules: {overall: {kind: not_worse_than, metric: '*', slice: overall, bound: 0.0}}}}\n"
QUIET = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
API = "/api/2.0/mlflow"
NOW = datetime.now(UTC)


# -- two servers ---------------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A running server: how it is started, how it is asked."""

    name: str
    home: Path
    options: tuple[str, ...]
    python: str = sys.executable

    def start(self) -> float:
        """Start, wait until it answers, and return the seconds that took."""
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.home.mkdir(exist_ok=True)
        command = [self.python, "-m", *self.options, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        started = time.perf_counter()
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.home, env={**os.environ, **QUIET}, stdout=log, stderr=log, start_new_session=True)
        self._wait(started + WAIT_S)
        self.session = requests.Session()
        return time.perf_counter() - started

    def _wait(self, until: float) -> None:
        while time.perf_counter() < until and self.process.poll() is None:
            try:
                if requests.get(f"{self.url}/health", timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.02)
        raise RuntimeError(f"the {self.name} server did not come up:\n" + (self.home / "server.log").read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        """End the server and all that it started."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sent)
                self.process.wait(20)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue

    def ask(self, method: str, path: str, **about: Any) -> Any:
        """One REST call over a connection that is kept."""
        sent = {"params": about} if method == "GET" else {"json": about}
        answer = self.session.request(method, f"{self.url}{API}/{path}", timeout=WAIT_S, **sent)
        if not answer.ok:
            raise RuntimeError(f"{self.name}: {method} {path} {about}: {answer.status_code} {answer.text[:400]}")
        return answer.json()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def two_servers(home: Path) -> tuple[Server, Server]:
    """Return stock MLflow and keepfit with the same options: one worker, SQLite, proxied artifacts."""
    rules = home / "gate.yaml"
    rules.write_text(RULES)
    places = ("--backend-store-uri", f"sqlite:///{home / 'stock' / 'mlflow.db'}", "--artifacts-destination", str(home / "stock" / "artifacts"))
    stock = Server("stock", home / "stock", ("mlflow", "server", *places, "--serve-artifacts"))
    return stock, Server("keepfit", home / "keepfit", ("keepfit", "server", "--rules", str(rules)))


# -- the same models on both -----------------------------------------------------------------------------------------------


def register(server: Server, model: str, folder: Path, *, versions: int = 2) -> str:
    """Make a model with that many versions of one folder's files, uploaded to one run; returns the run's id."""
    from mlflow import MlflowClient

    client = MlflowClient(server.url, server.url)
    run = client.create_run("0").info
    client.log_artifacts(run.run_id, str(folder), "model")
    server.ask("POST", "registered-models/create", name=model)
    for _ in range(versions):
        server.ask("POST", "model-versions/create", name=model, source=f"{run.artifact_uri}/model", run_id=run.run_id)
    return str(run.run_id)


def certify(server: Server, model: str, version: int, folder: Path, *, run: str, against: int | None) -> None:
    """Upload a self-attested certificate of one version, compared with another (None: a first model)."""
    from mlflow import MlflowClient

    digest = tree_digest((path.relative_to(folder).as_posix(), _sha256(path)) for path in folder.rglob("*") if path.is_file())
    pin = None if against is None else pinned(model, against, digest)
    made = certificate(model, version, digest, champion=pin, issued=datetime.now(UTC))
    with tempfile.TemporaryDirectory() as scratch:
        signed = unsigned(made)
        path = Path(scratch, signed.file_name)
        path.write_text(signed.statement.text)
        MlflowClient(server.url, server.url).log_artifact(run, str(path), "keepfit")


def move(server: Server, model: str, version: int) -> None:
    """Set the champion."""
    server.ask("POST", "registered-models/alias", name=model, alias="champion", version=str(version))


def make_movable(servers: tuple[Server, Server], model: str, folder: Path) -> None:
    """Versions 1 and 2, each certified against the other, so that every move in turn is a promotion."""
    runs = {server.name: register(server, model, folder) for server in servers}
    for version, against in ((1, None), (2, 1), (1, 2)):
        for server in servers:
            certify(server, model, version, folder, run=runs[server.name], against=against)
            move(server, model, version)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files(folder: Path, size: int) -> Path:
    """A model directory with one large file."""
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}\n")
    (folder / "weights.bin").write_bytes(os.urandom(size))
    return folder


# -- measuring -------------------------------------------------------------------------------------------------------------


def seconds(call: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def interleaved(servers: tuple[Server, Server], call: Callable[[Server, int], object], *, count: int = CALLS) -> list[float]:
    """Median seconds of each server; they take turns, and in who comes first."""
    taken: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(-min(WARM_UP, count), count):
        for server in servers if number % 2 else reversed(servers):
            taken[server.name].append(seconds(lambda: call(server, number)))  # noqa: B023 - called before the next turn
    return [statistics.median(taken[server.name][-count:]) for server in servers]


def report(work: str, stock: float, ours: float, *, bound: float | None, unit: str = "ms") -> None:
    """One row of the table; without a bound nothing is promised."""
    factor = 1000 if unit == "ms" else 1
    ratio = ours / stock
    judged = "" if bound is None else f"{bound:6.2f}  {'ok' if ratio <= bound else 'missed'}"
    print(f"{work:<44} {stock * factor:9.2f} {unit:<3}{ours * factor:9.2f} {unit:<3}{ratio:7.3f} {judged}".rstrip(), flush=True)


def measure_noise(servers: tuple[Server, Server]) -> None:
    """A call that reads the tracking store and never meets the gate: what its ratio differs from 1 is the machine's noise."""
    times = interleaved(servers, lambda server, _: server.ask("GET", "experiments/get", experiment_id="0"))
    report("get experiment (no gate there: the noise)", *times, bound=None)


def measure_reads(servers: tuple[Server, Server]) -> None:
    """Reading calls of an unprotected model; and of a champion, which on keepfit's server carries tags and text that stock's does not."""
    calls: dict[str, Callable[[Server, int], object]] = {
        "get_model_version": lambda server, _: server.ask("GET", "model-versions/get", name=FREE, version="1"),
        "search_model_versions": lambda server, _: server.ask("GET", "model-versions/search", filter=f"name = '{FREE}'"),
        "get_model_version_by_alias": lambda server, _: server.ask("GET", "registered-models/alias", name=FREE, alias="champion"),
        "the same, a champion with its verdict": lambda server, _: server.ask("GET", "registered-models/alias", name=SMALL, alias="champion"),
    }
    for server in servers:
        move(server, FREE, 1)
    for name, call in calls.items():
        report(name, *interleaved(servers, call), bound=1.05)


def measure_writes(servers: tuple[Server, Server], runs: dict[str, str]) -> None:
    """Writing calls that touch nothing protected."""

    def tag(server: Server, number: int) -> None:
        server.ask("POST", "model-versions/set-tag", name=FREE, version="1", key="number", value=str(number))

    def alias(server: Server, number: int) -> None:
        move(server, FREE, 1 + number % 2)

    def create(server: Server, _: int) -> None:
        source = f"mlflow-artifacts:/0/{runs[server.name]}/artifacts/model"
        server.ask("POST", "model-versions/create", name=FREE, source=source, run_id=runs[server.name])

    for name, call in {"set_model_version_tag": tag, "set_registered_model_alias": alias, "create_model_version": create}.items():
        report(f"{name}, unprotected", *interleaved(servers, call), bound=1.10)


def measure_small(servers: tuple[Server, Server]) -> None:
    """The protected alias of a small model, moved to and fro."""
    times = interleaved(servers, lambda server, number: move(server, SMALL, 1 + number % 2))
    report("protected alias, small model", *times, bound=2.5)


def measure_large(servers: tuple[Server, Server], folder: Path) -> None:
    """The protected alias of a large model, against hashing its file three times; and what memory that takes."""
    weights = folder / "weights.bin"

    def call(server: Server, number: int) -> None:
        move(server, LARGE, 1 + number % 2)

    def hashed() -> None:
        subprocess.run(["sha256sum", str(weights)], check=True, stdout=subprocess.DEVNULL)

    with peak_memory(servers[1]) as extra:
        plain, ours = interleaved(servers, call, count=LARGE_CALLS)
    allowed = 3 * statistics.median(seconds(hashed) for _ in range(LARGE_CALLS)) + plain
    size = f"{LARGE_BYTES // MEGABYTE} MB"
    report(f"protected alias, {size}: 3 x sha256sum + plain", allowed, ours, bound=0.2)
    memory = f"{extra[0] / MEGABYTE:9.2f} MB" if extra else "not measured: no /proc"
    print(f"{f'protected alias, {size}: extra memory':<44} {'':>12} {memory} {'':>7} {100:>6}  {'ok' if extra and extra[0] <= 100 * MEGABYTE else 'missed'}")


@contextmanager
def peak_memory(server: Server) -> Iterator[list[int]]:
    """Afterwards the list holds by how many bytes the server's processes had grown at their peaks."""
    extra: list[int] = []
    before = {}
    for place in _processes(server):
        (place / "clear_refs").write_text("5")  # the kernel's high-water mark starts anew
        before[place] = _memory(place, "VmRSS")
    yield extra
    if before:
        extra.append(sum(max(0, _memory(place, "VmHWM") - rss) for place, rss in before.items()))


def _processes(server: Server) -> list[Path]:
    """The server's session: itself and its workers."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = int(_stat(stat.parent)[SESSION])
        except OSError:  # it ended meanwhile
            continue
        if session == server.process.pid:
            found.append(stat.parent)
    return found


def _stat(place: Path) -> list[str]:
    """The fields of /proc/PID/stat after the command's name, which may hold spaces."""
    return (place / "stat").read_text().rpartition(")")[2].split()


def _memory(place: Path, what: str) -> int:
    line = next(line for line in (place / "status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024


def measure_starts(servers: tuple[Server, Server]) -> None:
    """CPU seconds of all of a server's processes until its registry has answered once, on a database that is there already.

    Both are started in turn, each alone. Seconds on the clock are those of the whole machine: the same code gave 1.02 on a quiet one and 1.37 on a busy one.
    """
    taken: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(STARTS):
        for server in servers if number % 2 else reversed(servers):
            server.start()
            server.ask("GET", "registered-models/search", max_results=1)
            taken[server.name].append(cpu_seconds(server))
            server.stop()
    if not all(map(all, taken.values())):
        print(f"{'server start':<44} not measured: no /proc")
        return
    report("server start, CPU", *(statistics.median(taken[server.name]) for server in servers), bound=1.1, unit="s")
    spread = ", ".join(f"{server.name} {min(taken[server.name]):.2f} to {max(taken[server.name]):.2f}" for server in servers)
    print(f"  ({STARTS} starts each: {spread} CPU s)")


def cpu_seconds(server: Server) -> float:
    """CPU seconds, user and system, of the server, its workers and what they have waited for."""
    return sum(sum(map(int, _stat(place)[TIMES])) for place in _processes(server)) / os.sysconf("SC_CLK_TCK")


def measure_before(python: str) -> None:
    """The click, and `keepfit gate explain` in CPU seconds of its process, on this keepfit and on another one, in turn."""
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="keepfit-bench-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        (home / "gate.yaml").write_text(RULES)
        options = ("keepfit", "server", "--rules", str(home / "gate.yaml"))
        servers = Server("before", home / "before", options, python), Server("now", home / "now", options)
        for server in servers:
            server.start()
            stack.callback(server.stop)
        make_movable(servers, SMALL, files(home / "small", 1000))
        print(f"{'work':<44} {'before':>9}    {'now':>9}    {'ratio':>7} {'bound':>6}   (medians of {CALLS} calls in turn)")
        measure_noise(servers)
        spent = [-cpu_seconds(server) for server in servers]
        report("the click: protected alias, small model", *interleaved(servers, lambda server, number: move(server, SMALL, 1 + number % 2)), bound=1.05)
        spent = [mine + cpu_seconds(server) for mine, server in zip(spent, servers, strict=True)]
        if all(spent):  # else there is no /proc
            report("the same clicks, CPU of the server", *spent, bound=1.05, unit="s")
        explained: dict[str, list[float]] = {server.name: [] for server in servers}
        for number in range(EXPLAINS):
            for server in servers if number % 2 else reversed(servers):
                explained[server.name].append(_explain(server, home))
        report("keepfit gate explain, CPU", *(statistics.median(explained[server.name][1:]) for server in servers), bound=1.05)


def _explain(server: Server, home: Path) -> float:
    """CPU seconds of one `keepfit gate explain`."""
    before = os.times()
    command = [server.python, "-m", "keepfit", "gate", "explain", SMALL, "1"]
    done = subprocess.run(command, cwd=home, env={**os.environ, **QUIET, "MLFLOW_TRACKING_URI": server.url}, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{server.name}: {done.stdout}{done.stderr}")
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print the table, or the rows that the words name."""
    if "KEEPFIT_BENCH_BEFORE" in os.environ:
        measure_before(os.environ["KEEPFIT_BENCH_BEFORE"])
        return
    words = set(sys.argv[1:]) or {"reads", "writes", "alias", "large", "starts"}
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="keepfit-bench-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        servers = two_servers(home)
        for server in servers:
            server.start()
            stack.callback(server.stop)
        small, large = files(home / "small", 1000), files(home / "large", LARGE_BYTES if "large" in words else 1000)
        runs = {server.name: register(server, FREE, small) for server in servers}
        make_movable(servers, SMALL, small)
        print(f"{'work':<44} {'stock':>9}    {'keepfit':>9}    {'ratio':>7} {'bound':>6}   (medians of {CALLS} calls in turn)")
        if "reads" in words:
            measure_noise(servers)
            measure_reads(servers)
        if "writes" in words:
            measure_writes(servers, runs)
        if "alias" in words:
            measure_small(servers)
        if "large" in words:
            make_movable(servers, LARGE, large)
            measure_large(servers, large)
        for server in servers:
            server.stop()
        if "starts" in words:
            measure_starts(servers)


if __name__ == "__main__":
    main()
