"""Promises about the files themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
STAGE_LINES = 40
# what belongs to one machine: homes and work folders, package mirrors, credentials in addresses
MACHINE = re.compile(
    r"/(?:root|home/[a-z]\w+|Users/\w+|work/[a-z]+|opt/(?:wheels|pypi))\b|(?:extra-)?index-url|\.pythonhosted\.|find-links|https?://[^/\s]+:[^/\s]+@(?!example\.org/)"
)
LIBRARIES = ("KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK", "OMP_WAIT_POLICY", "_RJEM_MALLOC_CONF")  # what scikit-learn, Polars and keepfit's own imports set
PINNED = re.compile(r"^[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+$")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    return [REPOSITORY / name for name in listed.split("\0") if name and (REPOSITORY / name).is_file()]


def test_no_tracked_file_names_a_machine():
    found = []
    for path in tracked():
        if path == Path(__file__).resolve():
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(REPOSITORY)}: {match.group()}" for match in MACHINE.finditer(text)]
    assert found == []


@pytest.mark.parametrize("path", sorted((REPOSITORY / "stages").glob("*.py")), ids=lambda path: path.name)
def test_a_stage_is_glue(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= STAGE_LINES


def test_the_constraints_are_pins_only():
    lines = [line for line in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not PINNED.match(line)] == []
    assert not {line.partition("==")[0].lower() for line in lines} & {"torch", "keepfit"}


def test_everything_keepfit_asks_for_is_pinned():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["pipeline"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[<>=!~ ]", each)[0].lower().replace("_", "-") for each in asked}
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert names - pinned == set()


def test_every_folder_of_tests_mirrors_a_room_of_the_package():
    rooms = {path.name for path in (REPOSITORY / "plugin" / "keepfit").iterdir() if path.is_dir()}
    folders = {path.name for path in (REPOSITORY / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= rooms | {"contracts", "e2e", "bench", "golden", "stages", "data"}


@pytest.mark.parametrize("folder", ["bench", "golden"])
def test_a_script_changes_the_environment_only_when_it_is_run(folder):
    """Tests import these scripts, and collecting doctests imports them all: what one sets would be every other test's."""
    lines = ["import importlib, os, sys", "before = dict(os.environ)", "for name in sys.argv[1:]: importlib.import_module(name)"]
    code = "\n".join([*lines, f"print(sorted(key for key, _ in dict(os.environ).items() ^ before.items() if key not in {LIBRARIES}))"])
    scripts = sorted(f"tests.{folder}.{path.stem}" for path in (REPOSITORY / "tests" / folder).glob("*.py"))
    assert scripts
    outside = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    ran = subprocess.run([sys.executable, "-c", code, *scripts], cwd=REPOSITORY, env=outside, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip(), ran.stderr[-500:]) == (0, "[]", "")
