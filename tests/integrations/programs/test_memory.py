"""Arrow's memory comes from the C library where nobody chose otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ASK = "import os, pyarrow as pa; print(pa.default_memory_pool().backend_name, os.environ.get('ARROW_DEFAULT_MEMORY_POOL'))"
OURS = "from keepfit.integrations.programs.memory import from_the_system, give_back; from_the_system(); give_back(); "


def told(code, **environment):
    plain = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    done = subprocess.run([sys.executable, "-c", code], env={**plain, **environment}, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("before", ["", "import pyarrow; "], ids=["before Arrow is loaded", "after"])
def test_it_is_the_systems_and_child_processes_know_nothing_of_it(before):
    assert told(before + OURS + ASK) == ["system", "None"]


def test_asking_for_it_loads_no_arrow_of_its_own_before():
    assert told("import sys, keepfit.integrations.programs.memory, keepfit.flows.stages.compose; print('pyarrow' in sys.modules)") == ["False"]


def test_whoever_has_chosen_keeps_the_choice():
    assert told(OURS + ASK, ARROW_DEFAULT_MEMORY_POOL="mimalloc") == ["mimalloc", "mimalloc"]
