"""What the registry's tests share."""

from __future__ import annotations

import shutil
import uuid
from contextlib import chdir

import pytest
import sqlalchemy as sa
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


@pytest.fixture(scope="session")
def migrated_postgres(postgres, tmp_path_factory):
    """The address of an empty PostgreSQL database after MLflow's migrations; tests copy it as a template."""
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    create_database(postgres.uri, "migrated")
    uri = sa.make_url(postgres.uri).set(database="migrated").render_as_string(hide_password=False)
    with chdir(tmp_path_factory.mktemp("migrated")):
        SqlAlchemyStore(uri).engine.dispose()
    return uri


@pytest.fixture
def postgres_world(tmp_path, migrated_postgres, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = f"gate_{uuid.uuid4().hex[:12]}"
    create_database(migrated_postgres, name, template="migrated")
    monkeypatch.setenv("KEEPFIT_GATE", str(tmp_path / "gate.yaml"))
    return make_world(tmp_path, sa.make_url(migrated_postgres).set(database=name).render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def each_world(request):
    """The same world on each database that keepfit is tested with."""
    return request.getfixturevalue("world" if request.param == "sqlite" else "postgres_world")


def create_database(server: str, name: str, *, template: str = "template1") -> None:
    admin = sa.create_engine(sa.make_url(server).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"create database {name} template {template}"))
    admin.dispose()
