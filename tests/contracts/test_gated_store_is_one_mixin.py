"""One class stands in front of MLflow's store; all else are objects that it holds, none of which reaches into its holder."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import keepfit

STORE = Path(keepfit.__file__).parent / "integrations/mlflow/store"
FILES = sorted(STORE.glob("*.py"))
KNOW_MLFLOW = {"sessions.py", "stored.py", "__init__.py"}  # the inner store's private readers, which `gate_store` has asked for
MIXIN = "verbs.py"
LINES_OF_THE_CLICK = 35


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def classes(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_inherits_from_a_part(path):
    bases = [ast.unparse(base) for node in classes(tree_of(path)) for base in node.bases]
    assert set(bases) <= {"Protocol"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_the_mixin_calls_what_it_stands_in_front_of(path):
    supers = [node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and ast.unparse(node.func) == "super"]
    assert not supers or path.name == MIXIN


@pytest.mark.parametrize("path", [path for path in FILES if path.name not in KNOW_MLFLOW], ids=lambda path: path.name)
def test_a_part_asks_others_for_nothing_private(path):
    """`self._x` is its own; `self.other._x` is another's (but MLflow's `version._tags`, which no one else can set)."""
    others = (
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__") and not isinstance(node.value, ast.Name)
    )
    assert list(others) == []


def test_the_click_is_read_from_its_first_step_to_its_last_on_one_screen():
    (click,) = (node for node in ast.walk(tree_of(STORE / "promotion.py")) if isinstance(node, ast.FunctionDef) and node.name == "moves")
    assert click.end_lineno - click.lineno < LINES_OF_THE_CLICK
    steps = ["self.judging.before", "self.sessions.locked", "self.judging.again", "act", "self._written", "self._refuse", "self.pages.tell"]
    calls = [ast.unparse(node.func) for node in sorted((each for each in ast.walk(click) if isinstance(each, ast.Call)), key=lambda each: each.lineno)]
    assert [call for call in calls if call in steps] == steps
