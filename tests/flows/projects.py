"""A small project for the tests of verbs: an own table, a quick estimator, its registry in an SQLite file beside it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from keepfit.flows.init.init import InitRequest, init
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.tables import write_parquet
from keepfit.integrations.yaml_files import put
from keepfit.records import Ticket

MODEL = "parts"
ROWS_A_MONTH = 320
TICKET = "2026-02-harm"


@dataclass(frozen=True)
class Small:
    """A project and the registry it talks to."""

    root: Path
    registry: Path

    @property
    def project(self) -> Project:
        return Project(self.root)

    @property
    def runs(self) -> Mlflow:
        return Mlflow(self.uri)

    @property
    def uri(self) -> str:
        return f"sqlite:///{self.registry}/mlflow.db"

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "MLFLOW_TRACKING_URI": self.uri, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True).stdout

    def keepfit(self, *arguments: str, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "keepfit", *arguments], cwd=self.root, env={**self.env, **env}, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def dvc(self, *arguments: str, check: bool = True) -> str:
        program = Path(sys.executable).parent / "dvc"
        done = subprocess.run([program, *arguments], cwd=self.root, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert not check or done.returncode == 0, done.stdout
        return done.stdout

    def copy(self, folder: Path) -> Small:
        """The same project, registry and remotes elsewhere; copies share nothing but DVC's cache, so what one trained another finds."""
        shutil.copytree(self.root, folder / "project", symlinks=True)
        shutil.copytree(self.registry, folder / "registry", symlinks=True)
        return Small(folder / "project", folder / "registry")


def write_table(path: Path, *, months: int = 3, seed: int = 0) -> Path:
    """Parts that fail with heat; from the second month on the heat is measured on another scale."""
    rng = random.Random(seed)
    lines = ["part,at,heat,load,line,failed"]
    for month in range(1, months + 1):
        for row in range(ROWS_A_MONTH):
            at = datetime(2026, month, 1) + timedelta(minutes=120 * row)
            heat, load = rng.gauss(0, 1), rng.gauss(0, 1)
            fails = heat + 0.3 * load + rng.gauss(0, 0.5) > 0
            shown = heat if month == 1 else -heat
            lines.append(f"p{month}-{row},{at.isoformat()},{shown:.4f},{load:.4f},{'ab'[row % 2]},{int(fails)}")
    path.write_text("\n".join(lines) + "\n")
    return path


def make_project(home: Path) -> Small:
    """Set up the project with the public verb and make its training quick; nothing has been trained yet."""
    table = write_table(home / "rows.csv")
    request = InitRequest(folder=home / "project", data=table, time="at", target="failed", model=MODEL, id="part", window="month")
    init(request, ask=lambda _path, _diff: False, say=lambda _line: None)
    (home / "registry").mkdir()
    small = Small(home / "project", home / "registry")
    params = small.root / "params.yaml"
    params.write_text(put(put(params.read_text(), "evaluate.min_rows", 30), "train.params.max_iter", 10))
    small.dvc("cache", "dir", "--local", str(home / "cache"))
    small.dvc("remote", "add", "--quiet", "--default", "far", "../registry/data")
    small.git("init", "--quiet", "--bare", str(small.registry / "far.git"))
    small.git("remote", "add", "origin", "../registry/far.git")
    small.git("commit", "-qam", "Small data and remotes")
    return small


def promote_first(small: Small) -> None:
    """Train, commit and promote the first model; February is closed and has a ticket, as after `keepfit monitor`."""
    small.dvc("repro")
    small.git("add", "-A")
    small.git("commit", "-qm", "First model")
    small.runs.move_alias(MODEL, "champion", small.runs.versions(MODEL)[0].number)
    add_ticket(small)
    folder = small.project.state / "windows"
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(live_rows(small.project, start=datetime(2026, 2, 1), end=datetime(2026, 3, 1)), folder / "2026-02.parquet")


def add_ticket(small: Small, *, action: str = "improve", ground: str = "harm", target: str | None = "2026-02-01T00:00:00") -> Ticket:
    """Put a ticket into the ledger as monitor does."""
    ticket = Ticket(
        id=f"2026-02-{ground}",
        model=MODEL,
        champion="1",
        action=action,
        ground=ground,
        cause=f"{ground}:overall",
        window="2026-02",
        opened=datetime(2026, 3, 1),
        target=target,
        reasons=("roc_auc fell from 0.9 to 0.1",),
        evidence=(),
        affected="320 rows of window 2026-02",
        next=(f"keepfit {action} 2026-02-{ground}",),
    )
    with Ledger(small.project.ledger_uri).transaction() as book:
        book.save_ticket(ticket)
    return ticket
