"""A rule kind's name is a string of its own file and of the table of built-in names: whoever branches on it elsewhere owns a part of the kind."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import keepfit
from keepfit.plugins import BUILTIN

PACKAGE = Path(keepfit.__file__).parent
NAMES = tuple(BUILTIN["rules"])


def named(code: str) -> list[tuple[int, str]]:
    """Lines with the kind that a text on them names, docstrings among them: what is said of a kind elsewhere is soon untrue."""
    said = [(node.lineno, node.value) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [(line, name) for line, text in said for name in NAMES if re.search(rf"\b{name}\b", text)]


def test_no_other_file_names_a_kind():
    files = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "plugins.py"]
    assert len(files) > 300
    found = [(path, line, name) for path in files for line, name in named(path.read_text(encoding="utf-8"))]
    assert [f"{path.relative_to(PACKAGE)}:{line}" for path, line, name in found if path != PACKAGE / "rule_kinds" / f"{name}.py"] == []


def test_a_kind_lies_in_the_file_of_its_name():
    assert {target.partition(":")[0] for target in BUILTIN["rules"].values()} == {f"keepfit.rule_kinds.{name}" for name in NAMES}


def test_a_branch_on_a_name_would_be_found():
    assert named('if row.rule == "at_least":\n    pass\n') == [(1, "at_least")]
    assert named('x = f"{row.slice} no_proof_of_harm"') == [(1, "no_proof_of_harm")]
    assert named("known_at_least = not_at_least()") == []
