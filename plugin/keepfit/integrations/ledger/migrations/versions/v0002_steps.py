"""Steps of the policy are kept; those taken before are not in the table."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, String, Text, inspect

revision, down_revision = "0002", None


def upgrade() -> None:
    """Make the table, unless the keepfit before this one did: it made what was missing and kept no revision."""
    if inspect(op.get_bind()).has_table("keepfit_steps"):
        return
    op.create_table(
        "keepfit_steps",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("model", String(255), nullable=False, index=True),
        Column("ticket", String(80), index=True),
        Column("record", Text, nullable=False),
    )
