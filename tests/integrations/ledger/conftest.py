"""A ledger in a file of its own."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, make_url, text

from keepfit.integrations.ledger.ledger import Ledger


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(f"sqlite:///{tmp_path}/deep/ledger.db")
    yield made
    made.close()


@pytest.fixture
def on_postgres(postgres):
    """A database of its own on the test's server."""
    engine = create_engine(postgres.uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS keepfit_ledger_test WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE keepfit_ledger_test"))
    yield make_url(postgres.uri).set(database="keepfit_ledger_test").render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE keepfit_ledger_test WITH (FORCE)"))
    engine.dispose()
