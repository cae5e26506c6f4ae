"""The events of the gate's journal: promoted, refused, rolled back happen inside the MLflow server, which knows of no hook; whoever runs next reads of them.

The journal's newer rows of the model are asked of the server, or read in the registry's database where that is the tracking URI. The outbox remembers up to
which row they are known, and each event has its row's key: whatever dies in between, each is owed once. The first look at a journal reports nothing, neither
years of history nor its last row: it is from then on that people are there to hear of a promotion or a refusal. So is the first look at another journal, and
at one whose rows are not those that were seen: the database was taken back, or lies elsewhere now. A server that is away, or has no gate, leaves everything to
the next look.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from keepfit.errors import KeepfitError
from keepfit.flows.project import Project
from keepfit.flows.tickets.event_setting import setting_of, table_time
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.gate.history import DEFAULT_WORKSPACE
from keepfit.gate.questions import ANSWER, HISTORY
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.mlflow.rest import Rest
from keepfit.records import Event, JournalRow, Told, from_data, to_data

SEEN = "journal-seen"
"""The verb of the outbox's one row a model that says up to which row the journal is known. It is never settled."""


@dataclass(frozen=True, kw_only=True)
class SeenUpTo:
    """The newest row that was known of a journal: its number (0: it had none of the model) and hash, and where it was read, as a digest."""

    row: int
    hash: str
    place: str


def hear_journal(project: Project, *, say: Callable[[str], None], ledger: Ledger | None = None) -> int:
    """Owe the events of the journal's rows since the last look, and return how many; a journal that cannot be read is one line.

    `ledger` is the project's where it is open already.
    """
    model = project.params.model.name
    try:
        told = _rows(project.tracking_uri, model)
    except KeepfitError as away:
        say(f"{away.what}; what was promoted or refused there is reported by a later run")
        return 0
    if told is None:
        return 0
    with nullcontext(ledger) if ledger is not None else ledger_of(project) as here:
        return _owe_news(project, here, told)


def _owe_news(project: Project, ledger: Ledger, told: Mapping[str, Any]) -> int:
    model, now = project.params.model.name, _newest(told, place=_place(project.tracking_uri))
    with ledger.reading() as book:
        before = _seen(book.owed(model, SEEN))
    if now == before:
        return 0
    events = () if before is None else _news(project, told, before, place=now.place)
    with ledger.transaction() as book:
        owed = [book.owe_event(event) for event in events]
        book.keep(Owed(model=model, key=f"{SEEN}:{model}", verb=SEEN, payload=vars(now)))
    return sum(owed)


def _news(project: Project, told: Mapping[str, Any], before: SeenUpTo, *, place: str) -> Sequence[Event]:
    after = known_up_to(told["rows"], before, older=int(told.get("older", 0)), place=place)
    if after is None:
        return ()
    from keepfit.report.events.promotion import moves

    rows = from_data(Told, told, where="the gate's journal").rows
    clock = [table_time(project, row.at) for row in rows]
    return moves(rows, after=after, clock=clock, setting=setting_of(project))


def known_up_to(rows: Sequence[Mapping[str, Any]], before: SeenUpTo, *, older: int, place: str) -> int | None:
    """Return the number behind which rows are news; None if these rows are of another journal than was seen.

    >>> seen = SeenUpTo(row=7, hash="sha256:aa", place="here")
    >>> known_up_to([{"id": 7, "hash": "sha256:aa"}, {"id": 9, "hash": "sha256:bb"}], seen, older=0, place="elsewhere")
    7
    >>> known_up_to([{"id": 7, "hash": "sha256:cc"}], seen, older=0, place="here") is None
    True
    """
    if before.row == 0:
        return 0 if place == before.place else None
    if any((row["id"], row["hash"]) == (before.row, before.hash) for row in rows):
        return before.row
    left_out = older > 0 and bool(rows) and int(rows[0]["id"]) > before.row
    return before.row if left_out else None


def _newest(told: Mapping[str, Any], *, place: str) -> SeenUpTo:
    rows = told["rows"]
    return SeenUpTo(row=int(rows[-1]["id"]), hash=str(rows[-1]["hash"]), place=place) if rows else SeenUpTo(row=0, hash="", place=place)


def _seen(owed: Sequence[Owed]) -> SeenUpTo | None:
    return SeenUpTo(**owed[0].payload) if owed else None


def _place(uri: str) -> str:
    return sha256(uri.encode()).hexdigest()[:16]


# -- where the rows are -----------------------------------------------------------------------------------------------------


def _rows(uri: str, model: str) -> Mapping[str, Any] | None:
    """What is said of the model's rows, as the record `Told` in plain values; None where there is no journal of it."""
    if uri.startswith(("http://", "https://")):
        _, tags = Rest(uri).tags_at(model, HISTORY) or ("", {})
        return _answered(tags[ANSWER]) if ANSWER in tags else None
    database = uri.removeprefix("keepfit:")
    if not database.startswith(("sqlite:", "postgresql", "mysql", "mssql")) or not _is_there(database):
        return None
    return _kept(database, model)


def _answered(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("rows"), list) else None


def _is_there(database: str) -> bool:
    """Whether a file is there: one that is not must not be made by looking."""
    return not database.startswith("sqlite:///") or Path(database.removeprefix("sqlite:///")).is_file()


def _kept(database: str, model: str) -> Mapping[str, Any] | None:
    """The rows where they lie."""
    from keepfit.integrations.journal import Journal
    from keepfit.integrations.mlflow.database import open_database, opens

    here = open_database(database)
    try:
        with opens(database):
            if not Journal().exists(here.engine):
                return None
            with here.session() as session:
                rows: Sequence[JournalRow] = Journal().rows(session, model, workspace=os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE)
        return dict(to_data(Told(rows=tuple(rows))))
    finally:
        here.engine.dispose()
