"""The windows that a retraining could learn from at the close of a window: the template's history, and all closed before it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import closed_windows, timed
from keepfit.flows.rows.made_rows import suite_of_made
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.ledger.view import LedgerView
from keepfit.monitor.rules.season import period_last_year
from keepfit.records import Window
from keepfit.tables.by_time import parts
from keepfit.tables.columns import id_column
from keepfit.tables.join_labels import labelled_rows
from keepfit.tables.keyed import without_rows
from keepfit.tables.window_decisions import unsound
from keepfit.tables.windows import rows_per_window, windows_covering

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.compose.assemble import Sources
    from keepfit.compose.curation.rules import Curation

LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class KnownWindows:
    """Tables of windows, without those that are blocked and nobody has decided on."""

    project: Project
    store: WindowStore

    def until(self, window: Window, view: LedgerView) -> Sources:
        """Return the windows up to and with this one, what was set aside in them, and what people decided."""
        from keepfit.compose.assemble import Sources
        from keepfit.flows.rows.windows import window_decisions

        before = list(self._before(window, unsound=self.unsound(view)))
        known = [*reversed(before), (window, self.store.own(window))]
        return Sources(
            tables={one.id: rows for one, rows in known},
            windows=[one for one, _ in known],
            quarantined={*self._quarantine, *view.aside},
            decisions=window_decisions(self.project),
            curation=self._curation,
            people=self.store.people,
            suite=suite_of_made(self.project),
        )

    def between(self, start: datetime, end: datetime, view: LedgerView) -> tuple[pa.Table, ...]:
        """Return the calendar windows inside `[start, end)`, without those that are blocked or excluded and without rows set aside."""
        unsound, aside = self.unsound(view), {*self._quarantine, *view.aside}
        return tuple(
            without_rows(self.store.judging(rows()), [row for window, row in aside if window == one.id], id_column(self.project.params))
            for one, rows in self._newest_first()
            if one.id not in unsound and one.number is None and one.start is not None and start <= one.start < end
        )

    def last_year(self, window: Window, view: LedgerView) -> Sequence[pa.Table]:
        """Return the sound rows of the window's period last year; where no window is known what the live source still holds."""
        period = period_last_year(window)
        if period is None:
            return ()
        return self.between(*period, view) or self._live(*period, unsound=self.unsound(view))

    def _live(self, start: datetime, end: datetime, *, unsound: Collection[str]) -> Sequence[pa.Table]:
        """The rows of a period that the live source still holds, without those of unsound windows."""
        from keepfit.flows.rows.sources import live_rows

        data, rows = self.project.params.data, live_rows(self.project, start=start, end=end, odd=[])
        if rows_per_window(data.window) is not None:
            return (rows,)
        # the longest window, a month, may begin in the period and end after it
        sound = [window for window in windows_covering(data.window, start, end + LONGEST) if window.id not in unsound]
        return parts(rows, data.time, sound)

    def unsound(self, view: LedgerView) -> frozenset[str]:
        """The ids of windows that a person excluded, or that are blocked and nobody has decided on."""
        from keepfit.flows.rows.windows import window_decisions

        return unsound(view.blocked, window_decisions(self.project))

    def _before(self, window: Window, *, unsound: Collection[str]) -> Iterator[tuple[Window, pa.Table]]:
        """The sound windows before this one, newest first, as far back as any of them can train.

        A recipe of the recent ones only lets a look at a new window cost the same however long the history is.
        """
        from keepfit.compose.recipe import recipe_of

        target, enough = self.project.params.model.target, recipe_of(self.project.params.compose).windows_needed
        found = 0
        for one, rows in self._newest_first():
            if found == enough:
                return
            if one.order < window.order and one.id not in unsound and (table := rows()).num_rows:
                found += bool(labelled_rows(table if self.store.people is None else self.store.people.training(table, self.project.params), target))
                yield one, table

    def _newest_first(self) -> Iterator[tuple[Window, Callable[[], pa.Table]]]:
        """Every window, and what reads its rows, with the labels known by now; the template's history is older than all that was closed."""
        files = closed_windows(self.project)
        for window in reversed(files):
            yield window, partial(self._closed, window.id, files[window])
        closed = {window.id for window in files}
        history = [timed(name, None, self.project.params.data) for name in self._history.keys() - closed]
        for window in sorted(history, key=lambda one: one.order, reverse=True):
            yield window, partial(self._history.__getitem__, window.id)

    def _closed(self, name: str, file: Path) -> pa.Table:
        from keepfit.integrations.tables import read_table

        return self.store.late.complete(name, read_table(file))

    @cached_property
    def _curation(self) -> Curation:
        """The rules on single rows, which may speak of a column that only some windows have."""
        from keepfit.flows.rows.curation import curation
        from keepfit.integrations.tables import columns_of

        rules = curation(self.project)
        if not rules.needed:
            return rules
        files = (name for file in closed_windows(self.project).values() for name in columns_of(file))
        return replace(rules, columns=frozenset(files) | {name for rows in self._history.values() for name in rows.column_names})

    @cached_property
    def _history(self) -> Mapping[str, pa.Table]:
        from keepfit.flows.stages.ingest import history_windows

        return history_windows(self.project.params)

    @cached_property
    def _quarantine(self) -> set[tuple[str, str]]:
        """What the last validation of the pipeline set aside."""
        path = self.project.root / "build" / "validate" / "quarantine.parquet"
        if not path.is_file():
            return set()
        from keepfit.integrations.tables import read_table

        table = read_table(path)
        return set(zip(table["window"].to_pylist(), table["row_id"].to_pylist(), strict=True))
