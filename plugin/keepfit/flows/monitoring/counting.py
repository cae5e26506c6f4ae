"""A window of which only some rows came here, counted where it lies: once for a champion, and again for another one while the source has its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.models.shipped_model import ShippedModel
from keepfit.flows.project import Project
from keepfit.flows.rows.engine_windows import keep_counts
from keepfit.flows.rows.window_store import WindowStore
from keepfit.records import Window, WindowCounts
from keepfit.tables.passes import run_pass

if TYPE_CHECKING:
    from keepfit.monitor.champion import Champion


@dataclass(frozen=True, kw_only=True)
class Counting:
    """Counts windows for one champion, whose model is loaded where the rows are."""

    project: Project
    store: WindowStore
    champion: Champion
    say: Callable[[str], None] = field(default=lambda _: None)

    def of(self, window: Window, known: WindowCounts) -> WindowCounts:
        """Return what is known of a window with its counts for the champion; without them where the source has its rows no more."""
        if known.profile is not None and (known.reference, known.scored_by) == (self.champion.stream, self._scored_by):
            return known
        live = self.store.live_table
        if live is None or live.came(window) < known.rows:
            return replace(known, profile=None, steps=())
        from keepfit.monitor.window_counts import CountWindow

        self.say(f"window {window.id}: {known.rows:,} rows are counted where they are")
        look = CountWindow.of(self.champion, window, live.rows.schema.names, self._model)
        counts = replace(look.counts(run_pass(live.period(window.start, window.end), look), known), scored_by=self._scored_by)
        keep_counts(self.project, counts)
        return counts

    @property
    def _scored_by(self) -> str:
        return "" if self._model is None else self._model.digest

    @cached_property
    def _model(self) -> ShippedModel | None:
        """The model as it is sent; None where the project's own command predicts, which runs in a copy of the repository, here."""
        if self.champion.meta.flavor == "command" and self.project.params.train.predict is not None:
            return None
        return ShippedModel.of(self.project.champion_dir, self.project.params.model.classes)
