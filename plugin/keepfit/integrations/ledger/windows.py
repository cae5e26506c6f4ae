"""The table of judged windows: one row a (model, champion, window), in the order of time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from keepfit.integrations.ledger.rows import LedgerRows
from keepfit.integrations.ledger.schema import WINDOWS
from keepfit.integrations.ledger.stored import read, written
from keepfit.records import JudgedWindow, WindowOrder, WindowStatus


@dataclass(frozen=True)
class WindowRow:
    """A window's row; its record is parsed when it is first asked for, its place in time is known without it."""

    champion: str
    window: str
    status: WindowStatus
    text: str
    order: WindowOrder

    @cached_property
    def seen(self) -> JudgedWindow:
        """What was found in the window."""
        return read(JudgedWindow, self.text)


class WindowRows(LedgerRows):
    """What was found in windows."""

    def window(self, model: str, champion: str, window: str) -> JudgedWindow | None:
        """Return what was found in the window under the champion (its digest), None if it was not judged yet."""
        found = self._window(model, champion, window)
        return None if found is None else found.seen

    def windows(self, model: str, champion: str | None) -> tuple[JudgedWindow, ...]:
        """Return all windows judged under the champion (its digest; None: under any), in the order of time."""
        return tuple(row.seen for row in self.window_rows(model, champion))

    def window_rows(self, model: str, champion: str | None = None, *, among: Collection[str] | None = None) -> tuple[WindowRow, ...]:
        """Return the rows of `windows`, their records not yet parsed; `among`: of the windows with these ids only."""
        here, by = WINDOWS.c, (WINDOWS.c.starts, WINDOWS.c.ends, WINDOWS.c.number, WINDOWS.c.champion, WINDOWS.c.window)
        query = _rows().where(here.model == model).order_by(*by)
        query = query if champion is None else query.where(here.champion == champion)
        query = query if among is None else query.where(here.window.in_(among))
        return tuple(row_of(row) for row in self._of(model).execute(query))

    def record_window(self, seen: JudgedWindow) -> bool:
        """Write what was found; False (and nothing written) if the window is already seen. A blocked window may be judged again."""
        before = self._window(seen.model, seen.champion, seen.window.id)
        if before is not None and before.status == "seen":
            return False
        if before is not None:
            self._replace(seen, before)
            return True
        key = {"model": seen.model, "champion": seen.champion, "window": seen.window.id}
        when = {"starts": seen.window.start, "ends": seen.window.end, "number": seen.window.number}
        self._of(seen.model).execute(insert(WINDOWS).values(**key, **when, status=seen.status, record=written(seen)))
        return True

    def rescore_window(self, seen: JudgedWindow) -> None:
        """Replace what was found in a window that is seen: more of its labels, or more rows, have come."""
        before = self._window(seen.model, seen.champion, seen.window.id)
        if before is not None and before.status == "seen":
            self._replace(seen, before)

    def _window(self, model: str, champion: str, window: str) -> WindowRow | None:
        query = _rows().where(WINDOWS.c.model == model, WINDOWS.c.champion == champion, WINDOWS.c.window == window)
        found = self._of(model).execute(query).one_or_none()
        return None if found is None else row_of(found)

    def _replace(self, seen: JudgedWindow, before: WindowRow) -> None:
        here = (WINDOWS.c.model == seen.model, WINDOWS.c.champion == seen.champion, WINDOWS.c.window == seen.window.id)
        when = {"starts": seen.window.start, "ends": seen.window.end, "number": seen.window.number}
        self._of(seen.model).execute(update(WINDOWS).where(*here).values(**when, status=seen.status, record=written(seen, over=before.text)))


def row_of(row: Row[Any]) -> WindowRow:
    """Return a row of the table as it is asked for by its columns."""
    order = WindowOrder(start=row.starts, end=row.ends, number=row.number)
    return WindowRow(champion=row.champion, window=row.window, status=row.status, text=row.record, order=order)


def _rows() -> Select[Any]:
    here = WINDOWS.c
    return select(here.champion, here.window, here.status, here.record, here.starts, here.ends, here.number)
