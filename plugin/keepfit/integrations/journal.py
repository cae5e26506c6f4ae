"""The gate's journal: the tables `keepfit_journal` and `keepfit_chain` in the registry's own database.

Rows are only ever added, in the session that moves the pointer, so that both are there or none. Each row carries the hash of the one
before it and, in `body`, the bytes that its own hash is over; the other columns are copies, to find rows by and for people who ask the
database. Rows of version 1 have no body. `keepfit_chain` has one row, the chain's end: writing it first puts writers in a line, on every
database, until their transaction ends. No foreign key leads to MLflow's tables: its schema upgrades would fail on one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from keepfit.gate.chain import ORIGIN, Link, link_of_version_1, linked, row_of
from keepfit.gate.history import EVERY_MODEL
from keepfit.gate.limits import LIMITS, require_kept
from keepfit.records import JournalRow, from_data

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LOCK = 0x6B656570  # any number that other users of the database do not take: "keep"
_TIME, _DIGEST = 40, 80
BODY = "body"
NEWER = ", newer keepfit"
"""What stands behind the time of a row with a body: a keepfit that knows no bodies would read it wrongly, so it must not be able to read it."""
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
    sa.Column(BODY, sa.Text),
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
            _add_body(connection)
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
        for each in (*_change_of_rules(row, before=rules), row):
            link = linked(_fitting(each), id=length + 1, parent=head)
            session.execute(sa.insert(_JOURNAL).values(_values(link)))
            length, head = link.row.id, link.row.hash
        end = {"length": length, "head": head, "rules": row.rules or rules}
        session.execute(sa.update(_CHAIN).where(_CHAIN.c.id == 1).values(end))
        return link.row

    def _end(self, session: Session) -> sa.Row[Any, Any, Any]:
        """Return the chain's length, head and rules, and let whoever comes next wait until this transaction ends."""
        touch = sa.update(_CHAIN).where(_CHAIN.c.id == 1).values(length=_CHAIN.c.length)
        end = (_CHAIN.c.length, _CHAIN.c.head, _CHAIN.c.rules)
        if session.get_bind().dialect.update_returning:
            return session.execute(touch.returning(*end)).one()
        session.execute(touch)
        return session.execute(sa.select(*end).where(_CHAIN.c.id == 1)).one()

    def rows(self, session: Session | sa.Connection, model: str, *, workspace: str, after: int = 0) -> Sequence[JournalRow]:
        """Return a model's rows, oldest first, of a journal that was prepared; only those behind the row with the number `after`."""
        mine = sa.select(_JOURNAL).where(_JOURNAL.c.workspace == workspace, _JOURNAL.c.model == model, _JOURNAL.c.id > after)
        return tuple(_row(found) for found in self._read(session, mine))

    def newest(self, session: Session | sa.Connection, model: str, *, workspace: str) -> tuple[int, str] | None:
        """Return the number and the hash of a model's newest row, as the columns say, None without a row: less work than to read it."""
        mine = sa.select(_JOURNAL.c.id, _JOURNAL.c.hash).where(_JOURNAL.c.workspace == workspace, _JOURNAL.c.model == model)
        found = session.execute(mine.order_by(_JOURNAL.c.id.desc()).limit(1)).one_or_none()
        return None if found is None else (int(found.id), str(found.hash))

    def links(self, session: Session) -> Sequence[Link]:
        """Return every row of every model and workspace, oldest first, with its bytes; raises `KeepfitError` for one that nobody wrote.

        A journal that may only be read has perhaps no bodies yet: it is read with whatever columns there are.
        """
        return tuple(link_of(found) for found in self._read(session, sa.select(sa.text("*")).select_from(_JOURNAL)))

    def head(self, session: Session) -> Head:
        """Return the chain's end as the database has it."""
        found = session.execute(sa.select(_CHAIN.c.length, _CHAIN.c.head).where(_CHAIN.c.id == 1)).one_or_none()
        return Head(0, ORIGIN) if found is None else Head(*found)

    def _read(self, session: Session | sa.Connection, query: sa.Select[Any]) -> Sequence[Mapping[str, Any]]:
        found: Any = session.execute(query.order_by(_JOURNAL.c.id)).mappings()
        return tuple(found)


def _add_body(connection: sa.Connection) -> None:
    """Add the column to a journal of before there were bodies; another server may do so at the same moment."""
    if _has_body(connection):
        return
    try:
        connection.execute(sa.text(f"ALTER TABLE {_JOURNAL.name} ADD {BODY} TEXT"))
    except sa.exc.DBAPIError:  # on PostgreSQL the lock lets nobody in between
        if not _has_body(connection):
            raise


def _has_body(connection: sa.Connection) -> bool:
    return any(column["name"] == BODY for column in sa.inspect(connection).get_columns(_JOURNAL.name))


def _change_of_rules(row: JournalRow, *, before: str | None) -> Sequence[JournalRow]:
    if row.rules is None or row.rules == before:
        return ()
    text = f"the rules are now {row.rules}" + (f", before {before}" if before else "")
    return (JournalRow(at=row.at, kind="rules changed", model=EVERY_MODEL, version="-", target="", rules=row.rules, who=row.who, via=row.via, text=text),)


def _fitting(row: JournalRow) -> JournalRow:
    """The row as every database keeps it: its sentence without NUL, which PostgreSQL refuses; its names as they are, or not at all."""
    require_kept(row)
    return replace(row, text=row.text.replace("\0", " "))


def _values(link: Link) -> dict[str, Any]:
    row = link.row
    values = {column.name: getattr(row, column.name) for column in _JOURNAL.c if column.name != BODY}
    return {**values, "at": _text(row.at) + NEWER, "detail": json.dumps(dict(row.detail), sort_keys=True), BODY: link.body.decode()}


def _row(found: Mapping[str, Any]) -> JournalRow:
    """Each protected move reads its model's rows: they are taken as they were written; the chain tells if they were changed."""
    body = found.get(BODY)
    return JournalRow(**_columns(found)) if body is None else row_of(body, hash=found["hash"], where=_place(found))


def link_of(found: Mapping[str, Any]) -> Link:
    """Return a row as it lies in its table, by its columns, which may have been changed, and the bytes that its hash is over."""
    body = found.get(BODY)
    if body is None:
        return link_of_version_1(from_data(JournalRow, _columns(found), where=_place(found)))
    said = row_of(body, hash=found["hash"], where=_place(found))
    return Link(row=from_data(JournalRow, vars(said) | _columns(found), where=_place(found)), body=body.encode())


def _columns(found: Mapping[str, Any]) -> dict[str, Any]:
    """What a row's columns say."""
    known = {column.name: found[column.name] for column in _JOURNAL.c if column.name != BODY}
    return {**known, "at": datetime.fromisoformat(found["at"].removesuffix(NEWER)), "detail": json.loads(found["detail"])}


def _place(found: Mapping[str, Any]) -> str:
    return f"{_JOURNAL.name}, row {found['id']}"


def _text(at: datetime) -> str:
    """The time in UTC, as short as Python reads it, so that there is room for `NEWER`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
