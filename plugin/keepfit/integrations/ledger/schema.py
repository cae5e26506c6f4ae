"""The ledger's tables as they are today; `migrations/` says how older ones become these.

Every table says whose rows it holds (`model`), so that many models share one ledger. `record` is a record's JSON as it was written; the other columns are
copies of what is looked up. A window lies where its time is (`starts`, `ends`, `number` of a count window), never where its id sorts.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

SCHEMA = 3
"""The major version: an older keepfit refuses a ledger of a newer one by this number (`keepfit_ledger`), whatever it knows of revisions."""
REVISIONS = ("0002", "0003", "0004", "0005")
"""The revisions of `migrations/versions` in their order; the last one is these tables."""
VERSION_TABLE = "keepfit_ledger_version"

META = MetaData()
ABOUT = Table("keepfit_ledger", META, Column("schema", Integer, nullable=False))
VERSION = Table(VERSION_TABLE, META, Column("version_num", String(32), primary_key=True))
WINDOWS = Table(
    "keepfit_windows",
    META,
    Column("model", String(255), primary_key=True),
    Column("champion", String(80), primary_key=True),
    Column("window", String(40), primary_key=True),
    Column("status", String(10), nullable=False),
    Column("record", Text, nullable=False),
    Column("starts", DateTime),
    Column("ends", DateTime),
    Column("number", Integer),
    Index("ix_keepfit_windows_time", "model", "champion", "starts", "ends", "number"),
)
STATE = Table(
    "keepfit_state",
    META,
    Column("model", String(255), primary_key=True),
    Column("champion", String(80), nullable=False),
    Column("record", Text, nullable=False),
)
TICKETS = Table(
    "keepfit_tickets",
    META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("model", String(255), nullable=False),
    Column("id", String(80), nullable=False),
    Column("status", String(20), nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_keepfit_tickets_id", "model", "id"),
    Index("ix_keepfit_tickets_status", "model", "status"),
)
STEPS = Table(
    "keepfit_steps",
    META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("model", String(255), nullable=False),
    Column("ticket", String(80)),
    Column("record", Text, nullable=False),
    Index("ix_keepfit_steps_of", "model", "ticket"),
)
OUTBOX = Table(
    "keepfit_outbox",
    META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String(400), nullable=False, unique=True),
    Column("verb", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Column("done", Integer, nullable=False, default=0),
    Column("model", String(255), nullable=False),
    Index("ix_keepfit_outbox_due", "model", "verb", "done"),
)
PROBATION = Table(
    "keepfit_probation",
    META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("model", String(255), nullable=False),
    Column("champion", String(80), nullable=False),
    Column("displaced", String(80), nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_keepfit_probation_pair", "model", "champion", "displaced"),
)
DELIVERIES = Table(
    "keepfit_deliveries",
    META,
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
    Index("ix_keepfit_deliveries_of", "model", "status"),
)
