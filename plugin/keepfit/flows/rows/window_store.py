"""Closed windows of the live source: which there are, and their rows, written once to `.keepfit/windows/` and never again.

A window is closed when its end is not after `until` and the source holds rows from its start on. Without any such row the
source has not been filled up to there yet: the window is left for the next run rather than remembered as empty, and `awaited`
(`flows/monitoring/silences.py` says whether it is overdue). A window
whose rows arrive in parts while it counts as closed keeps the rows of the first look, and the later ones are counted: fill the
source before the window ends, or monitor later. Labels may come later than their rows (`flows/rows/late_labels.py`). Windows that are a
count of rows are told from the closed ones (`tables/count_windows.py`). Of a source that stays with an engine a window's file holds the rows
that were drawn where there are more (`engine_windows.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.flows.rows.engine_windows import counts_of, engine_windows, forget_counts
from keepfit.flows.rows.labels import claimed_labels
from keepfit.flows.rows.late_labels import LateLabels
from keepfit.flows.rows.people_labels import labels_that_count
from keepfit.flows.rows.sources import live_rows
from keepfit.integrations.tables import read_columns, read_table, write_parquet
from keepfit.params.row_source import EngineSource
from keepfit.records import Window
from keepfit.tables.by_time import rows_of, span_of
from keepfit.tables.columns import id_column
from keepfit.tables.count_windows import CountWindows
from keepfit.tables.disagreeing_labels import disagreeing
from keepfit.tables.join_labels import known_labels, together
from keepfit.tables.keyed import strangers
from keepfit.tables.label_delay import due_labels
from keepfit.tables.odd_files import OddFile, may_hold
from keepfit.tables.targets import as_listed

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.flows.rows.engine_source import LiveTable
    from keepfit.flows.rows.engine_windows import EngineWindows
    from keepfit.monitor.detectors.arrivals import Arrivals
    from keepfit.records import WindowCounts
    from keepfit.tables.label_delay import AwaitedLabels
    from keepfit.tables.people_labels import PeopleLabels


@dataclass(frozen=True)
class WindowStore:
    """The windows from `since` on (None: from the source's first row) that are closed at `until`.

    `odd` gets the files that cannot be taken in, `untimed` a sentence on the rows of a file that have no time,
    `remarks` one on each feature that only some files have, and on each feature table.
    """

    project: Project
    since: datetime | None
    until: datetime
    odd: list[OddFile] = field(default_factory=list)
    untimed: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The closed windows in the order of time, without those that a file of the source may have rows of that cannot be taken in now."""
        from keepfit.tables.windows import rows_per_window

        counted = rows_per_window(self.project.params.data.window) is not None
        found = self._counted.since(self.since, self.until) if counted else self._over[: self._arrived]
        return tuple(window for window in found if not self._waits(window))

    def waiting_for(self, odd: OddFile) -> tuple[Window, ...]:
        """The windows that stay open, since an odd file of the source may have rows of them (where windows are a count of rows: or of one before)."""
        from keepfit.tables.windows import rows_per_window

        counted = rows_per_window(self.project.params.data.window) is not None
        found = self._counted.since(self.since, self.until) if counted else self._over
        return tuple(window for window in found if self.file(window) is None and may_hold(odd, window, all_after=counted))

    def _waits(self, window: Window) -> bool:
        from keepfit.tables.windows import rows_per_window

        counted = rows_per_window(self.project.params.data.window) is not None
        return bool(self.odd) and self.file(window) is None and any(may_hold(one, window, all_after=counted) for one in self.odd)

    @property
    def awaited(self) -> Window | None:
        """The first window of time that is over and has no rows yet; None without one, or where a file that may have them cannot be taken in."""
        from keepfit.tables.windows import rows_per_window

        counted = rows_per_window(self.project.params.data.window) is not None
        first = None if counted else next(iter(self._over[self._arrived :]), None)
        return None if first is None or self._waits(first) else first

    def before(self, window: Window) -> Window | None:
        """The window of time before this one, None where this is the first."""
        ids = [one.id for one in self._over]
        at = ids.index(window.id) if window.id in ids else 0
        return self._over[at - 1] if at else None

    @cached_property
    def _over(self) -> tuple[Window, ...]:
        """The windows of time that ended by `until`, whether rows came for them or not."""
        from keepfit.tables.windows import windows_between, windows_covering

        data = self.project.params.data
        if self.since is not None:
            return windows_between(data.window, self.since, self.until, source=data.source_name)
        return () if self._span is None else windows_covering(data.window, self._span[0], self.until, source=data.source_name)

    def rows(self, window: Window) -> pa.Table:
        """Return a closed window's rows as they judge: as `own`, with the labels of people that count; a row that was chosen to be asked about has none."""
        return self.judging(self.own(window))

    def judging(self, own: pa.Table) -> pa.Table:
        """Return rows with their own labels as they judge."""
        return own if self.people is None else self.people.judging(own, self.project.params)

    def chosen(self, rows: pa.Table) -> int:
        """Return how many of the rows have a label of people who were asked about them by choice."""
        return 0 if self.people is None or not rows.num_rows else self.people.chosen_among(rows[id_column(self.project.params)])

    @cached_property
    def people(self) -> PeopleLabels | None:
        """The labels of people that were known by `until`; None: nobody gave any."""
        return labels_that_count(self.project, self.until)

    def own(self, window: Window) -> pa.Table:
        """Return a closed window's rows as they were when it was closed, sorted by time and id, with the labels of their own that came since.

        A window without rows leaves no file.
        """
        kept = self.file(window)
        if kept is not None:
            return as_listed(self.late.complete(window.id, read_table(kept)), self.project.params)
        rows = self._cut(window)
        if rows.num_rows:
            write_parquet(rows, self.project.state / "windows" / f"{window.id}.parquet")
        return rows

    def came(self, window: Window) -> int:
        """How many rows the source holds for a window by now."""
        return int(self._cut(window).num_rows) if self._engine is None else self._engine.live.came(window)

    def file(self, window: Window) -> Path | None:
        """Where a window's rows lie, None if it was not closed yet; what git and DVC know wins over what monitor closed."""
        files = (place / f"{window.id}.parquet" for place in reversed(_places(self.project)))
        return next((file for file in files if file.is_file()), None)

    def labels_to_come(self, window: Window) -> AwaitedLabels:
        """Return which labels of a closed window's rows are not due yet."""
        from keepfit.tables.label_delay import NONE_AWAITED, awaited

        params = self.project.params
        return NONE_AWAITED if params.data.label_delay is None or self.file(window) is None else awaited(self.own(window), params, self.until)

    def forget(self, window: Window) -> None:
        """Open a window again: its next look reads the source."""
        (self.project.state / "windows" / f"{window.id}.parquet").unlink(missing_ok=True)
        forget_counts(self.project, window.id)

    def collect(self, window: Window) -> int:
        """Keep the labels that have come for a closed window's rows since; return how many there were."""
        if self.file(window) is None:
            return 0
        own = self.own(window)
        return self.late.keep(window.id, *due_labels(own, self._labels_of(window, own), self.project.params, self.until))

    def note_people(self, window: Window) -> int:
        """Note which labels of people a window's rows are judged by, closing it if it was not; return for how many rows that changed."""
        if self.people is None and not self.late.noted(window.id):
            return 0
        own = self.own(window)
        return self.late.note(window.id, own, self.people) if own.num_rows else 0

    def late_rows(self, window: Window, *, judged: int) -> int:
        """How many rows the source holds for a closed window beyond those it was `judged` on."""
        from keepfit.tables.windows import number_of

        number, kept = number_of(window.id), self.file(window)
        if number is not None:
            return self._counted.late(number)
        if self._engine is not None:
            return self._engine.late(window, kept, judged=judged)
        if (rows := self._cut(window)).num_rows <= judged:
            return 0
        key = id_column(self.project.params)
        return rows.num_rows if kept is None else len(strangers(rows[key], read_table(kept)[key]))

    def disagreeing(self, window: Window) -> tuple[str, ...]:
        """The ids of a closed window's rows whose labels are not one value: of its file, of those that came later, of all known by now."""
        kept, params = self.file(window), self.project.params
        if kept is None:
            return ()
        rows = read_table(kept)
        claims = together(self._claims_of(window, rows), self.late.came(window.id))
        return disagreeing(rows, claims, key=id_column(params), target=params.model.target)

    @cached_property
    def late(self) -> LateLabels:
        """What came after the windows were closed."""
        return LateLabels(self.project)

    def counts(self, window: Window) -> WindowCounts | None:
        """How many rows a window has of which some were drawn, and what was counted of all; None where all of them are kept."""
        return counts_of(self.project, window.id)

    def _labels_of(self, window: Window, rows: pa.Table) -> pa.Table:
        """Every label that is known by now, those of the live source before those of `data.labels`: of these rows at least."""
        return self._labels if self._reads_all else known_labels(self._claims_of(window, rows), self.project.params)

    def _claims_of(self, window: Window, rows: pa.Table) -> pa.Table:
        """All that the live source and `data.labels` say of labels, as (id, target): of these rows at least."""
        if self._engine is not None:
            return self._engine.claims(window, rows)
        if self._reads_all:
            return self._claims
        ids = rows[id_column(self.project.params)]
        return together(known_labels(self.live, self.project.params), claimed_labels(self.project, odd=self.odd, ids=ids))

    @property
    def _reads_all(self) -> bool:
        """Whether all labels are read here, once."""
        return self._engine is None and not isinstance(self.project.params.data.labels, EngineSource)

    @cached_property
    def _labels(self) -> pa.Table:
        return known_labels(self._claims, self.project.params)

    @cached_property
    def _claims(self) -> pa.Table:
        return together(known_labels(self.live, self.project.params), claimed_labels(self.project, odd=self.odd))

    @cached_property
    def _engine(self) -> EngineWindows | None:
        """The windows of a source that stays with an engine; None where rows are read here."""
        return engine_windows(self.project, self.until, odd=self.odd)

    @property
    def live_table(self) -> LiveTable | None:
        """The source where it stays with an engine; None where rows are read here."""
        return None if self._engine is None else self._engine.live

    @property
    def times(self) -> Arrivals:
        """When the source's rows came."""
        from keepfit.monitor.source_times import arrivals_of

        if self._engine is not None:
            return self._engine.live.times.arrivals
        return arrivals_of(self.whole[self.project.params.data.time])

    @cached_property
    def _arrived(self) -> int:
        """How many of the windows have been closed before or have rows from their start on."""
        for number in range(len(self._over), 0, -1):
            window = self._over[number - 1]
            if self.file(window) is not None or (self._span is not None and window.start is not None and self._span[1] >= window.start):
                return number
        return 0

    def _cut(self, window: Window) -> pa.Table:
        if window.first_row is not None and window.last_row is not None:
            return self.whole.slice(window.first_row, window.last_row - window.first_row)
        if self._engine is not None:
            return self._engine.cut(window)
        return rows_of(self.live, self.project.params.data.time, window)

    @property
    def _counted(self) -> CountWindows:
        """The count windows beside those closed by now."""
        files, columns = closed_files(self.project), [self.project.params.data.time, id_column(self.project.params)]
        return CountWindows(params=self.project.params, rows=self.whole, closed=files, keys=lambda window: read_columns(files[window], columns))

    @cached_property
    def live(self) -> pa.Table:
        """The source's rows from `since` on."""
        return live_rows(self.project, start=self.since, end=self.until, odd=self.odd, untimed=self.untimed, remarks=self.remarks)

    @cached_property
    def whole(self) -> pa.Table:
        """All the source's rows."""
        return live_rows(self.project, start=None, end=self.until, odd=self.odd, untimed=self.untimed, remarks=self.remarks)

    @cached_property
    def _span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last of the source's rows happened."""
        if self._engine is not None:
            self.untimed.extend(self._engine.live.untimed)
            self.remarks.extend(self._engine.live.opened.remarks)
            return self._engine.live.times.span
        return span_of(self.live, self.project.params.data.time)


def closed_files(project: Project) -> dict[str, Path]:
    """Return the file of each closed window by id; what git and DVC know wins over what monitor closed."""
    return {path.stem: path for place in _places(project) for path in place.glob("*.parquet") if not path.name.startswith(".")}


def _places(project: Project) -> tuple[Path, Path]:
    """Where closed windows lie, what wins last."""
    return (project.state / "windows", project.root / "data" / "windows")
