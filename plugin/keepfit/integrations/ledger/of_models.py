"""What an overview of many models reads: one query a table, whatever their number. Only for a transaction that looks: no model's lock is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TypeVar

from sqlalchemy import func, select

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import DELIVERIES, TICKETS, WINDOWS
from keepfit.integrations.ledger.stored import read
from keepfit.integrations.ledger.windows import WindowRow, row_of
from keepfit.records import Ticket

Value = TypeVar("Value")


class ManyModelRows(LedgerRows):
    """Rows of many models at once."""

    def newest_windows(self, models: Collection[str], *, each: int) -> dict[str, tuple[WindowRow, ...]]:
        """Return of each model its newest windows under any champion, newest first, their records not parsed; a model without windows is left out."""
        here = WINDOWS.c
        newest = (func.coalesce(here.ends, here.starts).desc().nulls_last(), here.number.desc().nulls_last(), here.window.desc(), here.champion)
        place = func.row_number().over(partition_by=here.model, order_by=newest).label("place")
        placed = select(*here, place).where(here.model.in_(models)).subquery()
        found = self._connection.execute(select(placed).where(placed.c.place <= each).order_by(placed.c.model, placed.c.place))
        return _by_model((row.model, row_of(row)) for row in found)

    def unresolved_tickets(self, models: Collection[str]) -> dict[str, tuple[Ticket, ...]]:
        """Return of each model the tickets that are not resolved, oldest first; a model without any is left out."""
        here = TICKETS.c
        query = select(here.model, here.record).where(here.model.in_(models), here.status != "resolved").order_by(here.number)
        return _by_model((row.model, read(Ticket, row.record)) for row in self._connection.execute(query))

    def given_up(self, models: Collection[str]) -> dict[str, int]:
        """Return of each model how many messages were given up; a model without any is left out."""
        here = DELIVERIES.c
        query = select(here.model, func.count()).where(here.model.in_(models), here.status == "dead").group_by(here.model)
        return {model: int(count) for model, count in self._connection.execute(query)}


def _by_model(found: Iterable[tuple[str, Value]]) -> dict[str, tuple[Value, ...]]:
    kept: defaultdict[str, list[Value]] = defaultdict(list)
    for model, value in found:
        kept[model].append(value)
    return {model: tuple(values) for model, values in kept.items()}
