"""What the registry's tests share."""

from __future__ import annotations

from contextlib import chdir

import pytest


@pytest.fixture(scope="session")
def migrated_registry(tmp_path_factory):
    """An empty SQLite database after MLflow's migrations; tests copy the file."""
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    path = tmp_path_factory.mktemp("migrated") / "mlflow.db"
    with chdir(path.parent):
        SqlAlchemyStore(f"sqlite:///{path}").engine.dispose()
    return path
