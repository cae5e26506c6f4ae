"""Flows tell the story; how MLflow is asked (its Python, its REST paths, its database) is known in `integrations/mlflow` alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import keepfit

PACKAGE = Path(keepfit.__file__).parent
FLOWS = sorted((PACKAGE / "flows").rglob("*.py"))
TOOLS = {"mlflow", "sqlalchemy", "flask", "alembic", "requests"}
PATH = re.compile(r"api/2\.0/|ajax-api/|^/mlflow-artifacts/|^/(?:health|version)\b")
SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.*\b(?:FROM|SET|VALUES|WHERE)\b", re.DOTALL)


def tools_of(tree):
    """Packages of others that are imported, at the top or in a function, for types too."""
    for node in ast.walk(tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (f"line {node.lineno}: {name}" for name in names if name.partition(".")[0] in TOOLS)


def spelled_out(tree):
    """Texts that are a path of MLflow's REST, or SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (PATH.search(node.value) or SQL.search(node.value)):
            yield f"line {node.lineno}: {node.value[:60]!r}"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_flow_asks_mlflow_through_its_room(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [*tools_of(tree), *spelled_out(tree)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import sqlalchemy as sa",
        "def f():\n    from mlflow import MlflowClient",
        "if TYPE_CHECKING:\n    import sqlalchemy",
        "PATH = '/api/2.0/mlflow/experiments/search'",
        "PATH = f'{uri}/ajax-api/2.0/mlflow/upload-artifact'",
        "urlopen(f'{uri}/health')",
        "'SELECT name FROM registered_models'",
    ],
)
def test_the_rule_sees(text):
    tree = ast.parse(text)
    assert [*tools_of(tree), *spelled_out(tree)]


def test_one_room_imports_nothing_until_it_is_asked_for_something():
    tree = ast.parse((PACKAGE / "integrations/mlflow/__init__.py").read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node in tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))] == []
