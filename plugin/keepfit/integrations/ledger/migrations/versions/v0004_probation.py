"""Promotions on probation: what they promised and what they delivered."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, String, Text

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Make the table; promotions of before are judged when the next window is."""
    op.create_table(
        "keepfit_probation",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("model", String(255), nullable=False),
        Column("champion", String(80), nullable=False),
        Column("displaced", String(80), nullable=False),
        Column("record", Text, nullable=False),
    )
    op.create_index("ix_keepfit_probation_pair", "keepfit_probation", ["model", "champion", "displaced"])
