"""What alembic runs to migrate: on the connection that it is given, in that one's transaction, with a version table of keepfit's own.

A ledger may lie in MLflow's database, whose version table is `alembic_version`.
"""

from __future__ import annotations

from alembic import context

from keepfit.integrations.ledger.schema import META, VERSION_TABLE


def run() -> None:
    """Migrate."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=META, version_table=VERSION_TABLE, transactional_ddl=True)
    context.run_migrations()


if __name__ == "env_py":  # the name that alembic loads it by
    run()
