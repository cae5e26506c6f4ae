"""What the end-to-end tests share: the command line as people use it, and one demo a session."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.attacked import attackable
from tests.e2e.shell import commands

collect_ignore = ["adopted"]  # somebody's own repository: copied and adopted, never imported

DEMO_UNTIL = "2013-06-01"


@dataclass(frozen=True)
class LeftDemo:
    """A demo that has ended: what it printed, and its folder."""

    told: dict
    folder: Path

    @property
    def project(self) -> Path:
        return Path(self.told["project"])


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> LeftDemo:
    """One demo a session, over the first months: `make demo` runs the whole year."""
    home = tmp_path_factory.mktemp("demo")
    out = commands(home)("keepfit", "demo", "--dir", "year", "--until", DEMO_UNTIL, "--json")
    return LeftDemo(json.loads(out), home / "year")


@pytest.fixture(scope="session")
def proxied(tmp_path_factory):
    """To be attacked: three workers, artifacts through the server (MLflow's way for a team)."""
    home = tmp_path_factory.mktemp("proxied")
    with attackable(home, "--workers", "3", "--artifacts-destination", str(home / "artifacts"), root=home / "artifacts") as attacked:
        yield attacked


@pytest.fixture(scope="session")
def local_root(tmp_path_factory):
    """To be attacked: one worker, artifacts in a folder that clients write themselves."""
    home = tmp_path_factory.mktemp("local-root")
    with attackable(home, "--workers", "1", "--artifact-root", str(home / "artifacts"), root=home / "artifacts") as attacked:
        yield attacked


@pytest.fixture(params=["python", "rest"])
def by(request) -> str:
    """By which door: MLflow's Python client, or raw requests."""
    return request.param
