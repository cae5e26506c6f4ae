"""Deliveries: one row an event and a subscriber who hears of it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, Integer, String, Text, UniqueConstraint

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    """Make the table; older ledgers owe no events."""
    op.create_table(
        "keepfit_deliveries",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("model", String(255), nullable=False),
        Column("event", String(400), nullable=False),
        Column("subscriber", String(255), nullable=False),
        Column("subject", Text, nullable=False),
        Column("status", String(10), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("last_attempt", Integer, nullable=False),
        Column("due", DateTime, nullable=False),
        Column("lease", DateTime),
        Column("owner", String(255)),
        Column("message", String(700)),
        Column("error", Text),
        Column("outcome", Text),
        Column("made", DateTime, nullable=False),
        Column("settled", DateTime),
        UniqueConstraint("event", "subscriber"),
    )
    op.create_index("ix_keepfit_deliveries_of", "keepfit_deliveries", ["model", "status"])
