"""Deliveries as text for people: what waits, what is dead and why. A function record -> text: same record, same bytes."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.records import Delivery
from keepfit.report.tables import inline, markdown_table

SHOWN, SAID = 50, 100


def deliveries_table(deliveries: Sequence[Delivery]) -> str:
    """Return one line a delivery, the newest fifty: id, status, who, which event, how often it was tried, when next, and why it did not arrive."""
    rows = [(one.number, one.status, one.subscriber, one.event, one.attempts, _when(one), _why(one)) for one in deliveries[-SHOWN:]]
    more = f"… and {len(deliveries) - SHOWN} older\n" if len(deliveries) > SHOWN else ""
    return markdown_table(("id", "status", "subscriber", "event", "attempts", "next (UTC)", "what became of it"), rows) + more


def _when(one: Delivery) -> str:
    moment = {"waiting": one.due, "leased": one.lease}.get(one.status)
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _why(one: Delivery) -> str:
    busy = f"being delivered by {one.owner}; " if one.status == "leased" else ""
    return inline(busy + (one.outcome or one.error or ""))[:SAID]
