"""A small project with a year of closed windows, in git, without a server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.expect.suggest import streams

from keepfit.flows.project import Project
from keepfit.integrations.tables import write_parquet

PARAMS = """
model: {name: small, task: regression, target: y}
data: {live: rows.csv, time: time, id: id, window: month, features: {x: numeric, gap: numeric, of: categorical}}
train: {estimator: sklearn.linear_model.Ridge, params: {}}
evaluate: {metric: mae}
expect: {min_rows: 5}
"""
SUITE = {
    "name": "rows",
    "expectations": [
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "gap", "mostly": 0.5},
            "severity": "critical",
            "meta": {"id": "gap_there", "level": "batch", "reason": "half of it at least"},
        }
    ],
}


def close(root: Path, number: int, change: streams.Change | None = None) -> str:
    """Close a month and return its name."""
    window = streams.month(number)
    write_parquet(streams.rows_of(number, change=change), root / ".keepfit" / "windows" / f"{window.id}.parquet")
    return window.id


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def make(root: Path, *, months: int = 12, folder: str = "") -> Project:
    """A project (in a folder of a repository) with so many sound months."""
    git(root, "init", "-q")
    git(root, "config", "user.name", "Ann")
    git(root, "config", "user.email", "ann@example.org")
    home = root / folder
    (home / "expectations" / "data").mkdir(parents=True)
    (home / "params.yaml").write_text(PARAMS)
    (home / "baseline.json").write_text('{"champion": null}')
    (home / "expectations" / "windows.yaml").write_text("{}\n")
    (home / "expectations" / "data" / "rows.json").write_text(json.dumps(SUITE, indent=2) + "\n")
    (home / ".gitignore").write_text("/.keepfit/\n")
    for number in range(months):
        close(home, number)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    return Project(home)
