"""A small git and DVC repository with windows: what a project's data looks like to `keepfit data diff`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from keepfit.flows.project import Project
from keepfit.integrations.tables import read_table, write_parquet

PARAMS = """model: {name: parts, task: classification, target: failed}
data: {live: rows.csv, time: at, id: part, features: {heat: numeric, line: categorical}}
evaluate: {slices: {line: {min_rows: null}}}
"""
ROWS = 100


@dataclass(frozen=True)
class Tracked:
    """The repository, and DVC's remote beside it."""

    root: Path

    @property
    def project(self) -> Project:
        return Project(self.root)

    @property
    def far(self) -> Path:
        return self.root.parent / "far"

    @property
    def cache(self) -> Path:
        return self.root / ".dvc" / "cache"

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True).stdout

    def dvc(self, *arguments: str) -> None:
        subprocess.run([Path(sys.executable).parent / "dvc", *arguments], cwd=self.root, check=True, capture_output=True)

    def window(self, name: str) -> pa.Table:
        return read_table(self.root / "data" / "windows" / f"{name}.parquet")

    def put(self, name: str, table: pa.Table) -> None:
        path = self.root / "data" / "windows" / f"{name}.parquet"
        path.unlink(missing_ok=True)
        write_parquet(table, path)

    def commit(self, message: str) -> str:
        self.dvc("add", "data/windows")
        self.dvc("push")
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD").strip()

    def copy(self, place: Path) -> Tracked:
        shutil.copytree(self.root.parent, place, symlinks=True)
        return Tracked(place / self.root.name)


def rows_of(month: int) -> pa.Table:
    """A month's rows: every other part of line a, every fourth failed."""
    ids, places = [f"p{month}-{row:03d}" for row in range(ROWS)], range(ROWS)
    return pa.table(
        {
            "part": ids,
            "at": pa.array([datetime(2026, month, 1) + timedelta(hours=place) for place in places], pa.timestamp("us")),
            "heat": [float(place) for place in places],
            "line": ["ab"[place % 2] for place in places],
            "failed": [float(place % 4 == 0) for place in places],
        }
    )


def with_column(table: pa.Table, name: str, values: list[object]) -> pa.Table:
    place = table.column_names.index(name)
    return table.set_column(place, name, pa.array(values, table[name].type))


def make_tracked(home: Path) -> Tracked:
    """`v1` has January and February; `main` has March, five labels of January flipped and one that came; the work tree is as `main`."""
    made = Tracked(home / "project")
    made.root.mkdir(parents=True)
    made.git("init", "-q", "-b", "main")
    made.dvc("init", "-q")
    made.dvc("config", "core.analytics", "false")
    made.dvc("remote", "add", "-q", "-d", "far", "../far")
    (made.root / "params.yaml").write_text(PARAMS)
    (made.root / "baseline.json").write_text('{"champion": null, "previous": null, "schema": 1}\n')
    made.git("add", "-A")
    made.git("commit", "-qm", "Nothing is tracked yet")
    made.git("tag", "v0")
    january = rows_of(1)
    labels = january["failed"].to_pylist()
    made.put("2026-01", with_column(january, "failed", [*labels[:-1], None]))
    made.put("2026-02", rows_of(2))
    made.commit("Two months")
    made.git("tag", "v1")
    made.put("2026-01", with_column(january, "failed", [1 - label if place < 5 else label for place, label in enumerate(labels)]))
    made.put("2026-03", rows_of(3))
    made.commit("March, and labels")
    return made
