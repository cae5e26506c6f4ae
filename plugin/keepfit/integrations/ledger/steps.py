"""The table of the policy's steps: appended, never changed, so that what a ticket rests on stays readable."""

from __future__ import annotations

from sqlalchemy import insert, select

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import STEPS
from keepfit.integrations.ledger.stored import read, written
from keepfit.records import PolicyStep


class StepRows(LedgerRows):
    """Steps of the policy as they were taken."""

    def record_step(self, step: PolicyStep) -> None:
        """Append a step of the policy as it was taken."""
        self._of(step.model).execute(insert(STEPS).values(model=step.model, ticket=step.ticket, record=written(step)))

    def step_of(self, model: str, ticket: str) -> PolicyStep | None:
        """Return the step that opened the ticket, None if it was opened before ledgers kept steps."""
        query = select(STEPS.c.record).where(STEPS.c.model == model, STEPS.c.ticket == ticket).order_by(STEPS.c.number).limit(1)
        found = self._of(model).execute(query).scalar_one_or_none()
        return None if found is None else read(PolicyStep, found)
