"""One small project a session, trained once; tests work on copies of it. And a server without the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from tests.flows.projects import TICKET, Small, make_project, promote_first
from tests.flows.servers import running
from tests.integrations.conftest import migrated_registry, world  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def promoted(tmp_path_factory) -> Small:
    """A champion serves, February is closed and has an open ticket."""
    small = make_project(tmp_path_factory.mktemp("small"))
    promote_first(small)
    return small


@pytest.fixture(scope="session")
def improved(promoted, tmp_path_factory) -> Small:
    """The ticket's retraining went through undisturbed and was pushed."""
    small = promoted.copy(tmp_path_factory.mktemp("improved"))
    small.keepfit("improve", TICKET, "--push")
    return small


@pytest.fixture(scope="module")
def stock_server(tmp_path_factory) -> Iterator[str]:
    """The address of an MLflow server without the gate, which serves no artifacts and was told no root for them."""
    home = tmp_path_factory.mktemp("stock")
    with running(["mlflow", "server", "--backend-store-uri", f"sqlite:///{home}/m.db", "--no-serve-artifacts", "--workers", "1"], home) as uri:
        yield uri


@pytest.fixture
def rows(gated_server) -> Callable[[], int]:
    """How many rows the gated server's journal has."""

    def count() -> int:
        engine = sa.create_engine(f"sqlite:///{gated_server.home}/.keepfit/server/mlflow.db")
        with engine.connect() as connection:
            kept = sa.inspect(connection).has_table("keepfit_journal")
            found = connection.execute(sa.text("SELECT count(*) FROM keepfit_journal")).scalar_one() if kept else 0
        engine.dispose()
        return int(found)

    return count
