"""The outbox says whose effects it holds, a window where its time lies, and what is looked up has an index."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"

COUNT_ID = re.compile(r"^rows-(\d{6,})$")
WINDOWS = sa.table(
    "keepfit_windows",
    *(sa.column(name, sa.String) for name in ("model", "champion", "window", "record")),
    sa.column("starts", sa.DateTime),
    sa.column("ends", sa.DateTime),
    sa.column("number", sa.Integer),
)
OUTBOX = sa.table(
    "keepfit_outbox", sa.column("number", sa.Integer), sa.column("key", sa.String), sa.column("payload", sa.String), sa.column("model", sa.String)
)


def upgrade() -> None:
    """Add the columns and fill them from what the rows hold."""
    op.add_column("keepfit_windows", sa.Column("starts", sa.DateTime))
    op.add_column("keepfit_windows", sa.Column("ends", sa.DateTime))
    op.add_column("keepfit_windows", sa.Column("number", sa.Integer))
    op.add_column("keepfit_outbox", sa.Column("model", sa.String(255)))
    _place_windows(op.get_bind())
    _name_owners(op.get_bind())
    with op.batch_alter_table("keepfit_outbox") as outbox:
        outbox.alter_column("model", existing_type=sa.String(255), nullable=False)
    op.create_index("ix_keepfit_windows_time", "keepfit_windows", ["model", "champion", "starts", "ends", "number"])
    op.create_index("ix_keepfit_tickets_id", "keepfit_tickets", ["model", "id"])
    op.create_index("ix_keepfit_tickets_status", "keepfit_tickets", ["model", "status"])
    op.create_index("ix_keepfit_steps_of", "keepfit_steps", ["model", "ticket"])
    op.create_index("ix_keepfit_outbox_due", "keepfit_outbox", ["model", "verb", "done"])
    for table, column in (("tickets", "model"), ("steps", "model"), ("steps", "ticket")):
        op.drop_index(f"ix_keepfit_{table}_{column}", f"keepfit_{table}", if_exists=True)
    op.execute("UPDATE keepfit_ledger SET schema = 3")


def _place_windows(connection: sa.Connection) -> None:
    for row in connection.execute(sa.select(WINDOWS)).all():
        window = json.loads(row.record).get("window") or {}
        count = COUNT_ID.match(row.window)
        when = {"starts": _time(window.get("start")), "ends": _time(window.get("end")), "number": int(count[1]) if count else None}
        here = (WINDOWS.c.model == row.model, WINDOWS.c.champion == row.champion, WINDOWS.c.window == row.window)
        connection.execute(sa.update(WINDOWS).where(*here).values(when))


def _name_owners(connection: sa.Connection) -> None:
    """An effect's model is in its payload; where it is not, in its key, `verb:model:…`."""
    for row in connection.execute(sa.select(OUTBOX)).all():
        model = json.loads(row.payload).get("model") or row.key.partition(":")[2].partition(":")[0]
        connection.execute(sa.update(OUTBOX).where(OUTBOX.c.number == row.number).values(model=model))


def _time(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
