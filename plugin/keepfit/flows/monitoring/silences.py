"""Windows that end in silence: the source brought no more rows though they were due (`monitor/detectors/silence.py`).

The window in which a source falls silent is blocked: what is left of it is no fair sample of its time, and the rest may still come. It is not
closed, and judged when the source has more of its rows, or when a person has decided on it. The windows after it stay for later while
nothing comes; once rows come again, those that stayed empty are told by the ticket of the first. A count of rows has no time at which it is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.rows.engine_windows import rows_of_closed
from keepfit.flows.rows.window_store import WindowStore, closed_files
from keepfit.integrations.tables import read_columns, rows_in_parquet
from keepfit.monitor.measures import is_of_source
from keepfit.records import Evidence, JudgedWindow, Window
from keepfit.tables.windows import is_of_size, parse_window_id, rows_per_window

if TYPE_CHECKING:
    from keepfit.monitor.detectors.arrivals import Arrivals

GRACE = 0.25
"""A window that begins in silence is told this part of its length after its end: a batch may come late."""


@dataclass(frozen=True)
class Silences:
    """What the source's times say of windows; the closed windows stand for rows that the source has dropped."""

    store: WindowStore

    def of(self, window: Window) -> Evidence | None:
        """Return the evidence that the window ends in silence, None if it does not."""
        from keepfit.monitor.detectors.arrivals import not_arrived

        if self.arrivals is None or window.start is None or window.end is None:
            return None
        return not_arrived(self.arrivals, start=window.start, end=window.end)

    def goes_on(self, window: Window) -> bool:
        """Whether an empty window lies in the silence that the one before it ended in."""
        before = self.store.before(window)
        return before is not None and self.of(before) is not None

    def awaited(self) -> Window | None:
        """The first window that is over and has no rows yet, if it ends in silence that no window before it has told of."""
        window = self.store.awaited
        if window is None or self.of(window) is None or self.goes_on(window):
            return None
        return window if window.end is not None and self._over(window, window.end) else None

    def _over(self, window: Window, end: datetime) -> bool:
        return window.start is not None and self.store.until >= end + GRACE * (end - window.start)

    @cached_property
    def arrivals(self) -> Arrivals | None:
        """When rows came, as far as is known; None where windows are a count of rows."""
        from keepfit.monitor.source_times import dropped, with_kept

        project = self.store.project
        data = project.params.data
        if rows_per_window(data.window) is not None:
            return None
        times = self.store.times
        files = {parse_window_id(name): file for name, file in closed_files(project).items() if is_of_size(name, data.window)}
        rows = {window: rows_of_closed(project, window.id, file) or rows_in_parquet(file) for window, file in files.items()}
        gone = dropped(times, rows)
        return with_kept(times, [(window, read_columns(files[window], [data.time])[data.time], rows[window]) for window in gone])


def is_silent(seen: JudgedWindow) -> bool:
    """Whether a window is blocked because no rows came at its end."""
    return seen.status == "blocked" and tells_silence(seen.evidence)


def tells_silence(evidence: tuple[Evidence, ...]) -> bool:
    """Whether evidence says that no rows came though they were due."""
    return any(is_of_source(one) and one.effect for one in evidence)
