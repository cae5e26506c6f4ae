"""Whether the ledger's tables are those of today, and what is done if not: made, brought up to date, used as they are, or refused.

Up to date is one look at one row. Anything else is done in one transaction, one process at a time: a run that is killed half way leaves the ledger as
it was. A ledger of the same major version with a revision that is not known here has more than is known, and nothing that is known is missing.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, select, text

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.rows import lock_number
from keepfit.integrations.ledger.schema import ABOUT, META, REVISIONS, SCHEMA, VERSION, VERSION_TABLE

MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(reader: Engine, writer: Engine, *, where: str) -> None:
    """Make sure that the tables are there; raises `LedgerError` for a ledger of a newer major version."""
    with reader.begin() as connection:
        if _revision(connection) == REVISIONS[-1]:
            return
    with writer.begin() as connection:
        _one_process(connection)
        revision, schema = _revision(connection), _schema(connection)
        if schema is not None and schema > SCHEMA:
            raise LedgerError(f"the ledger has schema {schema}, this keepfit knows {SCHEMA}", where=where, fix="update keepfit")
        if schema is None:
            _make(connection)
        elif revision is None or revision in REVISIONS[:-1]:
            migrate(connection)


def migrate(connection: Connection) -> None:
    """Bring the tables up to date within the connection's transaction."""
    from alembic.command import upgrade
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    upgrade(config, "head")


def _make(connection: Connection) -> None:
    META.create_all(connection)
    connection.execute(insert(ABOUT).values(schema=SCHEMA))
    connection.execute(insert(VERSION).values(version_num=REVISIONS[-1]))


def _one_process(connection: Connection) -> None:
    """On SQLite the transaction itself is the only writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_number("tables")})


def _revision(connection: Connection) -> str | None:
    return connection.execute(select(VERSION.c.version_num)).scalar_one_or_none() if inspect(connection).has_table(VERSION_TABLE) else None


def _schema(connection: Connection) -> int | None:
    """The major version, None where there is no ledger yet."""
    return connection.execute(select(ABOUT.c.schema)).scalar_one_or_none() if inspect(connection).has_table(ABOUT.name) else None
