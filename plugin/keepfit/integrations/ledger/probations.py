"""The table of promotions on probation: one row a pair of a champion and the model it displaced, in the order in which they were first judged."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import PROBATION
from keepfit.integrations.ledger.stored import read, written
from keepfit.records import Probation


class ProbationRows(LedgerRows):
    """What promotions promised and delivered."""

    def probations(self, model: str) -> tuple[Probation, ...]:
        """Return all promotions of a model that were on probation, oldest first."""
        query = select(PROBATION.c.record).where(PROBATION.c.model == model).order_by(PROBATION.c.number)
        return tuple(read(Probation, text) for text in self._of(model).execute(query).scalars())

    def save_probation(self, found: Probation) -> None:
        """Write a new pair, or replace what was known of it: the same version promoted twice over the same one is one pair."""
        here = (PROBATION.c.model == found.model, PROBATION.c.champion == found.champion, PROBATION.c.displaced == found.displaced)
        connection = self._of(found.model)
        before = connection.execute(select(PROBATION.c.record).where(*here)).scalar_one_or_none()
        values = {"model": found.model, "champion": found.champion, "displaced": found.displaced, "record": written(found, over=before)}
        connection.execute(insert(PROBATION).values(values) if before is None else update(PROBATION).where(*here).values(values))
