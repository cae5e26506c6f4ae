"""The gate's journal: the tables `keepfit_journal` and `keepfit_chain` in the registry's own database.

Rows are only ever added, in the session that moves the pointer, so that both are there or none. Each row carries the hash of
the one before it. `keepfit_chain` has one row, the chain's end: writing it first puts writers in a line, on every database, until
their transaction ends. No foreign key leads to MLflow's tables: its schema upgrades would fail on one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, CreateTable

from keepfit.gate.history import EVERY_MODEL, ORIGIN, sealed
from keepfit.gate.limits import LIMITS, require_kept
from keepfit.records import JournalRow, from_data

LOCK = 0x6B656570  # any number that other users of the database do not take: "keep"
_TIME, _DIGEST = 40, 80
_METADATA = sa.MetaData()
_JOURNAL = sa.Table(
    "keepfit_journal",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(_TIME), nullable=False),
    sa.Column("workspace", sa.String(LIMITS["workspace"]), nullable=False),
    sa.Column("kind", sa.String(LIMITS["kind"]), nullable=False),
    sa.Column("model", sa.String(LIMITS["model"]), nullable=False),
    sa.Column("version", sa.String(LIMITS["version"]), nullable=False),
    sa.Column("target", sa.String(LIMITS["target"]), nullable=False),
    sa.Column("previous", sa.String(LIMITS["previous"])),
    sa.Column("model_digest", sa.String(LIMITS["model_digest"])),
    sa.Column("certificate", sa.String(LIMITS["certificate"])),
    sa.Column("rules", sa.String(LIMITS["rules"])),
    sa.Column("who", sa.String(LIMITS["who"]), nullable=False),
    sa.Column("via", sa.String(LIMITS["via"]), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("parent", sa.String(_DIGEST), nullable=False),
    sa.Column("hash", sa.String(_DIGEST), nullable=False),
)
_CHAIN = sa.Table(
    "keepfit_chain",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("head", sa.String(_DIGEST), nullable=False),
    sa.Column("rules", sa.String(_DIGEST)),
)
_INDEX = sa.Index("keepfit_journal_model", _JOURNAL.c.workspace, _JOURNAL.c.model)


@dataclass(frozen=True)
class Head:
    """The chain's end: how many rows it has, and the hash of the last."""

    length: int
    hash: str


@dataclass(frozen=True)
class Journal:
    """Adds and reads rows; which database, its caller's session says."""

    def prepare(self, engine: sa.Engine) -> None:
        """Create the tables if they are missing; safe when several servers start at once."""
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            if engine.dialect.name in {"sqlite", "postgresql"}:
                for table in (_JOURNAL, _CHAIN):
                    connection.execute(CreateTable(table, if_not_exists=True))
                connection.execute(CreateIndex(_INDEX, if_not_exists=True))
            else:
                _METADATA.create_all(connection)
            first = sa.select(sa.literal(1), sa.literal(0), sa.literal(ORIGIN)).where(~sa.exists().where(_CHAIN.c.id == 1))
            connection.execute(sa.insert(_CHAIN).from_select(["id", "length", "head"], first))

    def exists(self, engine: sa.Engine) -> bool:
        """Whether the database has a journal; nothing is created."""
        return sa.inspect(engine).has_table(_JOURNAL.name)

    def append(self, session: Session, row: JournalRow) -> JournalRow:
        """Add a row at the chain's end in the session's transaction and return it as it was written.

        Rules that differ from those of the row before get a row of their own first. Raises `UnkeptNameError` for a name that is
        longer than the database keeps.
        """
        length, head, rules = self._end(session)
        written = JournalRow(at=row.at, kind="refused", model="", version="", target="", who="", via="", text="", id=length, hash=head)
        for each in (*_change_of_rules(row, before=rules), row):
            written = sealed(_fitting(each), id=written.id + 1, parent=written.hash)
            session.execute(sa.insert(_JOURNAL).values(_values(written)))
        end = {"length": written.id, "head": written.hash, "rules": row.rules or rules}
        session.execute(sa.update(_CHAIN).where(_CHAIN.c.id == 1).values(end))
        return written

    def _end(self, session: Session) -> sa.Row[Any, Any, Any]:
        """Return the chain's length, head and rules, and let whoever comes next wait until this transaction ends."""
        touch = sa.update(_CHAIN).where(_CHAIN.c.id == 1).values(length=_CHAIN.c.length)
        end = (_CHAIN.c.length, _CHAIN.c.head, _CHAIN.c.rules)
        if session.get_bind().dialect.update_returning:
            return session.execute(touch.returning(*end)).one()
        session.execute(touch)
        return session.execute(sa.select(*end).where(_CHAIN.c.id == 1)).one()

    def rows(self, session: Session, model: str, *, workspace: str, after: int = 0) -> Sequence[JournalRow]:
        """Return a model's rows, oldest first; only those behind the row with the number `after`."""
        mine = (_JOURNAL.c.workspace == workspace, _JOURNAL.c.model == model, _JOURNAL.c.id > after)
        return self._read(session, sa.select(_JOURNAL).where(*mine))

    def all_rows(self, session: Session) -> Sequence[JournalRow]:
        """Return every row of every model and workspace, oldest first; raises `KeepfitError` for one that nobody wrote."""
        return tuple(from_data(JournalRow, vars(row), where=f"keepfit_journal, row {row.id}") for row in self._read(session, sa.select(_JOURNAL)))

    def head(self, session: Session) -> Head:
        """Return the chain's end as the database has it."""
        found = session.execute(sa.select(_CHAIN.c.length, _CHAIN.c.head).where(_CHAIN.c.id == 1)).one_or_none()
        return Head(0, ORIGIN) if found is None else Head(*found)

    def _read(self, session: Session, query: sa.Select[Any]) -> Sequence[JournalRow]:
        return tuple(_row(found) for found in session.execute(query.order_by(_JOURNAL.c.id)).mappings())


def _change_of_rules(row: JournalRow, *, before: str | None) -> Sequence[JournalRow]:
    if row.rules is None or row.rules == before:
        return ()
    text = f"the rules are now {row.rules}" + (f", before {before}" if before else "")
    return (JournalRow(at=row.at, kind="rules changed", model=EVERY_MODEL, version="-", target="", rules=row.rules, who=row.who, via=row.via, text=text),)


def _fitting(row: JournalRow) -> JournalRow:
    """The row as every database keeps it: its sentence without NUL, which PostgreSQL refuses; its names as they are, or not at all."""
    require_kept(row)
    return replace(row, text=row.text.replace("\0", " "))


def _values(row: JournalRow) -> dict[str, Any]:
    values = {column.name: getattr(row, column.name) for column in _JOURNAL.c}
    return {**values, "at": _text(row.at), "detail": json.dumps(dict(row.detail), sort_keys=True)}


def _row(found: sa.RowMapping) -> JournalRow:
    """Each protected move reads its model's rows: they are taken as they were written; the chain tells if they were changed."""
    return JournalRow(**{**found, "at": datetime.fromisoformat(found["at"]), "detail": json.loads(found["detail"])})


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
