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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from keepfit.errors import KeepfitError, LedgerError
from keepfit.flows.project import Project
from keepfit.flows.tickets.event_setting import setting_of, table_time
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.gate.history import DEFAULT_WORKSPACE
from keepfit.gate.questions import ANSWER, HISTORY
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.mlflow.rest import Rest
from keepfit.records import Event, Told, from_json

SEEN = "journal-seen"
"""The verb of the outbox's one row a model that says up to which row the journal is known. It is never settled."""


@dataclass(frozen=True, kw_only=True)
class SeenUpTo:
    """The newest row that was known of a journal: its number (0: it had none of the model) and hash, and where it was read, as a digest."""

    row: int
    hash: str
    place: str


@dataclass(frozen=True, kw_only=True)
class ModelRows:
    """A model's rows in a journal: the `newest` (number and hash; 0 without any), and what reads them all when there is news."""

    newest: tuple[int, str]
    read: Callable[[], Told]


def hear_journal(project: Project, *, say: Callable[[str], None], ledger: Ledger | None = None) -> int:
    """Owe the events of the journal's rows since the last look, and return how many; a journal that cannot be read is one line.

    `ledger` is the project's where it is open already.
    """
    model = project.params.model.name
    try:
        with _rows(project.tracking_uri, model) as rows:
            if rows is None:
                return 0
            with nullcontext(ledger) if ledger is not None else ledger_of(project) as here:
                return _owe_news(project, here, rows)
    except LedgerError:
        raise
    except KeepfitError as away:
        say(f"{away.what}; what was promoted or refused there is reported by a later run")
        return 0


def _owe_news(project: Project, ledger: Ledger, rows: ModelRows) -> int:
    model, (row, digest) = project.params.model.name, rows.newest
    now = SeenUpTo(row=row, hash=digest, place=sha256(project.tracking_uri.encode()).hexdigest()[:16])
    with ledger.reading() as book:
        before = _seen(book.owed(model, SEEN))
    if now == before:
        return 0
    events = () if before is None else _news(project, rows.read(), before, place=now.place)
    with ledger.transaction() as book:
        owed = [book.owe_event(event) for event in events]
        book.keep(Owed(model=model, key=f"{SEEN}:{model}", verb=SEEN, payload=vars(now)))
    return sum(owed)


def _news(project: Project, told: Told, before: SeenUpTo, *, place: str) -> Sequence[Event]:
    after = known_up_to([(row.id, row.hash) for row in told.rows], before, older=told.older, place=place)
    if after is None:
        return ()
    from keepfit.report.events.promotion import moves

    clock = [table_time(project, row.at) for row in told.rows]
    return moves(told.rows, after=after, clock=clock, setting=setting_of(project))


def known_up_to(rows: Sequence[tuple[int, str]], before: SeenUpTo, *, older: int, place: str) -> int | None:
    """Return the number behind which rows (number and hash) are news; None if these rows are of another journal than was seen.

    >>> seen = SeenUpTo(row=7, hash="sha256:aa", place="here")
    >>> known_up_to([(7, "sha256:aa"), (9, "sha256:bb")], seen, older=0, place="elsewhere")
    7
    >>> known_up_to([(7, "sha256:cc")], seen, older=0, place="here") is None
    True
    """
    if before.row == 0:
        return 0 if place == before.place else None
    if (before.row, before.hash) in rows:
        return before.row
    left_out = older > 0 and bool(rows) and rows[0][0] > before.row
    return before.row if left_out else None


def _seen(owed: Sequence[Owed]) -> SeenUpTo | None:
    return SeenUpTo(**owed[0].payload) if owed else None


# -- where the rows are -----------------------------------------------------------------------------------------------------


@contextmanager
def _rows(uri: str, model: str) -> Iterator[ModelRows | None]:
    """Give a model's rows; None where there is no journal of it."""
    database = uri.removeprefix("keepfit:")
    if uri.startswith(("http://", "https://")):
        _, tags = Rest(uri).tags_at(model, HISTORY) or ("", {})
        yield _answered(tags[ANSWER]) if ANSWER in tags else None
    elif database.startswith(("sqlite:", "postgresql", "mysql", "mssql")) and _is_there(database):
        with _kept(database, model) as kept:
            yield kept
    else:
        yield None


def _answered(text: str) -> ModelRows | None:
    """What a server has answered; read as a record only where there is news."""
    try:
        rows = json.loads(text)["rows"]
        newest = (int(rows[-1]["id"]), str(rows[-1]["hash"])) if rows else (0, "")
    except (ValueError, TypeError, LookupError):
        return None
    return ModelRows(newest=newest, read=lambda: from_json(Told, text, where="the gate's journal"))


def _is_there(database: str) -> bool:
    """Whether a file is there: one that is not must not be made by looking."""
    return not database.startswith("sqlite:///") or Path(database.removeprefix("sqlite:///")).is_file()


@contextmanager
def _kept(database: str, model: str) -> Iterator[ModelRows | None]:
    """The rows where they lie."""
    from keepfit.integrations.journal import Journal
    from keepfit.integrations.mlflow.database import open_database, opens

    journal, here, workspace = Journal(), open_database(database), os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE
    try:
        with opens(database):
            there = journal.exists(here.engine)
        if not there:
            yield None
            return
        with here.engine.connect() as connection:
            newest = journal.newest(connection, model, workspace=workspace)
            yield ModelRows(newest=newest or (0, ""), read=lambda: Told(rows=tuple(journal.rows(connection, model, workspace=workspace))))
    finally:
        here.engine.dispose()
