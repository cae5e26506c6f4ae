"""The record of one event on its way to one subscriber."""

from __future__ import annotations

from datetime import datetime

from keepfit.records.form import record
from keepfit.records.words import DeliveryStatus


@record
class Delivery:
    """One event for one subscriber, as the ledger keeps it; all times are UTC without a zone.

    `message` is the key of the message that it first went out in: whatever is tried again is tried in that one. It is given up at attempt
    `last_attempt`. `lease` is until when the worker `owner` may be busy with it; `error` is why the last attempt failed, `outcome` what became of it.
    """

    schema: int = 1
    number: int
    model: str
    event: str
    subscriber: str
    subject: str
    status: DeliveryStatus = "waiting"
    attempts: int = 0
    last_attempt: int
    due: datetime
    lease: datetime | None = None
    owner: str | None = None
    message: str | None = None
    error: str | None = None
    outcome: str | None = None
    made: datetime
    settled: datetime | None = None
