"""Records to write into ledgers."""

from __future__ import annotations

from datetime import datetime

from keepfit.records import Decision, JudgedWindow, Ticket, Window
from keepfit.tables.windows import parse_window_id

MODEL, CHAMPION = "m", "sha256:aa"


def judged(window="2013-02", status="seen", rows=10, **changes):
    place = window if isinstance(window, Window) else parse_window_id(window, source="rows.csv")
    decision = Decision(window=place.id, action="continue", ground=None, cause=None, target=None, reasons=("nothing changed",))
    values = {"model": MODEL, "champion": CHAMPION, "version": "1", "window": place, "status": status, "rows": rows, "decision": decision}
    return JudgedWindow(**(values | changes))


def ticket(name="2013-02-harm", **changes):
    values = {
        "id": name,
        "model": MODEL,
        "champion": "1",
        "action": "improve",
        "ground": "harm",
        "cause": "harm:overall",
        "window": "2013-02",
        "opened": datetime(2013, 3, 1),
        "target": "2013-02-01",
        "reasons": ("worse",),
        "evidence": (),
        "affected": "all rows",
        "next": (f"keepfit improve {name}",),
    }
    return Ticket(**(values | changes))


def as_released(database):
    """Take out of a ledger's tables what a migration puts in: what is left is of schema 2."""
    for index in ("windows_time", "tickets_id", "tickets_status", "steps_of", "outbox_due"):
        database.execute(f"DROP INDEX ix_keepfit_{index}")
    for table, column in (("windows", "starts"), ("windows", "ends"), ("windows", "number"), ("outbox", "model")):
        database.execute(f"ALTER TABLE keepfit_{table} DROP COLUMN {column}")
    database.execute("CREATE INDEX ix_keepfit_tickets_model ON keepfit_tickets (model)")
    database.execute("DROP TABLE keepfit_ledger_version")
    database.execute("UPDATE keepfit_ledger SET schema = 2")
