"""The table of the policy's state: one row a model."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import STATE
from keepfit.integrations.ledger.stored import read, written
from keepfit.records import PolicyState


class StateRows(LedgerRows):
    """What the policy remembers."""

    def state(self, model: str) -> tuple[PolicyState, str | None]:
        """Return the policy's state of a model and the champion (digest) it was written under; a fresh state and None at first."""
        row = self._of(model).execute(select(STATE.c.record, STATE.c.champion).where(STATE.c.model == model)).one_or_none()
        return (PolicyState(), None) if row is None else (read(PolicyState, row.record), row.champion)

    def save_state(self, model: str, champion: str, state: PolicyState) -> None:
        """Replace the policy's state of a model."""
        connection = self._of(model)
        before = connection.execute(select(STATE.c.record).where(STATE.c.model == model)).scalar_one_or_none()
        values = {"champion": champion, "record": written(state, over=before)}
        saved = insert(STATE).values(model=model, **values) if before is None else update(STATE).where(STATE.c.model == model).values(values)
        connection.execute(saved)
