"""The reference of a model: profiles of its training rows' days, with the target and the model's own predictions.

A model is surer of rows that it has learned than of any that will come. So its predictions are counted on the rows of those days that were held out, where
there are enough; else on the training rows, and then a window's predictions differ from the reference's by as much as the model has overfitted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from keepfit.profiles.answers import answer_columns, answer_kinds, target_column
from keepfit.profiles.profile import learn_layout, profile_table, reference_of
from keepfit.profiles.shares import with_pairs
from keepfit.records import Reference
from keepfit.tables.arrow import as_table
from keepfit.tables.values import in_own_form

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.params import Params

FEWEST_PROFILES = 8
FEWEST_HELD = 100


@dataclass(frozen=True)
class HeldOut:
    """Rows that were held out of a training, and what the model answers to them."""

    rows: pd.DataFrame
    scores: npt.NDArray[np.float64]


def reference_with(params: Params, rows: pd.DataFrame, scores: npt.NDArray[np.float64], held: HeldOut | None = None) -> Reference:
    """Return the reference: profiles of the training rows' days, with target, the model's own predictions and the features' pairs, unweighted.

    `scores` are the model's of `rows`. Predictions are counted on the rows that are `held` out within the time of the training rows, if those are a hundred
    or more; a day without any has profiled none.
    """
    ordered = rows.reset_index(drop=True).sort_values(params.data.time, kind="stable")
    own = HeldOut(ordered.reset_index(drop=True), scores[ordered.index.to_numpy()])
    names = batch_names(own.rows[params.data.time])
    found = _of_rows(params, own.rows, names)
    inside = None if held is None else _within(held, own.rows, params.data.time)
    told = own if inside is None or len(inside.rows) < FEWEST_HELD else inside
    places = names.to_numpy() if told is own else _batches_of(told.rows[params.data.time], own.rows[params.data.time], names)
    return _with_answers(found, params, told, places)


def _of_rows(params: Params, rows: pd.DataFrame, names: pd.Series[str]) -> Reference:
    """The batches' profiles of features, target and pairs."""
    target = params.model.target
    seen = in_own_form(as_table(rows[list(params.data.inputs)].assign(**{target: target_column(params, rows)})), params.data.inputs)
    layout = learn_layout(seen, {**params.data.inputs, target: _target_kind(params)}, **_sizes(params))
    places = rows.groupby(names.to_numpy(), sort=True).indices
    batches = [(str(name), seen.take(rows)) for name, rows in sorted(places.items())]
    features = {name: layout[name] for name in params.data.features}
    return with_pairs(reference_of(batches, layout), [part for _, part in batches], features)


def _with_answers(found: Reference, params: Params, told: HeldOut, names: npt.NDArray[np.object_]) -> Reference:
    """The reference with what the model answers to rows of its batches."""
    import numpy as np
    import pandas as pd

    answers = as_table(pd.DataFrame(answer_columns(params, told.scores)))
    layout = learn_layout(answers, answer_kinds(params), **_sizes(params))
    counted = [profile_table(answers.take(np.flatnonzero(names == one.window)), layout, one.window) for one in found.profiles]
    return replace(found, profiles=tuple(replace(one, columns={**one.columns, **own.columns}) for one, own in zip(found.profiles, counted, strict=True)))


def _within(held: HeldOut, rows: pd.DataFrame, time: str) -> HeldOut:
    """The held rows from the first to the last of these rows' times."""
    inside = held.rows[time].between(rows[time].iloc[0], rows[time].iloc[-1]).to_numpy()
    return HeldOut(held.rows[inside].reset_index(drop=True), held.scores[inside])


def _batches_of(times: pd.Series[pd.Timestamp], of: pd.Series[pd.Timestamp], names: pd.Series[str]) -> npt.NDArray[np.object_]:
    """The batch of each time: that of the last of the rows (`of`, in order) that is not later."""
    places = of.searchsorted(times, side="right") - 1
    return names.to_numpy()[places]


def _sizes(params: Params) -> dict[str, int]:
    return {"bins": params.monitor.bins, "max_categories": params.monitor.max_categories}


def _target_kind(params: Params) -> Literal["categorical", "numeric"]:
    return "categorical" if params.model.task == "classification" else "numeric"


def batch_names(times: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Return the batch of each row for the reference: its day; its hour, or its tenth of the rows, if there are too few days.

    Times must be in order.

    >>> import pandas as pd
    >>> batch_names(pd.Series(pd.date_range("2013-01-01", periods=40, freq="12h"))).nunique()
    20
    """
    import pandas as pd

    for form in ("%Y-%m-%d", "%Y-%m-%dT%H"):
        names = times.dt.strftime(form)
        if names.nunique() >= FEWEST_PROFILES:
            return names
    return pd.Series([f"part-{int(row * 10 / len(times))}" for row in range(len(times))], index=times.index)
