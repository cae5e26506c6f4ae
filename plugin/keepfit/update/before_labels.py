"""The champion's performance on a window before its labels come: learned on labelled rows that it has not trained on.

Those are the rows that judged it (its evaluation rows), for a refit with the scores of the model that was judged; a first model was judged on
days that it was trained on, so its first labelled window teaches. What was estimated is held against the truth once labels are there, and the record
of that says how far to trust it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import pyarrow as pa

from keepfit.monitor.champion import Champion, Floats, Scores
from keepfit.monitor.estimate import Calibration, Scored, estimate_performance, held_against, learn_calibration, trusted
from keepfit.monitor.loss_estimate import KnownLoss, estimate_loss, rows_as_seen
from keepfit.params import Params
from keepfit.profiles.reference import batch_names
from keepfit.records import Estimate, Window
from keepfit.tables.columns import id_column
from keepfit.tables.judged_scores import scores_known
from keepfit.tables.labels import labels
from keepfit.tables.union import stacked
from keepfit.update.promise import metric_of

if TYPE_CHECKING:
    from keepfit.stats.metric import RowMetric

NO_MEAN = "the metric {name} is no mean over rows"
NO_PROBABILITIES = "the model answers labels only; an estimate before labels needs probabilities (predict_proba, or train.predict)"
NOTHING_KNOWN = "no labelled rows are known that the champion did not train on"


class Learned(Protocol):
    """What labelled rows have taught."""

    def estimate(self, rows: pa.Table, scores: Floats, window: Window) -> Estimate:
        """Return what the metric should be on the rows of a window, whose scores are known."""


def teaching_rows(params: Params, tables: Sequence[pa.Table]) -> pa.Table:
    """Return the labelled rows of these tables in the order of time: those that teach."""
    rows = stacked(tables, where="data/windows").sort_by(params.data.time)
    return rows.filter(pa.array(~np.isnan(labels(params, rows))))


def answered_by_sibling(params: Params, rows: pa.Table, kept: pa.Table) -> tuple[pa.Table, Floats]:
    """Return the rows of which is kept what the model answered that was judged in a refit's place, with those scores.

    The refit has learned from these rows: how often its own scores come true there says nothing of rows to come.
    """
    scores = scores_known(kept, rows[id_column(params)].to_pylist(), params.model.classes)
    known = ~np.isnan(scores).any(axis=tuple(range(1, scores.ndim)))
    return rows.filter(pa.array(known)), scores[known]


def enough_labels(params: Params, tables: Sequence[pa.Table]) -> bool:
    """Whether tables hold as many labels as an evaluation asks for (params.yaml: evaluate.min_rows)."""
    target = params.model.target
    known = (len(table[target]) - table[target].null_count for table in tables if target in table.column_names)
    return bool(sum(known) >= params.evaluate.min_rows)


def learn(champion: Champion, rows: pa.Table, scores: Floats) -> Learned:
    """Learn from labelled rows in the order of time and the champion's scores of them: how often these come true, or how large a regressor's loss is."""
    y, days = labels(champion.params, rows), batch_names(rows[champion.params.data.time].to_pandas()).to_numpy(dtype=np.str_)
    metric = metric_of(champion.params)
    if champion.params.model.task != "regression":
        scored = Scored(y=y, scores=scores, batches=days)
        return LearnedScores(champion=champion, learned=learn_calibration(scored, metric=metric, rng=np.random.default_rng(len(y))))
    nothing = LearnedLoss(champion=champion, known=None, metric=metric.name, n=len(y))
    if not getattr(metric, "mean_of_rows", False):  # a metric of an older package may not say so
        return nothing
    loss = cast("RowMetric", metric).rows(y, scores)
    return replace(nothing, known=KnownLoss(rows=seen(champion, rows, scores), loss=loss, days=days))


@dataclass(frozen=True, kw_only=True)
class LearnedScores:
    """How often a classifier's scores come true."""

    champion: Champion
    learned: Calibration

    def estimate(self, rows: pa.Table, scores: Floats, window: Window) -> Estimate:  # noqa: ARG002  the protocol's: scores say all
        """Return what the metric should be on rows with these scores."""
        confidence = self.champion.params.update.confidence
        return estimate_performance(self.learned, scores, confidence=confidence, rng=np.random.default_rng(list(window.id.encode())))


@dataclass(frozen=True, kw_only=True)
class LearnedLoss:
    """How large a regressor's loss is on rows of each sort; `known` None: the metric is no mean over rows."""

    champion: Champion
    known: KnownLoss | None
    metric: str
    n: int

    def estimate(self, rows: pa.Table, scores: Floats, window: Window) -> Estimate:  # noqa: ARG002  the protocol's: the rows say all
        """Return what the metric should be on such rows."""
        if self.known is None:
            return _not_estimated(self.metric, rows.num_rows, NO_MEAN.format(name=self.metric), n_reference=self.n)
        confidence = self.champion.params.update.confidence
        return estimate_loss(self.known, seen(self.champion, rows, scores), metric=self.metric, confidence=confidence)


def seen(champion: Champion, rows: pa.Table, scores: Floats) -> Floats:
    """Return what the trees that learn a loss see of rows."""
    return rows_as_seen(champion.read(rows).table, champion.features, scores)


def estimate_before_labels(params: Params, learned: Learned | None, rows: pa.Table, answer: Scores, *, window: Window, earlier: Sequence[Estimate]) -> Estimate:
    """Return the estimate for the rows of a window, held against the truth where labels are there: then it is about those rows.

    A model that answers labels only says nothing of how sure it is: nothing is estimated. `earlier` estimates (in the order of time) say how far to
    trust this one.
    """
    metric, y = metric_of(params), labels(params, rows)
    if answer.only_labels or learned is None:
        return _not_estimated(metric.name, rows.num_rows, NO_PROBABILITIES if answer.only_labels else NOTHING_KNOWN)
    labelled = ~np.isnan(y)
    measured = bool(labelled.sum() >= params.monitor.min_rows and metric.undecidable(y[labelled]) is None)
    about = labelled if measured else np.ones(len(y), np.bool_)
    made = trusted(learned.estimate(rows.filter(pa.array(about)), answer.values[about], window), earlier)
    truth = metric.value(y[labelled], answer.values[labelled]) if measured else None
    return held_against(made, truth=truth, labelled=int(labelled.sum()))


def _not_estimated(metric: str, n: int, why: str, *, n_reference: int = 0) -> Estimate:
    return Estimate(metric=metric, status="not estimated", n=n, n_reference=n_reference, detail=why)
