"""A window lies in its time: no code compares, sorts or picks windows by the text of their ids (`Window.order` is what they are compared by)."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "plugin" / "keepfit"
OTHER_NAMES = {
    "gate/history.py": "the id of a journal row is a number",
    "report/events/promotion.py": "the id of a journal row is a number",
    "integrations/journal.py": "the id of a journal row is a number",
    "tables/odd_files.py": "files of a folder, in the order of their names",
}
NAMES = ("id", "stem", "name")
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
WHERE_WINDOWS_ARE = ("compose", "flows/backtesting", "flows/monitoring", "flows/retraining", "flows/rows", "integrations/ledger", "monitor", "update")


def trees():
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def named(node) -> bool:
    """Whether it is a name by the look of it: `window.id`, `path.stem`, `name`."""
    return (isinstance(node, ast.Attribute) and node.attr in NAMES) or (isinstance(node, ast.Name) and node.id in ("name", "window_id"))


def compared_by_name(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, ORDERS) for op in node.ops) and any(map(named, (node.left, *node.comparators))):
            yield ast.unparse(node)


def sorted_by_name(tree):
    """`sorted`, `min` and `max` by an id, or of windows' files by what they are called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sorted", "min", "max"):
            keys = [key.value.body for key in node.keywords if key.arg == "key" and isinstance(key.value, ast.Lambda)]
            first = node.args[0] if node.args else node
            listed = isinstance(first, ast.GeneratorExp | ast.ListComp)
            what = keys or ([first.elt, *(one.iter for one in first.generators)] if listed else [first])
            if any(ast.unparse(each) == "files" or getattr(each, "attr", "") in ("id", "stem") for each in what):
                yield ast.unparse(node)


def test_no_two_windows_are_compared_by_the_text_of_their_ids():
    assert {path: found for path, tree in trees() if path not in OTHER_NAMES and (found := list(compared_by_name(tree)))} == {}


def test_no_windows_are_sorted_by_the_text_of_their_ids():
    rooms = {path: tree for path, tree in trees() if path.startswith(WHERE_WINDOWS_ARE)}
    assert {path: found for path, tree in rooms.items() if (found := list(sorted_by_name(tree)))} == {}


def test_the_test_sees_what_it_forbids():
    before = ast.parse("[one for one in seen if one.window.id < window.id]; sorted(files, reverse=True); max(found, key=lambda one: one.id)")
    assert len(list(compared_by_name(before))) == 1
    assert len(list(sorted_by_name(before))) == 2
