"""A class name stands once in the package, so that a name that is read says which class is meant; a private one shadows no public one."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "plugin" / "keepfit"
CLASSES = [node.name for path in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ClassDef)]


def test_a_class_name_stands_once():
    assert [name for name, times in Counter(CLASSES).items() if times > 1] == []


def test_no_private_class_has_the_name_of_a_public_one():
    assert [name for name in CLASSES if name.startswith("_") and name.lstrip("_") in CLASSES] == []
