r"""Which labels are due: labels come late, and a row that is younger than they normally are late is not yet labelled, whatever its source says.

`data.label_delay` says how late labels normally are, `data.no_label` what a row means that has none when its label is due: in a list of those who left,
everybody else stayed. Of such a source the labels of young rows are those of the early ones alone, so none of them counts before its time.

>>> from keepfit.params import load_params
>>> params = load_params("model: {name: m, task: classification, target: left}\ndata: {live: r.csv, time: t, label_delay: 7 days, no_label: '0'}")
>>> days = pa.array([datetime(2026, 1, day) for day in (1, 2, 20, 21)], pa.timestamp("us"))
>>> as_due(pa.table({"t": days, "left": [1.0, None, 1.0, None]}), params, datetime(2026, 1, 22))["left"].to_pylist()
[1.0, 0.0, None, None]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.columns import id_column
from keepfit.tables.join_labels import together
from keepfit.tables.people_labels import value_of
from keepfit.tables.set_labels import with_labels, with_target

if TYPE_CHECKING:
    from keepfit.params import DataParams, Params

WHERE = "params.yaml: data.no_label"


UNITS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


def delay_of(data: DataParams) -> timedelta | None:
    """Return how late labels normally are; None: nobody says it.

    >>> from keepfit.params import DataParams
    >>> delay_of(DataParams(live="rows.csv", time="t", label_delay="2 weeks"))
    datetime.timedelta(days=14)
    """
    if data.label_delay is None:
        return None
    number, unit = data.label_delay.split()
    return int(number) * UNITS[unit.removesuffix("s")]


@dataclass(frozen=True, kw_only=True)
class AwaitedLabels:
    """How many rows wait for a label that is not due yet, and when the last of them is (None: none is awaited)."""

    rows: int = 0
    due: datetime | None = None


NONE_AWAITED = AwaitedLabels()


def awaited(rows: pa.Table, params: Params, now: datetime) -> AwaitedLabels:
    """Return which labels of the rows are still to come at this time; nothing where nobody says how late they are."""
    delay, target = delay_of(params.data), params.model.target
    if delay is None or not rows.num_rows:
        return NONE_AWAITED
    waits = pc.is_null(rows[target]).to_numpy() if target in rows.column_names else np.ones(rows.num_rows, np.bool_)
    young = waits & _young(rows, params.data, now)
    if not young.any():
        return NONE_AWAITED
    return AwaitedLabels(rows=int(young.sum()), due=pc.max(rows[params.data.time].filter(pa.array(young))).as_py() + delay)


def as_due(rows: pa.Table, params: Params, now: datetime) -> pa.Table:
    """Return rows of the source with the labels that are due at this time, where it says by silence what a row is; else as they are."""
    if params.data.no_label is None or not rows.num_rows:
        return rows
    rows = with_target(rows, params.model.target)
    young = _young(rows, params.data, now)
    silent = pc.is_null(rows[params.model.target]).to_numpy()
    label = np.where(young, np.nan, value_of(params.data.no_label, params.model, where=WHERE))
    return with_labels(rows, params.model.target, label, young | silent)


def due_labels(rows: pa.Table, known: pa.Table, params: Params, now: datetime) -> tuple[pa.Table, pa.Table]:
    """Return the rows whose labels are due at this time and the labels known of them, with what silence says of the others; all, where it says nothing."""
    if params.data.no_label is None:
        return rows, known
    due = rows.filter(pa.array(~_young(rows, params.data, now)))
    key, value = id_column(params), value_of(params.data.no_label, params.model, where=WHERE)
    silent = pa.table({key: due[key], params.model.target: pa.array(np.full(due.num_rows, value), pa.float64())})
    return due, together(known, silent)


def _young(rows: pa.Table, data: DataParams, now: datetime) -> npt.NDArray[np.bool_]:
    """Which rows are younger than labels are late."""
    delay = delay_of(data)
    if delay is None:
        return np.zeros(rows.num_rows, np.bool_)
    found: npt.NDArray[np.bool_] = rows[data.time].to_numpy() > np.datetime64(now - delay)
    return found
