"""The table of judged windows: one row a (model, champion, window), in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Row, Select, insert, select, update

from keepfit.integrations.ledger.rows import Rows
from keepfit.integrations.ledger.schema import WINDOWS
from keepfit.integrations.ledger.stored import read, written
from keepfit.records import JudgedWindow, WindowStatus


@dataclass(frozen=True)
class WindowRow:
    """A window's row; its record is parsed when it is first asked for."""

    champion: str
    window: str
    status: WindowStatus
    text: str

    @cached_property
    def seen(self) -> JudgedWindow:
        """What was found in the window."""
        return read(JudgedWindow, self.text)


class WindowRows(Rows):
    """What was found in windows."""

    def window(self, model: str, champion: str, window: str) -> JudgedWindow | None:
        """Return what was found in the window under the champion (its digest), None if it was not judged yet."""
        found = self._window(model, champion, window)
        return None if found is None else found.seen

    def windows(self, model: str, champion: str | None) -> tuple[JudgedWindow, ...]:
        """Return all windows judged under the champion (its digest; None: under any), in the order of time."""
        return tuple(row.seen for row in self.window_rows(model, champion))

    def window_rows(self, model: str, champion: str | None = None) -> tuple[WindowRow, ...]:
        """Return the rows of `windows`, their records not yet parsed."""
        here, by = WINDOWS.c, (WINDOWS.c.starts, WINDOWS.c.ends, WINDOWS.c.number, WINDOWS.c.champion, WINDOWS.c.window)
        query = _rows().where(here.model == model).order_by(*by)
        query = query if champion is None else query.where(here.champion == champion)
        return tuple(_row(row) for row in self._of(model).execute(query))

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
        return None if found is None else _row(found)

    def _replace(self, seen: JudgedWindow, before: WindowRow) -> None:
        here = (WINDOWS.c.model == seen.model, WINDOWS.c.champion == seen.champion, WINDOWS.c.window == seen.window.id)
        when = {"starts": seen.window.start, "ends": seen.window.end, "number": seen.window.number}
        self._of(seen.model).execute(update(WINDOWS).where(*here).values(**when, status=seen.status, record=written(seen, over=before.text)))


def _row(row: Row[tuple[str, str, str, str]]) -> WindowRow:
    return WindowRow(champion=row.champion, window=row.window, status=row.status, text=row.record)


def _rows() -> Select[tuple[str, str, str, str]]:
    return select(WINDOWS.c.champion, WINDOWS.c.window, WINDOWS.c.status, WINDOWS.c.record)
