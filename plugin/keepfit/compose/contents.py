"""What a training set holds: its rows, their weights and labels, by class and by slice."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.strata import Coded, coded
from keepfit.params import Params
from keepfit.records.data_diff import LabelSpread
from keepfit.records.data_view import ClassRows, Contents, SliceColumn, SliceRows
from keepfit.tables.arrow import floats
from keepfit.tables.columns import PARENT, WEIGHT
from keepfit.tables.labels import Floats, are_known, labels
from keepfit.tables.time_features import sliced_by, with_time_features
from keepfit.tables.training_rows import came

SLICES, CLASSES, SHOWN_CLASSES, DIGITS = 30, 40, 6, 6


def columns_for(params: Params, there: Collection[str]) -> list[str]:
    """Return which columns of the training set `contents` reads."""
    wanted = [params.model.target, WEIGHT, PARENT, params.data.time, *params.sliced]
    return list(dict.fromkeys(name for name in wanted if name in there))


def contents(table: pa.Table, params: Params, *, hidden: Collection[str] = ()) -> Contents:
    """Return what the rows hold, by the classes of params and the values of its slicing columns, but those that are `hidden`.

    A column with more than thirty values is told by its commonest. Rows that were made are not counted.
    """
    table = came(table)
    label = labels(params, table)
    weight = floats(table[WEIGHT], WEIGHT) if WEIGHT in table.column_names else np.ones(len(label))
    known = are_known(label)
    whole = with_time_features(table, sliced_by(params, table.column_names))
    slicing = [name for name in params.sliced if name in whole.column_names and name not in hidden]
    if params.model.task == "regression":
        columns = tuple(_column(coded(name, whole[name]), weight, label, by=()) for name in slicing)
        return Contents(rows=len(label), labelled=int(known.sum()), spread=_spread(label[known]), columns=columns)
    every = _classes(params, label, weight)
    ordered = sorted(every, key=lambda one: (-one[1].rows, one[0]))
    by = tuple(sorted(code for code, _ in ordered[:SHOWN_CLASSES]))
    names = dict(every)
    return Contents(
        rows=len(label),
        labelled=int(known.sum()),
        classes=tuple(one for _, one in ordered[:CLASSES]),
        other_classes=max(len(ordered) - CLASSES, 0),
        shown=tuple(names[code].name for code in by),
        columns=tuple(_column(coded(name, whole[name]), weight, label, by=by) for name in slicing),
    )


def _classes(params: Params, label: Floats, weight: Floats) -> list[tuple[int, ClassRows]]:
    names, known = params.model.class_names, are_known(label)
    codes = label[known].astype(np.int64)
    rows, weighed = np.bincount(codes, minlength=len(names)), np.bincount(codes, weights=weight[known], minlength=len(names))
    return [
        (at, ClassRows(name=names[at], rows=int(rows[at]), share=_share(rows[at], len(codes)), weight=_share(weighed[at], weighed.sum())))
        for at in range(len(names))
    ]


def _column(found: Coded, weight: Floats, label: Floats, *, by: tuple[int, ...]) -> SliceColumn:
    size = len(found.names)
    rows = np.bincount(found.codes, minlength=size)
    weighed = np.bincount(found.codes, weights=weight, minlength=size)
    of_class = [np.bincount(found.codes[label == code], minlength=size) for code in by]
    means = None if by else _means(found, label)
    order = np.lexsort((np.arange(size), -rows))
    told = [
        SliceRows(
            name=found.names[at],
            rows=int(rows[at]),
            share=_share(rows[at], len(label)),
            weight=_share(weighed[at], weight.sum()),
            classes=tuple(int(each[at]) for each in of_class),
            mean=None if means is None or np.isnan(means[at]) else float(means[at]),
        )
        for at in order[:SLICES].tolist()
    ]
    others = order[SLICES:]
    return SliceColumn(column=found.column, slices=tuple(told), others=len(others), other_rows=int(rows[others].sum()))


def _means(found: Coded, label: Floats) -> npt.NDArray[np.float64]:
    known, size = are_known(label), len(found.names)
    counts = np.bincount(found.codes[known], minlength=size)
    sums = np.bincount(found.codes[known], weights=label[known], minlength=size)
    means: npt.NDArray[np.float64] = np.divide(sums, counts, out=np.full(size, np.nan), where=counts > 0)
    return means


def _spread(label: Floats) -> LabelSpread | None:
    if not len(label):
        return None
    low, middle, high = np.quantile(label, (0.05, 0.5, 0.95)).tolist()
    return LabelSpread(low=low, middle=middle, high=high)


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), DIGITS) if whole else 0.0
