"""Reading the journal where it lies: in the registry's database, by whoever may read that.

MLflow has no verb for it, so these commands run where the server runs, or with a read-only login to its database.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import KeepfitError, ProjectError
from keepfit.gate.chain import Link
from keepfit.integrations.journal import Head, Journal
from keepfit.integrations.mlflow.database import RegistryDatabase, open_database, opens, without_password
from keepfit.records import JournalRow

SCHEME = "keepfit:"
STORE = "KEEPFIT_STORE"
HOME = Path(".keepfit") / "server" / "mlflow.db"


@dataclass(frozen=True)
class RegistryJournal:
    """The journal of one registry's database."""

    database: RegistryDatabase

    def rows(self) -> Sequence[JournalRow]:
        """Return every row, oldest first."""
        return tuple(link.row for link in self.links())

    def links(self) -> Sequence[Link]:
        """Return every row, oldest first, with the bytes that its hash is over."""
        with self.database.session() as session:
            return Journal().links(session)

    def head(self) -> Head:
        """Return the chain's end as the database has it."""
        with self.database.session() as session:
            return Journal().head(session)


def open_journal(store: str | None) -> RegistryJournal:
    """Open the journal of a database; raises `KeepfitError` if it cannot be reached or has none."""
    uri = find_store(store)
    database = open_database(uri)
    with opens(uri):
        there = Journal().exists(database.engine)
    if not there:
        what = "the database has no journal: no gate has judged anything there"
        raise KeepfitError(what, where=without_password(uri), fix="--store URI of the gated server")
    return RegistryJournal(database)


def is_at_hand(store: str | None) -> bool:
    """Whether a database is named here, or lies where `keepfit server` keeps it; whether it can be opened is not asked."""
    return bool(store or _named()) or HOME.is_file()


def can_read(store: str | None) -> bool:
    """Whether there is a journal to be read here; one that is asked for by name must be."""
    if store is not None:
        return True
    try:
        open_journal(None)
    except KeepfitError:
        return False
    return True


def find_store(store: str | None) -> str:
    """Return the database: the one named, `KEEPFIT_STORE`'s, the tracking URI if it is one, else where `keepfit server` keeps it here."""
    named = store or _named()
    if named:
        uri = named.removeprefix(SCHEME)
        if uri.startswith("sqlite:///") and not Path(uri.removeprefix("sqlite:///")).is_file():
            raise ProjectError("no such database", where=without_password(uri), fix="--store URI of the server's database")
        return uri
    if HOME.is_file():
        return f"sqlite:///{HOME.resolve()}"
    raise ProjectError("which database? the journal lies in the registry's", fix=f"--store URI, or {STORE}; run it where the server runs")


def _named() -> str:
    """The database that the environment names, empty if none."""
    tracking = os.environ.get("MLFLOW_TRACKING_URI", "")
    return os.environ.get(STORE) or (tracking if _is_database(tracking) else "")


def _is_database(uri: str) -> bool:
    return bool(uri) and not uri.startswith(("http:", "https:", "file:", "databricks", "/", "."))
