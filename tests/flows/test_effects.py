from __future__ import annotations

import ast
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import keepfit
from keepfit.flows.effects import EFFECTS


def _calls():
    for path in Path(keepfit.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "effect":
                yield tuple(argument.value if isinstance(argument, ast.Constant) else ast.dump(argument) for argument in node.args)


def test_each_declared_effect_has_exactly_one_call_and_each_call_is_declared():
    declared = {(verb, name) for verb, names in EFFECTS.items() for name in names}
    assert Counter(_calls()) == dict.fromkeys(declared, 1)


@pytest.mark.parametrize(("asked", "code"), [("improve.commit", -signal.SIGKILL), ("register.commit", 0), ("", 0)])
def test_a_process_is_killed_after_the_named_effect_only(asked, code):
    program = "from keepfit.flows.effects import effect; effect('improve', 'commit')"
    assert subprocess.run([sys.executable, "-c", program], env={"KEEPFIT_KILL_AFTER": asked}, check=False).returncode == code
