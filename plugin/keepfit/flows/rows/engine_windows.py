"""The closed windows of a source that stays with an engine: what comes here of each, how many rows it has, and the labels that came for those kept.

Beside the rows of a window that were drawn lies how many there were (`.keepfit/windows/WINDOW.counts.json`), and what was counted of all of them. Blind to
labels and late rows of what was not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.flows.rows.engine_source import LiveTable
from keepfit.flows.rows.labels import claimed_labels
from keepfit.flows.rows.sources import drawn_rows, with_labels_of
from keepfit.integrations.tables import read_columns, rows_in_parquet
from keepfit.params.row_source import EngineSource
from keepfit.records import Window, WindowCounts, from_json, to_json
from keepfit.tables.columns import id_column
from keepfit.tables.join_labels import known_labels, together
from keepfit.tables.keyed import strangers

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from keepfit.flows.rows.row_files import Odd

SUFFIX = ".counts.json"


@dataclass(frozen=True, kw_only=True)
class EngineWindows:
    """The windows of one engine's table at one time; `odd` gets files of labels that cannot be taken in."""

    live: LiveTable
    until: datetime
    odd: Odd = None
    _claims: dict[str, pa.Table] = field(default_factory=dict)

    def cut(self, window: Window) -> pa.Table:
        """Return the rows of a window that come here, and note how many there are where these are not all."""
        rows = drawn_rows(self.live, [window], odd=self.odd, now=self.until)
        came = self.live.came(window)
        if rows.num_rows and came > self.live.project.params.data.sample_rows:
            keep_counts(self.live.project, WindowCounts(window=window.id, rows=came, drawn=rows.num_rows))
        return rows

    def late(self, window: Window, kept: Path | None, *, judged: int) -> int:
        """How many rows the source has for a window beyond those it was `judged` on; where only some are kept, by their number alone."""
        came = self.live.came(window)
        if came <= judged or kept is None or came > self.live.project.params.data.sample_rows:
            return max(0, came - judged)
        key = id_column(self.live.project.params)
        return len(strangers(drawn_rows(self.live, [window], odd=self.odd, now=self.until)[key], read_columns(kept, [key])[key]))

    def claims(self, window: Window, kept: pa.Table) -> pa.Table:
        """Return all that the source and `data.labels` say of the labels of the rows that are kept, as (id, target); each window is asked once."""
        if window.id not in self._claims:
            self._claims[window.id] = self._claimed(window, kept[id_column(self.live.project.params)])
        return self._claims[window.id]

    def _claimed(self, window: Window, ids: pa.ChunkedArray) -> pa.Table:
        params = self.live.project.params
        claimed = claimed_labels(self.live.project, odd=self.odd, ids=ids)
        rows = self.live.of_ids(ids, self._of_labels, rows=self.live.period(window.start, window.end))
        known = with_labels_of(self.live, rows, None if claimed is None else known_labels(claimed, params), now=self.until)
        return together(known_labels(known, params), claimed)

    @property
    def _of_labels(self) -> list[str]:
        """The columns that say whose label it is: where ids are made from content all of them."""
        data, names = self.live.project.params.data, self.live.rows.schema.names
        if data.id is None:
            return list(names)
        return [name for name in (data.id, data.time, data.group, self.live.project.params.model.target) if name is not None]


def engine_windows(project: Project, until: datetime, *, odd: Odd = None) -> EngineWindows | None:
    """Return the windows of a source that stays with an engine; None where rows are read here."""
    from keepfit.flows.rows.sources import WHERE

    source = project.params.data.live
    if not isinstance(source, EngineSource):
        return None
    return EngineWindows(live=LiveTable(project=project, source=source, where=WHERE, until=until), until=until, odd=odd)


# -- what lies beside the rows that were drawn --------------------------------------------------------------------------


def counts_of(project: Project, window: str) -> WindowCounts | None:
    """Return how many rows a window has of which some were drawn, and what was counted of all; None where all are kept, or nobody counted here."""
    path = _path(project, window)
    return from_json(WindowCounts, path.read_bytes(), where=str(path)) if path.is_file() else None


def keep_counts(project: Project, counts: WindowCounts) -> None:
    """Write that down, whole or not at all."""
    path = _path(project, counts.window)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(to_json(counts), encoding="utf-8")
    new.replace(path)


def forget_counts(project: Project, window: str) -> None:
    """Forget how many rows a window has."""
    _path(project, window).unlink(missing_ok=True)


def rows_of_closed(project: Project, window: str, file: Path) -> int | None:
    """Return how many rows a closed window has; None where its file holds rows that were drawn and nobody counted here."""
    counts, kept = counts_of(project, window), rows_in_parquet(file)
    if counts is not None:
        return counts.rows
    drawn = isinstance(project.params.data.live, EngineSource) and kept >= project.params.data.sample_rows
    return None if drawn else kept


def _path(project: Project, window: str) -> Path:
    return project.state / "windows" / f"{window}{SUFFIX}"
