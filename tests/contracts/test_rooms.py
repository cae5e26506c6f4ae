"""The doors of rooms: a room's `__init__` says what is in it and imports nothing of keepfit, so that one file of it can be had without the others."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "plugin" / "keepfit"
ONE_CONCEPT = {
    ".": "what a notebook is offered, imported when it is used",
    "records": "the vocabulary",
    "cli": "the commands",
    "integrations/tables": "one module, and its reader of CSV files",
}
ONE_CONCEPT |= {"params": "params.yaml", "integrations/mlflow/store": "what MLflow is handed", "integrations/mlflow/client": "the client"}
"""Rooms that go by one name, and what it stands for."""
DOORS = sorted(path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.py"))


@pytest.mark.parametrize("room", DOORS)
def test_a_rooms_door_imports_nothing(room):
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    imports = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("keepfit")]
    assert room in ONE_CONCEPT or imports == []


def test_the_doors_of_the_rooms_that_the_server_passes_are_among_them():
    assert {"slices", "gate", "integrations", "integrations/mlflow"} <= set(DOORS) - ONE_CONCEPT.keys()
