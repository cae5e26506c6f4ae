"""The champion's rivals on a window: a scout (a retraining on what was known before it) and the champion that served before.

The scout is the very training that `improve` would do for this window, without its records; so what it gains is what a
candidate would gain, no more certain than the window's rows allow. It is judged on the window's labelled rows outside the
permanent holdout, as a candidate is.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, KeepfitError, TrainError
from keepfit.flows.project import Project
from keepfit.flows.retraining.adoption import bring_out
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Baseline, Evidence, EvidenceKind, JudgedWindow, Pin, Window
from keepfit.slices.name import OVERALL
from keepfit.tables.columns import id_column
from keepfit.tables.keyed import without_rows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.compose.assemble import Composed
    from keepfit.flows.monitoring.known_windows import KnownWindows
    from keepfit.integrations.models.scorer import Scorer

    Floats = npt.NDArray[np.float64]
    Paired = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """Compares the champion's scores with a rival's, row by row."""

    project: Project
    baseline: Baseline
    champion: Scorer
    store: WindowStore
    ledger: Ledger
    _since: dict[str, Paired] = field(default_factory=dict)

    def scout(self, frame: pd.DataFrame, scores: Floats, window: Window) -> tuple[Evidence, ...]:
        """Return what a retraining on the windows before this one gains; nothing if the champion has seen them all."""
        from keepfit.flows.monitoring.window_evidence import project_metric
        from keepfit.monitor.performance import scout_evidence

        params = self.project.params
        if not params.update.scout or not self._is_outgrown(window):
            return ()
        try:
            rows, rival = self._train(window)
            kept = frame[id_column(params)].astype(str).isin(rows).to_numpy()
            y, a, b = _paired(self.project, frame[kept], scores[kept], rival)
        except (DataError, TrainError) as bad:
            return (_impossible("scout", params.evaluate.metric, bad),)
        return (scout_evidence(y, a, b, metric=project_metric(params), confidence=params.update.confidence),)

    def _is_outgrown(self, window: Window) -> bool:
        """Whether there are rows between the champion's training data and the window."""
        pin = self.baseline.champion
        return pin is not None and window.start is not None and (pin.trained_until is None or pin.trained_until < window.start)

    def _train(self, window: Window) -> tuple[set[str], Scorer]:
        """Train on what was known at the window's start; return the ids of the rows that may judge, and the scout's scorer."""
        from keepfit.flows.models.training import train_once
        from keepfit.flows.monitoring.window_evidence import project_scorer
        from keepfit.tables.frames import to_frame

        params = self.project.params
        parts = self._composed(window)
        with tempfile.TemporaryDirectory() as scratch:
            repo = self.project.repo if params.train.command is not None else None
            train_once(params, to_frame(parts.train), Path(scratch) / "scout", repo=repo, profile=False)
            scorer = project_scorer(self.project, Path(scratch) / "scout")
        return set(parts.evaluate[id_column(params)].to_pylist()), scorer

    def _composed(self, window: Window) -> Composed:
        """What `improve` would compose at the window's close, from the windows that are known by then."""
        from keepfit.compose.assemble import Asked, compose
        from keepfit.compose.samplers.sampler import sampler_of

        params, pin = self.project.params, self.baseline.champion
        asked = Asked(action="improve", target=window.start, champion=True, champion_trained_until=pin.trained_until if pin else None)
        return compose(self.known.until(window), asked, params, id_column=id_column(params), sampler=sampler_of(params.compose))

    @cached_property
    def known(self) -> KnownWindows:
        """The windows that a scout may learn from."""
        from keepfit.flows.monitoring.known_windows import KnownWindows

        return KnownWindows(self.project, self.store, self.ledger)

    # -- the previous champion ------------------------------------------------------------------------------------------

    def regret(self, frame: pd.DataFrame, scores: Floats, window: Window) -> tuple[Evidence, ...]:
        """Return what the previous champion would have gained on all rows since the promotion; nothing if there is none."""
        import numpy as np

        from keepfit.flows.monitoring.window_evidence import project_metric
        from keepfit.monitor.performance import regret_evidence

        previous, params = self.baseline.previous, self.project.params
        if previous is None or not self._is_later(window):
            return ()
        try:
            scorer = self._previous
            self._since[window.id] = _paired(self.project, frame, scores, scorer)
            for before in self._earlier(window):
                if before.window.id not in self._since:
                    self._since[before.window.id] = self._again(before, scorer)
        except KeepfitError as bad:
            return (_impossible("regret", params.evaluate.metric, bad, subject=previous.version),)
        y, a, b = (np.concatenate(parts) for parts in zip(*(self._since[name] for name in sorted(self._since)), strict=True))
        metric = project_metric(params)
        return (regret_evidence(y, a, b, version=previous.version, metric=metric, confidence=params.update.confidence),)

    @cached_property
    def _previous(self) -> Scorer:
        from keepfit.flows.monitoring.window_evidence import project_scorer

        if self.baseline.previous is None:
            raise DataError("no previous champion")
        return project_scorer(self.project, former_model(self.project, self.baseline.previous))

    def _earlier(self, window: Window) -> list[JudgedWindow]:
        """The windows judged since the promotion, without those that a person excluded or nobody has decided on."""
        if self.baseline.champion is None:
            return []
        with self.ledger.reading() as book:
            seen = book.windows(self.project.params.model.name, self.baseline.champion.digest)
        sound = [one for one in seen if one.status == "seen" and one.verdict != "exclude" and self._is_later(one.window)]
        return [one for one in sound if one.window.start is not None and window.start is not None and one.window.start < window.start]

    def _is_later(self, window: Window) -> bool:
        """Whether the window is later than all that trained either model: no model is judged on rows it has learned from."""
        pins = [pin for pin in (self.baseline.champion, self.baseline.previous) if pin is not None]
        return window.start is not None and all(pin.trained_until is None or pin.trained_until <= window.start for pin in pins)

    def _again(self, seen: JudgedWindow, previous: Scorer) -> Paired:
        """Both models' scores on a window that an earlier run judged."""
        from keepfit.tables.frames import to_frame

        frame = to_frame(without_rows(self.store.rows(seen.window), seen.quarantined, id_column(self.project.params)))
        return _paired(self.project, frame, self.champion.score(frame), previous)


def former_model(project: Project, pin: Pin) -> Path:
    """Return the folder with a former champion's train out, downloaded once; `ServerError` if it cannot be had."""
    folder = project.state / "models" / f"{pin.version}-{pin.digest.removeprefix('sha256:')[:12]}"
    if not (folder / "meta.json").is_file():
        runs = Mlflow(project.tracking_uri)
        version = runs.version(pin.model, pin.version)
        with tempfile.TemporaryDirectory(prefix="keepfit-former-") as scratch:
            bring_out(runs, version, runs.download(version, Path(scratch, "model")), folder)
    return folder


def _paired(project: Project, frame: pd.DataFrame, champion: Floats, rival: Scorer) -> Paired:
    """Labels, the champion's and the rival's scores of the labelled rows; `TrainError` if the metric needs probabilities the rival does not have."""
    import numpy as np

    from keepfit.flows.monitoring.window_evidence import metric_for
    from keepfit.tables.labels import labels

    y = labels(project.params, frame)
    known = ~np.isnan(y)
    answer = rival.answer(frame[known])
    metric_for(project.params, "the rival", only_labels=answer.only_labels)
    return y[known], champion[known], answer.scores


def _impossible(kind: EvidenceKind, metric: str, why: KeepfitError, *, subject: str = OVERALL) -> Evidence:
    """Evidence that could not be had, and why."""
    return Evidence(kind=kind, subject=subject, detector=metric, statistic=None, effect=None, n=0, n_reference=0, detail=f"not measured: {why.what}"[:300])
