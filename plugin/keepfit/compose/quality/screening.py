"""What a recipe does about rows that repeat or contradict others: it leaves them out (`quarantine`), or counts them (`report`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from keepfit.compose.fates import FREE, Fates
from keepfit.compose.quality.columns import ColumnsOfRows
from keepfit.compose.quality.screened import ASIDE, JUDGE, SCREENS, TRAIN, Found, Screened, by_time
from keepfit.compose.sources import Positions, SortedRows, column_of
from keepfit.errors import DataError
from keepfit.records.quality import DoubtfulRow, QualityKind, QualityOutcome

if TYPE_CHECKING:
    from keepfit.params import Params
    from keepfit.params.recipe import QualityParams

EXAMPLES = 5
REASONS: dict[QualityKind, str] = {
    "duplicates": "quality: repeats another row",
    "near_duplicates": "quality: nearly repeats another row",
    "conflicts": "quality: another row of the same features has another label",
    "contamination": "quality: repeats a row that judges or is held out",
}


def screen(rows: SortedRows, fates: Fates, params: Params, says: QualityParams) -> tuple[QualityOutcome, ...]:
    """Send the rows that a recipe leaves out for their quality, and return what was found; rows that judge or are held out stay as they are.

    What is looked for follows the order of `SCREENS`: a row that was left out for one kind is none of the next.
    """
    if not says.asked:
        return ()
    outcomes, rows_as_screened = [], _screened(rows, params, says)
    for kind, action in says.asked:
        screened = replace(rows_as_screened, side=_sides(fates, len(rows)))
        found, beside = _found(screened, kind, near=says.near_duplicates != "off")
        before = fates.where(FREE)
        if action == "quarantine":
            which = np.zeros(len(rows), np.bool_)
            which[found] = True
            fates.send(which, "out", REASONS[kind])
        left = int((before & ~fates.where(FREE)).sum())
        outcomes.append(QualityOutcome(kind=kind, action=action, rows=len(found), left_out=left, examples=tuple(_examples(rows, found, beside))))
    left_out = sum(one.left_out for one in outcomes)
    if left_out and not fates.where(FREE).any():
        said = f"no labelled row may train: quality leaves out {left_out:,} rows"
        raise DataError(said, where="params.yaml: compose (quality)", fix="report in place of quarantine, and look at what is found: keepfit data check")
    return tuple(outcomes)


def _sides(fates: Fates, n: int) -> npt.NDArray[np.uint8]:
    side = np.full(n, ASIDE, np.uint8)
    side[fates.where(FREE)] = TRAIN
    side[fates.where("evaluate", "holdout")] = JUDGE
    return side


def _screened(rows: SortedRows, params: Params, says: QualityParams) -> Screened:
    columns = ColumnsOfRows.of(params, rows.column_names(), partial(column_of, rows.wide), rows.place, tolerance=says.tolerance)
    side = np.full(len(rows), ASIDE, np.uint8)
    return columns.screened(side, rows.label, by_time(rows.time, None, len(rows)), numbers=params.model.task == "regression")


def _found(screened: Screened, kind: QualityKind, *, near: bool) -> Found:
    found = SCREENS[kind](screened)
    if kind != "contamination" or not near:
        return found
    nearly = screened.near_contamination()
    return np.concatenate([found[0], nearly[0]]), np.concatenate([found[1], nearly[1]])


def _examples(rows: SortedRows, found: Positions, beside: Positions) -> Iterator[DoubtfulRow]:
    """The first of them by id, each with the row that it repeats or contradicts."""
    order = np.argsort(found, kind="stable")[:EXAMPLES]
    for row, other in zip(found[order], beside[order], strict=True):
        yield DoubtfulRow(row=rows.ids(row[None]).to_pylist()[0], beside=rows.ids(other[None]).to_pylist()[0])
