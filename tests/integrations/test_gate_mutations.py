"""A gate with one wrong line is found out by the random walk: what it lets through is what the walk looks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integrations.gate_mutations import MUTATIONS, QUICK, copy_of_the_package

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS, WALKS, STEPS = 10, 4, 27  # most are found out early; as long as the whole walk
QUIET_SEEDS = 2  # `test_gate_stateful.py` walks longer through the gate as it is
PATIENCE_S = 600
FOUND_OUT = 3  # the walk's own exit code: a claim was broken, and it did not stumble over something else


@pytest.fixture
def walk(tmp_path, migrated_registry):
    """Walk in a process of its own in front of the package in `tmp_path/package`; returns its exit code and its words."""

    def walked(seeds=SEEDS):
        package, home = tmp_path / "package", tmp_path / "home"
        home.mkdir()
        environment = os.environ | {"PYTHONPATH": f"{package}{os.pathsep}{REPOSITORY}", "PYTHONDONTWRITEBYTECODE": "1"}
        about = [home, migrated_registry, seeds, WALKS, STEPS, package]
        command = [sys.executable, "-m", "tests.integrations.gate_machine", *map(str, about)]
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        return done.returncode, done.stdout + done.stderr

    return walked


def is_found_out(mutation, folder, walk):
    mutation.write(folder)
    code, said = walk()
    assert code == FOUND_OUT, said[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_one_wrong_line_is_found_out(name, tmp_path, walk):
    is_found_out(MUTATIONS[name], tmp_path / "package", walk)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in MUTATIONS if name not in QUICK])
def test_each_wrong_line_is_found_out(name, tmp_path, walk):
    is_found_out(MUTATIONS[name], tmp_path / "package", walk)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [QUIET_SEEDS, pytest.param(SEEDS, marks=pytest.mark.long)])
def test_the_gate_as_it_is_passes_the_same_walk(tmp_path, walk, seeds):
    copy_of_the_package(tmp_path / "package")
    code, said = walk(seeds)
    assert code == 0, said[-3000:]


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_mutation_changes_a_line_that_is_there(name, tmp_path):
    mutation = MUTATIONS[name]
    mutation.write(tmp_path)
    compile((tmp_path / "keepfit" / mutation.file).read_text(encoding="utf-8"), mutation.file, "exec")
