"""The events that a project's ledger owes, or owed, whether somebody heard of them or not."""

from __future__ import annotations

import json

import sqlalchemy as sa

from keepfit.flows.project import Project
from keepfit.integrations.ledger.schema import OUTBOX
from keepfit.records import Event, from_data


def owed(project: Project) -> list[Event]:
    """Return the events in the outbox, in the order in which they were owed."""
    engine = sa.create_engine(project.ledger_uri)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(OUTBOX.c.payload).where(OUTBOX.c.verb == "event").order_by(OUTBOX.c.number)).scalars().all()
    engine.dispose()
    return [from_data(Event, json.loads(row)) for row in rows]
