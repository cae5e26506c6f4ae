"""The champion's rivals, asked for the rows of a window: a scout (a retraining on what was known before it) and the champion that served before.

The scout is the very training that `improve` would do for this window, without its records; so what it gains is what a
candidate would gain, no more certain than the window's rows allow. It is judged on the window's labelled rows outside the
permanent holdout, as a candidate is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, KeepfitError, TrainError
from keepfit.flows.monitoring.champion import Served, project_scorer, scored
from keepfit.flows.project import Project
from keepfit.flows.retraining.adoption import bring_out
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Baseline, Evidence, JudgedWindow, Pin, Window, WindowOrder
from keepfit.tables.columns import id_column
from keepfit.tables.frames import to_frame
from keepfit.tables.keyed import without_rows
from keepfit.update.rivals import LabelledRows, Paired, impossible, same_model

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.compose.assemble import Composed
    from keepfit.flows.monitoring.known_windows import KnownWindows
    from keepfit.integrations.ledger.view import LedgerView
    from keepfit.integrations.models.scorer import Scorer
    from keepfit.monitor.champion import Floats


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """Puts a rival's scores beside the champion's, row by row."""

    project: Project
    served: Served
    store: WindowStore
    known: KnownWindows
    _since: dict[str, tuple[WindowOrder, Paired]] = field(default_factory=dict)

    @property
    def baseline(self) -> Baseline:
        """Who serves, and who served before."""
        return self.project.baseline

    def scout(self, rows: pa.Table, scores: Floats, window: Window, view: LedgerView) -> Paired | Evidence | None:
        """Return a retraining on the windows before this one beside the champion; nothing gained if the champion has seen them all."""
        params = self.project.params
        if params.update.scout_every is None:
            return None
        if not self._is_outgrown(window):
            judging = LabelledRows.of(params, rows, scores)
            return same_model(params.evaluate.metric, n=len(judging.y)) if len(judging.y) else None
        try:
            ids, rival = self._train(window, view)
            judging = LabelledRows.of(params, rows, scores).among(ids, id_column(params))
            return judging.beside(scored(rival, judging.rows))
        except (DataError, TrainError) as bad:
            return impossible("scout", params.evaluate.metric, bad)

    def _is_outgrown(self, window: Window) -> bool:
        """Whether there are rows between the champion's training data and the window."""
        pin = self.baseline.champion
        return pin is not None and window.start is not None and (pin.trained_until is None or pin.trained_until < window.start)

    def _train(self, window: Window, view: LedgerView) -> tuple[set[str], Scorer]:
        """Train on what was known at the window's start; return the ids of the rows that may judge, and the scout's scorer."""
        from keepfit.flows.models.training import train_once

        params = self.project.params
        parts = self._composed(window, view)
        with tempfile.TemporaryDirectory() as scratch:
            repo = self.project.repo if params.train.command is not None else None
            train_once(params, to_frame(parts.train), Path(scratch) / "scout", repo=repo, profile=False)
            scorer = project_scorer(self.project, Path(scratch) / "scout")
        return set(parts.evaluate[id_column(params)].to_pylist()), scorer

    def _composed(self, window: Window, view: LedgerView) -> Composed:
        """What `improve` would compose at the window's close, from the windows that are known by then."""
        from keepfit.compose.assemble import CompositionRequest, compose
        from keepfit.compose.samplers.sampler import sampler_of

        params, pin = self.project.params, self.baseline.champion
        asked = CompositionRequest(action="improve", target=window.start, champion=True, champion_trained_until=pin.trained_until if pin else None)
        return compose(self.known.until(window, view), asked, params, id_column=id_column(params), sampler=sampler_of(params.compose))

    # -- the previous champion ------------------------------------------------------------------------------------------

    def regret(self, rows: pa.Table, scores: Floats, window: Window, since: Sequence[JudgedWindow]) -> tuple[Paired, ...] | Evidence | None:
        """Return the previous champion beside this one, window by window since the promotion; None if there is none.

        `since` are the windows judged under this champion.
        """
        previous, params = self.baseline.previous, self.project.params
        if previous is None or not self._is_later(window):
            return None
        try:
            self._since[window.id] = (window.order, self._beside(rows, scores))
            before = self._earlier(window, since)
            for seen in before:
                if seen.window.id not in self._since:
                    self._since[seen.window.id] = (seen.window.order, self._again(seen))
        except KeepfitError as bad:
            return impossible("regret", params.evaluate.metric, bad, subject=previous.version)
        return tuple(found for _, found in sorted(self._since.values(), key=lambda one: one[0]))

    def _beside(self, rows: pa.Table, scores: Floats) -> Paired:
        judging = LabelledRows.of(self.project.params, rows, scores)
        return judging.beside(scored(self._previous, judging.rows))

    def _again(self, seen: JudgedWindow) -> Paired:
        """Both models' scores on a window that an earlier run judged."""
        rows = without_rows(self.store.rows(seen.window), seen.quarantined, id_column(self.project.params))
        return self._beside(rows, scored(self.served.scorer, rows).values)

    @cached_property
    def _previous(self) -> Scorer:
        if self.baseline.previous is None:
            raise DataError("no previous champion")
        return project_scorer(self.project, former_model(self.project, self.baseline.previous))

    def _earlier(self, window: Window, since: Sequence[JudgedWindow]) -> list[JudgedWindow]:
        """The windows judged since the promotion, without those that a person excluded or nobody has decided on."""
        sound = [one for one in since if one.sound and self._is_later(one.window)]
        return [one for one in sound if one.window.start is not None and window.start is not None and one.window.start < window.start]

    def _is_later(self, window: Window) -> bool:
        """Whether the window is later than all that trained either model: no model is judged on rows it has learned from."""
        pins = [pin for pin in (self.baseline.champion, self.baseline.previous) if pin is not None]
        return window.start is not None and all(pin.trained_until is None or pin.trained_until <= window.start for pin in pins)


def former_model(project: Project, pin: Pin) -> Path:
    """Return the folder with a former champion's train out, downloaded once; `ServerError` if it cannot be had."""
    folder = project.state / "models" / f"{pin.version}-{pin.digest.removeprefix('sha256:')[:12]}"
    if not (folder / "meta.json").is_file():
        runs = Mlflow(project.tracking_uri)
        version = runs.version(pin.model, pin.version)
        with tempfile.TemporaryDirectory(prefix="keepfit-former-") as scratch:
            bring_out(runs, version, runs.download(version, Path(scratch, "model")), folder)
    return folder
