"""The champion's performance on a window before its labels come: learned on labelled rows that it has not trained on.

Those are the rows that judged it (its evaluation rows); a first model was judged on days that it was trained on, so its first labelled
window teaches. What was estimated is held against the truth once labels are there, and the record of that says how far to trust it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Estimate, JudgedWindow, Pin, Window
from keepfit.tables.columns import id_column
from keepfit.tables.keyed import without_rows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from keepfit.flows.monitoring.known_windows import KnownWindows
    from keepfit.flows.monitoring.window_evidence import Champion
    from keepfit.integrations.models.answer import Answer
    from keepfit.stats.metric import RowMetric

    Floats = npt.NDArray[np.float64]
    Learned = Callable[[pd.DataFrame, Floats, Window], Estimate]

NO_MEAN = "the metric {name} is no mean over rows"
NO_PROBABILITIES = "the model answers labels only; an estimate before labels needs probabilities (predict_proba, or train.predict)"
NOTHING_KNOWN = "no labelled rows are known that the champion did not train on"


@dataclass(frozen=True, kw_only=True)
class Estimator:
    """Estimates one champion's metric window by window; what its reference teaches is learned once."""

    project: Project
    pin: Pin
    champion: Champion
    store: WindowStore
    ledger: Ledger
    known: KnownWindows
    _learned: dict[str, Learned] = field(default_factory=dict)

    def estimate(self, frame: pd.DataFrame, answer: Answer, y: Floats, window: Window) -> Estimate:
        """Return the estimate for the rows of a window, held against the truth where labels are there: then it is about those rows.

        A model that answers labels only says nothing of how sure it is: nothing is estimated.
        """
        import numpy as np

        from keepfit.flows.monitoring.window_evidence import project_metric
        from keepfit.monitor.estimate import held_against, trusted

        params = self.project.params
        metric, scores, labelled = project_metric(params), answer.scores, ~np.isnan(y)
        if answer.only_labels:
            return Estimate(metric=metric.name, status="not estimated", n=len(frame), n_reference=0, detail=NO_PROBABILITIES)
        seen = self._before(window)
        learned = self._teaching(seen)
        if learned is None:
            return Estimate(metric=metric.name, status="not estimated", n=len(frame), n_reference=0, detail=NOTHING_KNOWN)
        measured = bool(labelled.sum() >= params.monitor.min_rows and metric.undecidable(y[labelled]) is None)
        about = labelled if measured else np.ones(len(y), np.bool_)
        made = trusted(learned(frame[about], scores[about], window), [one.estimate for one in seen if one.estimate])
        truth = metric.value(y[labelled], scores[labelled]) if measured else None
        return held_against(made, truth=truth, labelled=int(labelled.sum()))

    def _before(self, window: Window) -> list[JudgedWindow]:
        """The sound windows judged under this champion before this one, in the order of time."""
        with self.ledger.reading() as book:
            seen = book.windows(self.project.params.model.name, self.pin.digest)
        return [one for one in seen if one.window.id < window.id and one.status == "seen" and one.verdict != "exclude"]

    def _teaching(self, seen: Sequence[JudgedWindow]) -> Learned | None:
        """What the evaluation rows teach; where there are none, the first window that has labels."""
        if self._evaluated is not None:
            return self._evaluated
        first = next((one for one in seen if one.labelled >= self.project.params.evaluate.min_rows), None)
        if first is None:
            return None
        key = f"{first.window.id}:{first.arrivals}"
        if key not in self._learned:
            self._learned[key] = self._learn([without_rows(self.store.rows(first.window), first.quarantined, id_column(self.project.params))])
        return self._learned[key]

    @cached_property
    def _evaluated(self) -> Learned | None:
        made = self.champion.composition
        if made is None or made.basis != "later" or made.evaluated_from is None or made.evaluated_until is None:
            return None
        tables = [table for table in self.known.between(made.evaluated_from, made.evaluated_until) if self.project.params.model.target in table.column_names]
        enough = sum(table.num_rows - table[self.project.params.model.target].null_count for table in tables) >= self.project.params.evaluate.min_rows
        return self._learn(tables) if enough else None

    def _learn(self, tables: Sequence[pa.Table]) -> Learned:
        """What labelled rows teach: how often a classifier's scores come true, or how large a regressor's loss is."""
        import numpy as np

        from keepfit.tables.frames import to_frame
        from keepfit.tables.labels import labels
        from keepfit.tables.union import stacked

        params = self.project.params
        frame = to_frame(stacked(tables, where="data/windows")).sort_values(params.data.time, kind="stable", ignore_index=True)
        frame = frame[~np.isnan(labels(params, frame))].reset_index(drop=True)
        return (self._loss if params.model.task == "regression" else self._calibration)(frame)

    def _calibration(self, frame: pd.DataFrame) -> Learned:
        import numpy as np

        from keepfit.flows.monitoring.window_evidence import project_metric
        from keepfit.monitor.estimate import Scored, estimate_performance, learn_calibration
        from keepfit.tables.labels import labels

        params = self.project.params
        scored = Scored(y=labels(params, frame), scores=self.champion.scorer.score(frame), batches=self._days(frame))
        learned = learn_calibration(scored, metric=project_metric(params), rng=np.random.default_rng(len(frame)))

        def said(_rows: pd.DataFrame, scores: Floats, window: Window) -> Estimate:
            return estimate_performance(learned, scores, confidence=params.update.confidence, rng=np.random.default_rng(list(window.id.encode())))

        return said

    def _loss(self, frame: pd.DataFrame) -> Learned:
        from keepfit.flows.monitoring.window_evidence import project_metric
        from keepfit.monitor.loss_estimate import KnownLoss, estimate_loss
        from keepfit.tables.labels import labels

        params, scores = self.project.params, self.champion.scorer.score(frame)
        metric = project_metric(params)
        if not getattr(metric, "mean_of_rows", False):  # a metric of an older package may not say so
            return lambda rows, _scores, _window: Estimate(
                metric=metric.name, status="not estimated", n=len(rows), n_reference=len(frame), detail=NO_MEAN.format(name=metric.name)
            )
        known = KnownLoss(rows=self._seen(frame, scores), loss=cast("RowMetric", metric).rows(labels(params, frame), scores), days=self._days(frame))

        def said(rows: pd.DataFrame, scores: Floats, _window: Window) -> Estimate:
            return estimate_loss(known, self._seen(rows, scores), metric=metric.name, confidence=params.update.confidence)

        return said

    def _seen(self, frame: pd.DataFrame, scores: Floats) -> Floats:
        """What the trees that learn a loss see of rows."""
        from keepfit.monitor.loss_estimate import rows_as_seen
        from keepfit.tables.arrow import as_table

        features = {name: column for name, column in self.champion.layout.items() if name in self.champion.meta.features}
        return rows_as_seen(self.champion.read(as_table(frame)).table, features, scores)

    def _days(self, frame: pd.DataFrame) -> npt.NDArray[np.str_]:
        import numpy as np

        from keepfit.profiles.reference import batch_names

        return batch_names(frame[self.project.params.data.time]).to_numpy(dtype=np.str_)
