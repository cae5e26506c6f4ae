"""Makes what a keepfit leaves behind when it is upgraded: a project, its ledger, and a gated server's database and artifacts.

    python tests/golden/make_left.py v1

Run it with the release that is to be left, whose `keepfit` it runs: `tests/e2e/test_left_by_the_release.py` goes on from there with today's. A folder that is
there is never written again. The story: orders whose world turns around in week 4; version 1 was promoted and superseded by version 2, which was refused
until a waiver and an approval came; in week 7 the world turns back, and the ticket of that is open. What the release itself did next lies in `next.json`. The
signing key among the files was made for them and signs nothing else.
"""

from __future__ import annotations

import json
import math
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KEEPFIT = (sys.executable, "-c", "from keepfit.cli import main; main()")  # MLflow notes the script that a run comes from: this one has no path
MODEL = "orders"
ROWS_A_WEEK = 300
FIRST_MONDAY = datetime(2026, 1, 5)
HEADER = "order,at,channel,size,age,returned"
LEANS = {1: 1, 2: 1, 3: 1, 4: -1, 5: -1, 6: -1, 7: 1, 8: 1, 9: 1}
"""By week: whether large sizes come back (above 0) or small ones."""
EDITS = {
    "params.yaml": {
        "recent_windows: null": "recent_windows: 1",
        "cooldown_days: 10": "cooldown_days: 0",
        "max_iter: 60": "max_iter: 20",
        "bound: 0.5 ": "bound: 0.6 ",
    },
    "gate.yaml": {
        "    rules:\n": "    approvals: 1\n    waivers: {rules: [sharp], max_days: 36500}\n    rules:\n"
        "      sharp: {kind: at_least, metric: roc_auc, slice: overall, bound: 0.99}\n",
    },
}
"""What people changed in what `keepfit init` wrote: small models, and a rule that no candidate meets without a waiver."""


def week_rows(week: int) -> list[str]:
    """A week's orders as lines of CSV, the same whenever it is asked."""
    rng = random.Random(week)
    lines = []
    for row in range(ROWS_A_WEEK):
        at = FIRST_MONDAY + timedelta(weeks=week - 1, minutes=33 * row)
        channel, size, age = rng.choice(["web", "shop", "phone"]), rng.gauss(0, 1), rng.randint(18, 80)
        returned = rng.random() < 1 / (1 + math.exp(-(2 * LEANS[week] * size + (channel == "web"))))
        lines.append(f"o{week}-{row},{at.isoformat()},{channel},{size:.3f},{age},{'yes' if returned else 'no'}")
    return lines


def end_of(week: int) -> str:
    """The day on which a week is over."""
    return (FIRST_MONDAY + timedelta(weeks=week)).date().isoformat()


# -- commands -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """A folder with `orders.csv`, the project `shop`, the server's `server` and the `keys`; commands are run in the project."""

    home: Path
    uri: str

    def __call__(self, *command: str, codes: tuple[int, ...] = (0,)) -> str:
        known = {"keepfit": KEEPFIT, "dvc": (sys.executable, "-m", "dvc")}
        argv = [*known.get(command[0], command[:1]), *command[1:]]
        where = self.home / "shop" if (self.home / "shop").is_dir() else self.home
        done = subprocess.run(argv, cwd=where, env=environment(self.home, self.uri), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode not in codes:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}")
        return done.stdout if done.stdout.strip() else done.stderr

    def json(self, *command: str) -> Any:
        """What a command that reports says with `--json`, whether it raised an alert (3), is undecided (4) or not (0)."""
        return json.loads(self(*command, "--json", codes=(0, 3, 4)))

    def commit(self, message: str) -> None:
        self("git", "add", "-A")
        self("git", "commit", "-qm", message)

    def append(self, week: int) -> str:
        """A week of orders arrives; return the day on which it is over."""
        with (self.home / "orders.csv").open("a") as file:
            file.write("\n".join(week_rows(week)) + "\n")
        return end_of(week)

    def monitor(self, week: int) -> Any:
        return self.json("keepfit", "monitor", "--until", self.append(week))

    def improve(self, ticket: str) -> Any:
        """Make a candidate for the ticket and merge it."""
        made = self.json("keepfit", "improve", ticket)
        assert made["passed"], made
        self("git", "merge", "-q", "--no-ff", "-m", f"Merge the retraining for {ticket}", made["branch"])
        self("dvc", "checkout", "-q")
        return made

    def promote(self, version: str) -> None:
        """Certify a version, let it pass, and pin it."""
        self("keepfit", "certify", MODEL, version)
        self("keepfit", "approve", MODEL, version)
        self("keepfit", "waive", MODEL, version, "--rule", "sharp", "--reason", "nobody can say more", "--until", "2099-12-31")
        self("keepfit", "promote", MODEL, version)
        self("keepfit", "sync")
        self.commit(f"Pin version {version}")

    # -- what MLflow says -------------------------------------------------------------------------------------------------

    @property
    def store(self) -> str:
        """The registry's database."""
        return f"sqlite:///{self.home / SERVER / 'mlflow.db'}"

    def asks(self, path: str, **query: str) -> Any:
        """Ask the server over REST."""
        address = f"{self.uri}/api/2.0/mlflow/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            return json.load(answer)

    def aliases(self) -> dict[str, str]:
        model = self.asks("registered-models/get", name=MODEL)["registered_model"]
        return {alias["alias"]: alias["version"] for alias in model.get("aliases", ())}

    def page(self, version: str) -> Any:
        """What a version's page says: its description and tags."""
        found = self.asks("model-versions/get", name=MODEL, version=version)["model_version"]
        return {"description": found.get("description"), "tags": {tag["key"]: tag["value"] for tag in found.get("tags", ())}}

    def charts(self, version: str) -> dict[str, float]:
        """The newest point of each chart of a champion over time: statistics, e-values, performance."""
        with closing(sqlite3.connect(self.home / SERVER / "mlflow.db")) as connection:
            newest = "select key, value from latest_metrics where run_uuid = (select run_uuid from runs where name = ?)"
            return dict(connection.execute(newest, (f"{MODEL} v{version} over time",)))


def environment(home: Path, uri: str) -> dict[str, str]:
    """What commands and server see: nothing of the person's, keys of this folder."""
    foreign = ("GIT_", "DVC_", "MLFLOW_", "KEEPFIT_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    people = {"LOGNAME": "tess", "USER": "tess", "GIT_CONFIG_GLOBAL": str(home / "gitconfig"), "GIT_CONFIG_SYSTEM": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "DVC_NO_ANALYTICS": "true", "GX_ANALYTICS_ENABLED": "false", "NO_COLOR": "1"}
    places = {"KEEPFIT_KEYS": str(home / "keys"), "XDG_CONFIG_HOME": str(home / "config"), "DVC_SITE_CACHE_DIR": str(home / "dvc-site")}
    return {**clean, "PATH": path, **people, **quiet, **places, "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc-global"), "MLFLOW_TRACKING_URI": uri}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """`keepfit server` on the database in `home/server`, for as long as the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    uri = f"http://127.0.0.1:{port}"
    command = [*KEEPFIT, "server", "--port", str(port), "--rules", str(home / "server" / "gate.yaml")]
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=home / "server", env=environment(home, uri), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait(process, uri, log=home / "server.log")
        yield uri
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], uri: str, *, log: Path) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{uri}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"keepfit server did not come up:\n{log.read_text(errors='replace')[-3000:]}")


# -- the story ----------------------------------------------------------------------------------------------------------


def live(home: Path) -> None:
    """Weeks 1 to 7: what the release leaves."""
    write_gitconfig(home)
    (home / "orders.csv").write_text("\n".join([HEADER, *(line for week in (1, 2, 3) for line in week_rows(week))]) + "\n")
    asked = ("--data", "orders.csv", "--time", "at", "--target", "returned", "--model", MODEL, "--id", "order", "--window", "week", "--as-of", end_of(3))
    Left(home, "")("keepfit", "init", "shop", *asked)
    _edit(home / "shop", str(home / "orders.csv"))
    (home / "server").mkdir()
    shutil.copy(home / "shop" / "gate.yaml", home / "server" / "gate.yaml")
    with served(home) as uri:
        left = Left(home, uri)
        left("dvc", "repro")
        left.commit("The first model")
        left.promote("1")
        _turn(left)
        left.monitor(6)
        assert [ticket["action"] for ticket in left.monitor(7)["tickets"]] == ["improve"]


def write_gitconfig(home: Path) -> None:
    """Who commits."""
    (home / "gitconfig").write_text("[user]\n\tname = Tess Ter\n\temail = tess@example.org\n[init]\n\tdefaultBranch = main\n")


def _edit(project: Path, table: str) -> None:
    for name, edits in {**EDITS, "params.yaml": {**EDITS["params.yaml"], f"live: {table}": "live: ../orders.csv"}}.items():
        text = (project / name).read_text()
        for before, after in edits.items():
            assert text.count(before) == 1, (name, before)
            text = text.replace(before, after)
        (project / name).write_text(text)


def _turn(left: Left) -> None:
    """Weeks 4 and 5: a ticket that waits, one that is improved, a refusal, and version 2 for version 1."""
    for ticket in left.monitor(4)["tickets"]:
        left("keepfit", "resolve", ticket["id"], "--reason", "wait for a week of the new world to train on")
    (ticket,) = left.monitor(5)["tickets"]
    made = left.improve(ticket["id"])
    left("keepfit", "certify", MODEL, made["version"])
    left("keepfit", "promote", MODEL, made["version"], codes=(3,))
    left.promote(made["version"])
    left("keepfit", "resolve", ticket["id"], "--reason", "version 2 serves")


# -- what comes next ----------------------------------------------------------------------------------------------------


def goes_on(left: Left) -> dict[str, Any]:
    """Ask what was left, live through week 8, promote what its ticket asked for, and go back; what was said on the way."""
    found, week = _found(left), left.monitor(8)
    said = {"found": found, "windows": week["windows"], "opened": [ticket["id"] for ticket in week["tickets"]], "charts": left.charts("2")}
    said["again"] = left.json("keepfit", "monitor", "--until", end_of(8))
    said["tickets"] = [ticket["id"] for ticket in left.json("keepfit", "ticket")["tickets"]]
    (ticket,) = (ticket["id"] for ticket in found["tickets"] if ticket["cause"] == "harm:overall")
    said["replayed"] = left("keepfit", "replay", ticket)
    said["made"] = made = left.improve(ticket)
    left.promote(made["version"])
    said["promoted"] = left.aliases()
    left("keepfit", "rollback", MODEL, "--reason", "the old one was fine")
    said["rolled back"] = left.aliases()
    said["history"] = left.json("keepfit", "history", MODEL)
    said["audit"] = left.json("keepfit", "audit", "--store", left.store)
    return said


def _found(left: Left) -> dict[str, Any]:
    explained = {version: left.json("keepfit", "gate", "explain", MODEL, version) for version in ("1", "2")}
    return {
        "history": left.json("keepfit", "history", MODEL),
        "explained": {version: {key: answer[key] for key in ("demands", "verdict", "waivable")} for version, answer in explained.items()},
        "verified": left.json("keepfit", "verify", f"models:/{MODEL}@champion"),
        "audit": left.json("keepfit", "audit", "--store", left.store),
        "tickets": left.json("keepfit", "ticket")["tickets"],
        "aliases": left.aliases(),
        "pages": {version: left.page(version) for version in ("1", "2")},
    }


# -- packing ------------------------------------------------------------------------------------------------------------

SERVER = "server/.keepfit/server"
PACKED = ("orders.csv", "keys", "server/gate.yaml", f"{SERVER}/artifacts", "shop/.dvc/cache/files", "shop/.keepfit")
DATABASES = {"registry.sql": f"{SERVER}/mlflow.db", "ledger.sql": "shop/.keepfit/ledger.db"}


def pack(home: Path, out: Path) -> None:
    """The project's history as a git bundle, both databases as SQL, all other files in one archive."""
    out.mkdir()
    Left(home, "")("git", "bundle", "create", "-q", str(out / "project.bundle"), "--all")
    for name, database in DATABASES.items():
        with closing(sqlite3.connect(home / database)) as connection:
            (out / name).write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
    with zipfile.ZipFile(out / "files.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for place in PACKED:
            found = home / place
            for path in sorted(found.rglob("*")) if found.is_dir() else (found,):
                if path.is_file() and path.suffix != ".db" and "lock" not in path.name:
                    archive.write(path, path.relative_to(home))


def unpack(out: Path, home: Path) -> None:
    """Put everything where it lay."""
    with zipfile.ZipFile(out / "files.zip") as archive:
        archive.extractall(home)
    for name, database in DATABASES.items():
        (home / database).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(home / database)) as connection:
            connection.executescript((out / name).read_text(encoding="utf-8"))
    (home / "keys" / "default.pem").chmod(0o600)
    write_gitconfig(home)
    git = Left(home, "")
    git("git", "init", "-q")
    git("git", "fetch", "-q", str(out / "project.bundle"), "refs/heads/*:refs/heads/*", "--update-head-ok")
    git("git", "reset", "-q", "--hard", "main")
    git("dvc", "checkout", "-q")


def main(version: str) -> int:
    """Make the version; 2 if it is there."""
    out = HERE / f"left-{version}"
    if out.exists():
        print(f"{out.name} is there, and is never written again: name a new version", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="keepfit-left-") as folder:
        home, copy = Path(folder) / "left", Path(folder) / "copy"
        home.mkdir()
        copy.mkdir()
        live(home)
        pack(home, Path(folder) / "packed")
        unpack(Path(folder) / "packed", copy)
        with served(copy) as uri:
            said = goes_on(Left(copy, uri))
        shutil.copytree(Path(folder) / "packed", out)
    from importlib.metadata import version as installed

    said["scikit-learn"] = installed("scikit-learn")
    (out / "next.json").write_text(json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
