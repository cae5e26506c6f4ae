"""Refusals of verbs that need no evidence to be refused: a sentence with its code, written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.fails_closed import error, in_short
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stored import Stored


@dataclass(frozen=True)
class Refusals:
    """Says no, and writes it down."""

    sessions: Sessions
    stored: Stored
    book: Book

    def refuse(self, code: str, model: str, version: int | None, text: str) -> NoReturn:
        """Refuse; of a model that is not there it leaves no row, or anybody could fill the journal."""
        row = self.book.row("refused", model, version or "-", target=code, text=in_short(f"keepfit refused: [{code}] {text}"))
        if self._is_there(model):
            self.book.write_down(row)
        raise error(row.text, "PERMISSION_DENIED")

    def _is_there(self, model: str) -> bool:
        with self.sessions.read() as session:
            return self.stored.is_there(session, model)
