"""Draw the rows that a recipe trains on from all rows of an engine's table, and pin them in `data/windows/drawn/`.

The stages read what lies there and nothing else: a table that changes is no input of a pure stage, so what was drawn of it is one, under DVC's digest.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError, ParamsError
from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import in_time
from keepfit.flows.rows.drawn_files import DRAWN, RECORD
from keepfit.flows.rows.engine_source import LiveTable
from keepfit.flows.rows.labels import read_labels
from keepfit.flows.rows.new_folder import new_folder
from keepfit.flows.rows.sources import WHERE as LIVE
from keepfit.flows.rows.sources import with_labels_of
from keepfit.flows.rows.windows import window_decisions
from keepfit.params.row_source import EngineSource
from keepfit.records import DrawnWindow, RecipeDraw, Window, to_json
from keepfit.tables.by_time import rows_of
from keepfit.tables.window_decisions import is_excluded

if TYPE_CHECKING:
    from keepfit.compose.drawing.draw import DrawnRows

KEY = "params.yaml: compose.draws_from"


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Where rows are drawn from, and of which windows' files: those that end by `until` (None: all)."""

    project: Project
    folder: Path
    until: datetime | None

    def run(self) -> RecipeDraw | None:
        """Replace what was drawn before; None where params ask for the windows as they are kept, and then nothing stays that was drawn.

        Raises `ParamsError` for a recipe or a source that cannot be drawn from, and `DataError` for a source without rows that may train.
        """
        if self.project.params.compose.draws_from == "windows":
            shutil.rmtree(self.folder / DRAWN, ignore_errors=True)
            return None
        return self._write(self._draw())

    def _draw(self) -> DrawnRows:
        from keepfit.compose.drawing.draw import draw
        from keepfit.compose.recipe import recipe_of

        params = self.project.params
        if isinstance(params.data.labels, EngineSource):
            what = "labels of an engine's table are joined to rows that come here, not to all of those that may train"
            raise ParamsError(what, where="params.yaml: data.labels", fix="join them in the engine, and name the joined table as data.live")
        windows = list(self._windows)
        rows = self._live.period(windows[0].start, windows[-1].end)
        return draw(rows, windows, params, recipe=recipe_of(params.compose), now=self._now, labels=read_labels(self.project))

    def _write(self, drawn: DrawnRows) -> RecipeDraw:
        from keepfit.compose.drawing.drawn import asked_by, beside_held_out
        from keepfit.compose.recipe import recipe_of
        from keepfit.integrations.tables import read_table, write_parquet

        params, recipe = self.project.params, recipe_of(self.project.params.compose)
        table, told = with_labels_of(self._live, drawn.table, read_labels(self.project), now=self._now), []
        with new_folder(self.folder / DRAWN) as new:
            for window, file in self._windows.items():
                rows = rows_of(table, params.data.time, window)
                write_parquet(beside_held_out(read_table(file), rows, params), new / file.name)
                told.append(DrawnWindow(window=window.id, trainable=drawn.trainable[window.id], drawn=rows.num_rows))
            until = max(window.end for window in self._windows if window.end is not None)
            asked = asked_by(recipe, params)
            record = RecipeDraw(recipe=recipe.name or "", asked=asked, source=params.data.source_name, until=until, windows=tuple(told))
            (new / RECORD).write_text(to_json(record), encoding="utf-8")
        return record

    @property
    def _live(self) -> LiveTable:
        source = self.project.params.data.live
        if not isinstance(source, EngineSource):
            what = "only an engine's table has rows that are not kept: the windows of this source hold all of them"
            raise ParamsError(what, where=KEY, fix="draws_from: windows")
        return LiveTable(project=self.project, source=source, where=LIVE)

    @property
    def _windows(self) -> dict[Window, Path]:
        """The windows that rows are drawn of, with their files, the oldest first."""
        decisions = window_decisions(self.project)
        closed = {window: path for window, path in self._closed.items() if not is_excluded(window.id, decisions)}
        found = {window: path for window, path in closed.items() if self.until is None or (window.end is not None and window.end <= self.until)}
        if not found:
            raise DataError("no closed window may train", where="data/windows", fix="keepfit monitor, then keepfit improve TICKET")
        return found

    @property
    def _closed(self) -> dict[Window, Path]:
        return in_time(_files(self.folder), self.project.params.data)

    @property
    def _now(self) -> datetime:
        """When the newest window that is kept ends: the labels that are due by then count."""
        return max(window.end for window in self._closed if window.end is not None)


def draw_here(project: Project, decision: Mapping[str, Any]) -> RecipeDraw | None:
    """Draw in the checkout, as a decision asks.

    Of the windows before its target; without one, of those before the newest beside a champion, else of all up to `data.as_of`. Raises as `Drawing.run`
    does, and `ProjectError` for a decision that is none.
    """
    from keepfit.compose.decision_file import asked_of

    folder, data = project.root / "data" / "windows", project.params.data
    asked = asked_of(decision, project.baseline.champion)
    newest = max((window.start for window in in_time(_files(folder), data) if window.start is not None), default=None)
    until = asked.target or (newest if asked.champion else data.as_of)
    return Drawing(project=project, folder=folder, until=until).run()


def _files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.parquet"))}
