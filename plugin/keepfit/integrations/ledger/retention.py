"""What a ledger holds of a model, and what of it nobody reads any more: steps and windows of champions that are long gone.

Tickets, promotions on probation and the keys of effects that were done are kept for ever: they are small, and what they say must not happen twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, select

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import DELIVERIES, OUTBOX, PROBATION, STATE, STEPS, TICKETS, WINDOWS
from keepfit.integrations.ledger.stored import read
from keepfit.records import PolicyStep, record

TEXTS = {"windows": (WINDOWS, "record"), "steps": (STEPS, "record"), "tickets": (TICKETS, "record"), "promotions": (PROBATION, "record")}
TEXTS |= {"state": (STATE, "record"), "effects": (OUTBOX, "payload"), "messages": (DELIVERIES, "event")}
BATCH = 500


@record
class TableSize:
    """How many rows of a model a table holds, and the characters of their records."""

    table: str
    rows: int
    characters: int


@record
class Superseded:
    """Rows that can go: `windows` by (champion, id), `steps` and `messages` by number, and the characters of the records of the first two."""

    windows: tuple[tuple[str, str], ...]
    steps: tuple[int, ...]
    messages: tuple[int, ...]
    characters: int


class RetentionRows(LedgerRows):
    """What there is, and what can go."""

    def sizes(self, model: str) -> tuple[TableSize, ...]:
        """Return what each table holds of a model."""
        return tuple(self._size(model, name, table, column) for name, (table, column) in TEXTS.items())

    def superseded(self, model: str, *, before: datetime, champions: Collection[str]) -> Superseded:
        """Return what can go of a model: what lies wholly before a time (in the table's clock) and that nothing asks for.

        Windows go with their champion, once the last of them has ended: those of `champions` (digests: the pinned one, and the one before it, to which
        a rollback leads back) never, nor a window that is blocked, or that set rows aside which must not train. A step goes with its window's time,
        unless its ticket is not resolved; a message that was delivered or dropped goes, what it was about is kept, so that it is sent to nobody again.
        """
        windows, steps = self._windows(model, before, champions), self._steps(model, before)
        return Superseded(
            windows=tuple(key for key, _ in windows),
            steps=tuple(number for number, _ in steps),
            messages=self._messages(model, before),
            characters=sum(size for _, size in (*windows, *steps)),
        )

    def remove(self, model: str, gone: Superseded) -> None:
        """Remove these rows."""
        connection = self._of(model)
        for champion, window in gone.windows:
            connection.execute(delete(WINDOWS).where(WINDOWS.c.model == model, WINDOWS.c.champion == champion, WINDOWS.c.window == window))
        for table, numbers in ((STEPS, gone.steps), (DELIVERIES, gone.messages)):
            for some in _batches(numbers):
                connection.execute(delete(table).where(table.c.model == model, table.c.number.in_(some)))

    def _size(self, model: str, name: str, table: Table, column: str) -> TableSize:
        query = select(func.count(), func.coalesce(func.sum(func.length(table.c[column])), 0)).where(table.c.model == model)
        rows, characters = self._connection.execute(query).one()
        return TableSize(table=name, rows=rows, characters=characters)

    def _windows(self, model: str, before: datetime, champions: Collection[str]) -> list[tuple[tuple[str, str], int]]:
        here = WINDOWS.c
        of_model: ColumnElement[bool] = here.model == model
        ends = select(here.champion, func.max(here.ends), func.count() - func.count(here.ends)).where(of_model).group_by(here.champion)
        gone = [name for name, last, untimed in self._of(model).execute(ends) if name not in champions and not untimed and last <= before]
        query = (
            select(here.champion, here.window, here.record).where(of_model, here.status == "seen", here.champion.in_(gone)).order_by(here.ends, here.champion)
        )
        return [((row.champion, row.window), len(row.record)) for row in self._of(model).execute(query) if '"quarantined":[]' in row.record]

    def _messages(self, model: str, before: datetime) -> tuple[int, ...]:
        here = DELIVERIES.c
        query = select(here.number).where(here.model == model, here.status.in_(("delivered", "dropped")), here.settled < before).order_by(here.number)
        return tuple(self._of(model).execute(query).scalars())

    def _steps(self, model: str, before: datetime) -> list[tuple[int, int]]:
        open_ = set(self._of(model).execute(select(TICKETS.c.id).where(TICKETS.c.model == model, TICKETS.c.status != "resolved")).scalars())
        query = select(STEPS.c.number, STEPS.c.ticket, STEPS.c.record).where(STEPS.c.model == model).order_by(STEPS.c.number)
        found = []
        for row in self._of(model).execute(query):
            if row.ticket in open_:
                continue
            if read(PolicyStep, row.record).now > before:
                break  # steps are appended in the order of time
            found.append((row.number, len(row.record)))
        return found


def _batches(numbers: Iterable[int]) -> Iterable[tuple[int, ...]]:
    every = tuple(numbers)
    return (every[start : start + BATCH] for start in range(0, len(every), BATCH))
