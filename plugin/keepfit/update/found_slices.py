"""Where a window's loss comes from, and which rows came or left: slice searches on the champion's own features, made only when a ticket is opened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from keepfit.monitor.champion import Champion, Floats
from keepfit.params import Params
from keepfit.profiles.layout import Layout
from keepfit.records import PREDICTION, FoundSlice
from keepfit.slices.codes import code_columns
from keepfit.slices.moves import beside, moved_slices
from keepfit.slices.search import find_slices
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

    A probability is held to its own claim, (y - s)² - s(1 - s): its mean is 0 in every slice of a calibrated model, so a slice that was
    hard all along is not told. Labels and a regression make no such claim: a slice that was always harder is told as well.
    """
    loss, measure = _loss(labels(params, table), scores)
    clusters = clusters_among(params.data, table, np.isfinite(loss))
    worse = find_slices(code_columns(table, layout, columns=_features(params, layout)), loss, clusters=clusters)
    return tuple(replace(found, measure=measure) for found in worse)


def _features(params: Params, layout: Layout) -> list[str]:
    return [name for name in layout if name not in (params.model.target, PREDICTION)]


def _loss(y: Floats, scores: Floats) -> tuple[Floats, str]:
    known = ~np.isnan(y)
    if np.isin(y[known], (0.0, 1.0)).all() and np.isin(scores, (0.0, 1.0)).all():
        return np.abs(y - scores), WRONG
    if np.isin(y[known], (0.0, 1.0)).all() and ((scores >= 0) & (scores <= 1)).all():
        return (y - scores) ** 2 - scores * (1 - scores), CLAIMED
    return np.abs(y - scores), ABSOLUTE
