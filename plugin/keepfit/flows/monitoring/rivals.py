"""The champion's rivals, asked for the rows of a window: a scout (a retraining on what was known before it) and the champion that served before.

The scout is the very training that `improve` would do for this window, without its records; so what it gains is what a
candidate would gain, no more certain than the window's rows allow. It is judged on the window's labelled rows outside the
permanent holdout, as a candidate is.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, KeepfitError, ParamsError, TrainError
from keepfit.flows.models.training import train_once
from keepfit.flows.monitoring.champion import Served, project_scorer, scored
from keepfit.flows.monitoring.kept_scouts import KeptScouts, ScoutName
from keepfit.flows.project import Project
from keepfit.flows.retraining.adoption import bring_out
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Baseline, Evidence, JudgedWindow, Pin, Window, WindowOrder
from keepfit.tables.columns import id_column
from keepfit.tables.frames import to_frame
from keepfit.tables.keyed import without_rows
from keepfit.tables.labels import labelled
from keepfit.tables.training_rows import recipe_key, training_key
from keepfit.tables.windows import windows_covering
from keepfit.update.rivals import LabelledRows, Paired, impossible, same_model

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.compose.composed import Composed
    from keepfit.flows.monitoring.known_windows import KnownWindows
    from keepfit.integrations.ledger.view import LedgerView
    from keepfit.integrations.models.scorer import Scorer
    from keepfit.monitor.champion import Floats


@dataclass(frozen=True, kw_only=True)
class Scouted:
    """A scout beside the champion (evidence where it could not be had, or would be the champion), and beside the scout before it; None: there is none."""

    scout: Paired | Evidence | None = None
    newer: Paired | None = None


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """Puts a rival's scores beside the champion's, row by row."""

    project: Project
    served: Served
    store: WindowStore
    known: KnownWindows
    say: Callable[[str], None] = field(default=lambda _: None)
    _since: dict[str, tuple[WindowOrder, Paired]] = field(default_factory=dict)

    @property
    def baseline(self) -> Baseline:
        """Who serves, and who served before."""
        return self.project.baseline

    def scout(self, rows: pa.Table, scores: Floats, window: Window, view: LedgerView) -> Scouted:
        """Return a retraining on the windows before this one beside the champion, and beside the scout before it; nothing where none is due."""
        params = self.project.params
        if not self._is_due(window, view) or not LabelledRows.of(params, rows, scores).rows.num_rows:
            return Scouted()
        try:
            return self._scout(rows, scores, window, view)
        except (DataError, ParamsError, TrainError) as bad:  # a recipe may have no rows as yet
            return Scouted(scout=impossible("scout", params.evaluate.metric, bad))

    def _is_due(self, window: Window, view: LedgerView) -> bool:
        """Whether a scout is tried on the window: on each labelled one, on every n-th under a champion, or on none."""
        every, pin = self.project.params.update.scout_every, self.baseline.champion
        if every is None or pin is None:
            return False
        labelled = [seen for seen in view.before(pin.digest, window) if seen.sound and seen.labelled]
        scouted = [number for number, seen in enumerate(labelled) if any(one.kind == "scout" for one in seen.evidence)]
        return len(labelled) - (scouted[-1] if scouted else -1) >= every or any(one.kind == "scout" for one in self._evidence(window, view))

    def _evidence(self, window: Window, view: LedgerView) -> Sequence[Evidence]:
        """What the window said when it was judged before: it is scored again as labels came."""
        pin = self.baseline.champion
        seen = None if pin is None else view.window(pin.digest, window.id)
        return () if seen is None else seen.evidence

    def _scout(self, rows: pa.Table, scores: Floats, window: Window, view: LedgerView) -> Scouted:
        if self._has_seen_all(window):
            return self._champion_again(LabelledRows.of(self.project.params, rows, scores), window)
        params, key = self.project.params, id_column(self.project.params)
        parts = self._composed(window, view)
        made = labelled(params, to_frame(parts.train))
        name = ScoutName(window=window.id, recipe=recipe_key(params), rows=training_key(params, made))
        judging = LabelledRows.of(params, rows, scores).among(set(parts.evaluate[key].to_pylist()), key)
        same = self.served.scorer.meta.made_from == f"{name.recipe}:{name.rows}"
        before = self.kept.before(window, name.recipe)
        folder = self.kept.keep(name, lambda out: self._make(name, made, out, champion=same))
        scout = scored(project_scorer(self.project, folder), judging.rows)
        found = same_model(params.evaluate.metric, n=len(judging.y), trained=len(made), refit=params.update.refit) if same else None
        newer = None
        if before is not None and self._lag(before[0], window) == params.update.scout_every:
            older = scored(project_scorer(self.project, before[1]), judging.rows)
            newer = judging.of_another(older.values).beside(scout, trained=len(made))
        return Scouted(scout=found or judging.beside(scout, trained=len(made)), newer=newer)

    def _has_seen_all(self, window: Window) -> bool:
        """Whether no rows came between the champion's and the window, for a champion that does not say what it is made from."""
        pin, made = self.baseline.champion, self.served.scorer.meta.made_from
        return not made and pin is not None and window.start is not None and pin.trained_until is not None and pin.trained_until >= window.start

    def _champion_again(self, judging: LabelledRows, window: Window) -> Scouted:
        """The champion as its own scout, kept for the next one to be compared with; which rows made it nobody wrote down."""
        params, pin = self.project.params, self.baseline.champion
        name = ScoutName(window=window.id, recipe=recipe_key(params), rows="" if pin is None else pin.digest.removeprefix("sha256:"))
        self.kept.keep(name, lambda out: self._make(name, None, out, champion=True))
        return Scouted(scout=same_model(params.evaluate.metric, n=len(judging.y), refit=params.update.refit))

    def _make(self, name: ScoutName, rows: pd.DataFrame | None, out: Path, *, champion: bool) -> None:
        """Leave the scout's model in a folder: a copy of the champion, or of one that was trained on the same rows, or a new one."""
        known = self.project.champion_dir if champion else self.kept.of(name)
        if known is not None or rows is None:
            known = known or self.project.champion_dir
            shutil.copytree(known, out, ignore=shutil.ignore_patterns("profile.json"))
            return
        params = self.project.params
        self.say(f"window {name.window}: training a scout on {len(rows):,} rows; it is kept in .keepfit/scouts, a run that is stopped goes on from there")
        train_once(params, rows, out, repo=self.project.repo if params.train.command is not None else None, profile=False)

    def _lag(self, earlier: Window, window: Window) -> int:
        """How many windows later a window is than another, as windows are cut."""
        if earlier.number is not None and window.number is not None:
            return window.number - earlier.number
        if earlier.start is None or window.start is None:
            return 0
        return len(windows_covering(self.project.params.data.window, earlier.start, window.start))

    @cached_property
    def kept(self) -> KeptScouts:
        """The scouts that were trained before."""
        return KeptScouts(self.project.state / "scouts")

    def _composed(self, window: Window, view: LedgerView) -> Composed:
        """What `improve` would compose at the window's close, from the windows that are known by then."""
        from keepfit.compose.assemble import CompositionRequest, compose
        from keepfit.compose.recipe import recipe_of

        params, pin = self.project.params, self.baseline.champion
        asked = CompositionRequest(action="improve", target=window.start, champion=True, champion_trained_until=pin.trained_until if pin else None)
        return compose(self.known.until(window, view), asked, params, id_column=id_column(params), recipe=recipe_of(params.compose))

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
            for seen in self._earlier(window, since):
                self.displaced(seen)
        except KeepfitError as bad:
            return impossible("regret", params.evaluate.metric, bad, subject=previous.version)
        return tuple(found for _, found in sorted(self._since.values(), key=lambda one: one[0]))

    def _beside(self, rows: pa.Table, scores: Floats) -> Paired:
        judging = LabelledRows.of(self.project.params, rows, scores)
        return judging.beside(scored(self._previous, judging.rows))

    def displaced(self, seen: JudgedWindow) -> Paired:
        """Return the previous champion beside this one on a window that was judged; raises `KeepfitError` if it, or the rows, cannot be had."""
        if seen.window.id not in self._since:
            self._since[seen.window.id] = (seen.window.order, self._again(seen))
        return self._since[seen.window.id][1]

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
