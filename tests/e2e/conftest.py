"""What the end-to-end tests share: the command line as people use it, and one demo a session."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
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
