"""Where a window's loss comes from, and which rows came or left: slice searches on the champion's own features, made only when a ticket is opened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.monitor.champion import Champion, Floats
from keepfit.params import Params
from keepfit.profiles.layout import Layout
from keepfit.records import CONFIDENCE, PREDICTION, FoundSlice
from keepfit.slices.answers import answer_column
from keepfit.slices.codes import CodedColumn, code_columns
from keepfit.slices.moves import beside, moved_slices
from keepfit.slices.search import find_slices
from keepfit.stats.classes import answered
from keepfit.tables.labels import labels
from keepfit.tables.origins import clusters_among

CLAIMED = "squared error beyond what the scores claim"
ABSOLUTE = "absolute error"
WRONG = "share of wrong answers"


def found_slices(champion: Champion, table: pa.Table, scores: Floats, before: pa.Table | None) -> tuple[FoundSlice, ...]:
    """Return the slices with more loss, then those whose share of the rows changed; every slice says its share in the rows of `before`, if there are any.

    `before` are rows that the champion was trained on, as they arrived; without them no slice is compared with its own past.
    """
    params, layout = champion.params, champion.layout
    rows = champion.read(table).table
    worse = slices_of_loss(params, layout, rows, scores)
    if before is None:
        return worse
    sides = [code_columns(one, layout, columns=_features(params, layout)) for one in (champion.read(before).table, rows)]
    both = {one.name for one in sides[0]} & {one.name for one in sides[1]} & champion.watched.keys()
    moved = moved_slices(*([one for one in side if one.name in both] for side in sides))
    worth = [one for one in moved if abs(one.effect) >= params.monitor.min_effect]
    return (*beside(worse, sides[0]), *worth)


def slices_of_loss(params: Params, layout: Layout, table: pa.Table, scores: Floats) -> tuple[FoundSlice, ...]:
    """Return the slices of a window where the champion is worse than on the other labelled rows; none where nothing is labelled.

    A probability is held to its own claim, (y - s)² - s(1 - s), of many classes the sum of it over classes: its mean is 0 in every slice of a calibrated
    model, so a slice that was hard all along is not told. Labels and a regression make no such claim: a slice that was always harder is told as well.
    Of many classes the class that is answered makes slices, too (`prediction=8`); the class that is true does not, as rare classes are always harder:
    what is taken for what more than before is told by counts (`confusions.py`).
    """
    loss, measure = _loss(labels(params, table), scores)
    clusters = clusters_among(params.data, table, np.isfinite(loss))
    worse = find_slices((*code_columns(table, layout, columns=_features(params, layout)), *_answers(params, scores)), loss, clusters=clusters)
    return tuple(replace(found, measure=measure) for found in worse)


def _features(params: Params, layout: Layout) -> list[str]:
    return [name for name in layout if name not in (params.model.target, PREDICTION, CONFIDENCE)]


def _answers(params: Params, scores: Floats) -> tuple[CodedColumn, ...]:
    """The class that is answered, as a column; none of two classes, and of a regression."""
    return (answer_column(scores, params.model.class_names),) if params.model.many else ()


def _loss(y: Floats, scores: Floats) -> tuple[Floats, str]:
    known = ~np.isnan(y)
    if scores.ndim == 2:
        return _loss_of_classes(y, scores, known)
    if np.isin(y[known], (0.0, 1.0)).all() and np.isin(scores, (0.0, 1.0)).all():
        return np.abs(y - scores), WRONG
    if np.isin(y[known], (0.0, 1.0)).all() and ((scores >= 0) & (scores <= 1)).all():
        return (y - scores) ** 2 - scores * (1 - scores), CLAIMED
    return np.abs(y - scores), ABSOLUTE


def _loss_of_classes(y: Floats, scores: Floats, known: npt.NDArray[np.bool_]) -> tuple[Floats, str]:
    """The loss of each row, NaN without a label; a class that is not listed has no probability."""
    if np.isin(scores, (0.0, 1.0)).all():
        return np.where(known, answered(scores) != y, np.nan), WRONG
    at = np.flatnonzero(known & (y < scores.shape[1]))
    own = np.zeros(len(y))
    own[at] = scores[at, y[at].astype(np.int64)]
    # sum over classes of (1{y = k} - p_k)² - p_k (1 - p_k) = 2 sum p² - sum p + 1 - 2 p_y, p_y being 0 of a class that is not listed
    claimed = 2 * (scores**2).sum(axis=1) - scores.sum(axis=1) + 1 - 2 * own
    return np.where(known, claimed, np.nan), CLAIMED
