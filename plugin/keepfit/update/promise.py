"""The champion's performance on a window, where labels are there: the whole is held to a promise, slices are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.evaluate.scorecard import measures_labels, needs_probabilities
from keepfit.monitor.calibration import calibration_evidence
from keepfit.monitor.champion import Floats, Scores
from keepfit.monitor.performance import bounds_of, performance_evidence
from keepfit.params import Params
from keepfit.profiles.confusions import CLASS
from keepfit.records import Evidence, JudgedWindow
from keepfit.slices.masks import Mask, slice_masks
from keepfit.slices.name import Slice
from keepfit.stats.classes import answered
from keepfit.stats.known_metric import metric_named
from keepfit.stats.metric import Metric, of_class
from keepfit.stats.metrics import ErrorRate
from keepfit.stats.pooled import over_windows
from keepfit.tables.labels import labels
from keepfit.tables.origins import clusters_among
from keepfit.tables.time_features import sliced_by, with_time_features
from keepfit.update.policy import CERTIFICATE

TOLD_CLASSES = 50
LABELS_ONLY = "not measured: the model answers labels only; let it answer probabilities (predict_proba, or train.predict with a column 'probability')"


@dataclass(frozen=True, kw_only=True)
class ChampionPerformance:
    """The champion's metric on all labelled rows of a window, with its interval, and the evidence: overall, then by slice."""

    labelled: int
    value: float | None
    low: float | None
    high: float | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a champion is held to: a `value`, or, a first model in its first labelled window, the `certificate` of its training's own period."""

    value: float | None = None
    certificate: float | None = None

    @classmethod
    def of(cls, params: Params, certified: float | None, *, first: bool, earlier: Sequence[JudgedWindow]) -> Promise:
        """Return the certified value; of a `first` model, which was judged on days it was trained on, what its first window with enough labels says.

        `earlier` are the windows judged under the champion before, in the order of time.
        """
        if not first:
            return cls(value=certified)
        metric, enough = params.evaluate.metric, params.monitor.min_rows
        values = (one.value for one in earlier if one.metric == metric and one.value is not None and one.labelled >= enough)
        value = next(values, None)
        return cls(certificate=certified) if value is None else cls(value=value)


def performance(params: Params, promise: Promise, table: pa.Table, answer: Scores, *, earlier: Sequence[JudgedWindow] = ()) -> ChampionPerformance:
    """Measure the champion where labels are there; only the whole is held to a promise, slices are told.

    `earlier` are the windows judged under it before: where all rows of this one are of one cluster (a day without hours), the promise is held against those
    windows together. Raises `TrainError` if it answers labels only and the metric that decides needs probabilities.
    """
    metric = metric_for(params, "the champion", only_labels=answer.only_labels)
    y, scores, confidence = labels(params, table), answer.values, params.update.confidence
    known = ~np.isnan(y)
    groups = clusters_among(params.data, table, known)
    measure = partial(performance_evidence, metric=metric, confidence=confidence)
    overall = _over_windows(measure(y, scores, promised=promise.value, clusters=groups), metric, promise.value, _measured(params, earlier), confidence)
    low, high = bounds_of(metric, y, scores, confidence=confidence, clusters=groups)
    slices = tuple(measure(y[mask], scores[mask], promised=None, subject=name) for name, mask in _slices(params, table, known).items())
    classes = tuple(class_performance(one, y, scores, measure) for one in _classes(params, metric, y))
    certified = [measure(y, scores, promised=value, subject=CERTIFICATE, clusters=groups) for value in (promise.certificate,) if value is not None]
    evidence = (overall, *certified, *_told(params, y, answer), *classes, *slices)
    return ChampionPerformance(labelled=int(known.sum()), value=overall.statistic, low=low, high=high, evidence=evidence)


def _measured(params: Params, earlier: Sequence[JudgedWindow]) -> list[tuple[float, int]]:
    """The value and the labelled rows of the windows before that were measured as this one is."""
    sound = [one for one in earlier if one.sound and one.metric == params.evaluate.metric and one.labelled >= params.monitor.min_rows]
    return [(one.value, one.labelled) for one in sound if one.value is not None]


def _over_windows(found: Evidence, metric: Metric, promised: float | None, before: Sequence[tuple[float, int]], confidence: float) -> Evidence:
    """Evidence that has a value and no interval, with that of the newest windows together, if there are two."""
    if promised is None or found.statistic is None or found.low is not None:
        return found
    pooled = over_windows(*zip(*before, (found.statistic, found.n), strict=True))
    if pooled is None:
        return found
    mean, spread = pooled
    effect, reach = (mean - promised) * (1 if metric.greater_is_better else -1), spread.reach(confidence)
    said = f"{found.detail}; {metric.name} {mean:.4f} over {spread.clusters} windows"
    return replace(found, effect=effect, low=effect - reach, high=effect + reach, clusters=spread.clusters, detail=said)


def _told(params: Params, y: Floats, answer: Scores) -> tuple[Evidence, ...]:
    """What a classifier's labels say beside the metric that decides: how often it is wrong, and if its probabilities come true; held to no promise."""
    if params.model.task != "classification":
        return ()
    confidence, wrong = params.update.confidence, ErrorRate()
    decided = params.evaluate.metric == wrong.name
    errors = () if decided else (performance_evidence(y, answer.values, metric=wrong, promised=None, confidence=confidence),)
    calibrations = _calibrations(params, y, answer.values, confidence)
    if answer.only_labels:
        calibrations = (replace(calibrations[0], statistic=None, detail=LABELS_ONLY),)
    return (*errors, *calibrations)


def _calibrations(params: Params, y: Floats, scores: Floats, confidence: float) -> tuple[Evidence, ...]:
    """Do probabilities come true? Of many classes that of the likeliest, then each class's own where it has enough rows."""
    if not params.model.many:
        return (calibration_evidence(y, scores, confidence=confidence),)
    known = ~np.isnan(y)
    right = np.where(known, answered(scores) == y, np.nan)
    overall = calibration_evidence(right, scores.max(axis=1), confidence=confidence)
    own = [(one.subject, np.where(known, y == one.code, np.nan), scores[:, one.code]) for one in _classes(params, metric_of(params), y)]
    return (overall, *(calibration_evidence(label, score, confidence=confidence, subject=subject) for subject, label, score in own))


@dataclass(frozen=True, kw_only=True)
class OneClass:
    """A class with enough labelled rows to be told by itself: its code, what it is called, and its metric against the rest, None: of its own rows."""

    code: int
    subject: str
    rows: int
    metric: Metric | None


def _classes(params: Params, metric: Metric, y: Floats) -> tuple[OneClass, ...]:
    """The classes that have enough rows, of a model of many and no more than are told."""
    names = params.model.class_names
    if not params.model.many or len(names) > TOLD_CLASSES:
        return ()
    rows = [int((y == code).sum()) for code in range(len(names))]
    enough = [code for code in range(len(names)) if rows[code] >= params.evaluate.min_rows]
    return tuple(OneClass(code=code, subject=f"{CLASS}={names[code]}", rows=rows[code], metric=of_class(metric, code)) for code in enough)


def class_performance(one: OneClass, y: Floats, scores: Floats, measure: Callable[..., Evidence]) -> Evidence:
    """Return the metric of one class: on its own rows where these define it, else against the rest on all rows; `n` is the class's rows."""
    if one.metric is None:
        own = y == one.code
        return measure(y[own], scores[own], promised=None, subject=one.subject)
    return replace(measure(y, scores, metric=one.metric, promised=None, subject=one.subject), n=one.rows)


def _slices(params: Params, table: pa.Table, known: npt.NDArray[np.bool_]) -> dict[str, Mask]:
    """The labelled rows of each slice that has enough of them."""
    evaluate, table = params.evaluate, with_time_features(table, sliced_by(params, table.column_names))
    least = {column: its.min_rows or evaluate.min_rows for column, its in params.sliced.items() if column in table.column_names}
    masks = slice_masks({column: table[column].to_pylist() for column in least})
    return {name: mask & known for name, mask in masks.items() if (mask & known).sum() >= least[Slice.parse(name).column or ""]}


def metric_of(params: Params) -> Metric:
    """The metric that decides (params.yaml: evaluate.metric)."""
    return metric_named(params.evaluate.metric, where="params.yaml: evaluate.metric")


def metric_for(params: Params, who: str, *, only_labels: bool) -> Metric:
    """The metric that decides; raises `TrainError` if it needs probabilities and `who` answers labels only."""
    metric = metric_of(params)
    if only_labels and not measures_labels(metric):
        raise needs_probabilities(metric, who)
    return metric
