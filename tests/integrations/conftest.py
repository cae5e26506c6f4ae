"""What the registry's tests share."""

from __future__ import annotations

import shutil
from contextlib import chdir

import pytest
from tests.integrations.gate_world import make_world


@pytest.fixture(scope="session")
def migrated_registry(tmp_path_factory):
    """An empty SQLite database after MLflow's migrations; tests copy the file."""
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    path = tmp_path_factory.mktemp("migrated") / "mlflow.db"
    with chdir(path.parent):
        SqlAlchemyStore(f"sqlite:///{path}").engine.dispose()
    return path


@pytest.fixture
def world(tmp_path, migrated_registry, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(migrated_registry, tmp_path / "mlflow.db")
    monkeypatch.setenv("KEEPFIT_GATE", str(tmp_path / "gate.yaml"))
    return make_world(tmp_path, f"sqlite:///{tmp_path / 'mlflow.db'}")
