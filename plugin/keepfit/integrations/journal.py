"""The gate's journal: the table `keepfit_journal` in the registry's own database.

Rows are only ever added, in the session that moves the pointer, so that both are there or none. No foreign key leads to
MLflow's tables: its schema upgrades would fail on one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, CreateTable

from keepfit.records import JournalRow, from_data

LOCK = 0x6B656570  # any number that other users of the database do not take: "keep"
_METADATA = sa.MetaData()
_JOURNAL = sa.Table(
    "keepfit_journal",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("workspace", sa.String(63), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("model", sa.String(256), nullable=False),
    sa.Column("version", sa.String(20), nullable=False),
    sa.Column("model_digest", sa.String(80)),
    sa.Column("certificate", sa.String(80)),
    sa.Column("previous", sa.String(20)),
    sa.Column("target", sa.String(300), nullable=False),
    sa.Column("who", sa.String(256), nullable=False),
    sa.Column("via", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
_INDEX = sa.Index("keepfit_journal_model", _JOURNAL.c.workspace, _JOURNAL.c.model)
_FIELDS = tuple(column.name for column in _JOURNAL.c if column.name not in {"id", "workspace"})


@dataclass(frozen=True)
class Journal:
    """Adds and reads rows; which database, its caller's session says."""

    def prepare(self, engine: sa.Engine) -> None:
        """Create the table if it is missing; safe when several servers start at once."""
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            if engine.dialect.name in {"sqlite", "postgresql"}:
                connection.execute(CreateTable(_JOURNAL, if_not_exists=True))
                connection.execute(CreateIndex(_INDEX, if_not_exists=True))
            else:
                _METADATA.create_all(connection)

    def append(self, session: Session, row: JournalRow, *, workspace: str) -> None:
        """Add a row (its id is given by the database) in the session's transaction."""
        values: dict[str, Any] = {name: _text(getattr(row, name)) for name in _FIELDS}
        session.execute(sa.insert(_JOURNAL).values(workspace=workspace, **values))

    def rows(self, session: Session, model: str, *, workspace: str) -> Sequence[JournalRow]:
        """Return a model's rows, oldest first."""
        found = session.execute(sa.select(_JOURNAL).where(_JOURNAL.c.workspace == workspace, _JOURNAL.c.model == model).order_by(_JOURNAL.c.id)).mappings()
        return tuple(from_data(JournalRow, {name: row[name] for name in ("id", *_FIELDS)}, where="keepfit_journal") for row in found)


def _text(value: object) -> str | None:
    """Times as ISO 8601 in UTC; NUL, which PostgreSQL refuses in texts, as a space."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    return None if value is None else str(value).replace("\0", " ")
