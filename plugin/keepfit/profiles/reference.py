"""The reference of a model: profiles of its training rows' days, with the target and the model's own predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.profiles.answers import answer_columns, answer_kinds, target_column
from keepfit.profiles.profile import learn_layout, reference_of
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


def reference_with(params: Params, rows: pd.DataFrame, scores: npt.NDArray[np.float64]) -> Reference:
    """Return the reference: profiles of the training rows' days, with target, the model's own predictions and the features' pairs, unweighted."""
    ordered = rows.reset_index(drop=True).assign(**answer_columns(params, scores)).sort_values(params.data.time, kind="stable", ignore_index=True)
    target, answers = params.model.target, answer_kinds(params)
    seen = in_own_form(as_table(ordered[[*params.data.inputs, *answers]].assign(**{target: target_column(params, ordered)})), params.data.inputs)
    kinds = {**params.data.inputs, target: _target_kind(params), **answers}
    layout = learn_layout(seen, kinds, bins=params.monitor.bins, max_categories=params.monitor.max_categories)  # type: ignore[arg-type]
    places = ordered.groupby(batch_names(ordered[params.data.time]).to_numpy(), sort=True).indices
    batches = [(str(name), seen.take(rows)) for name, rows in sorted(places.items())]
    features = {name: layout[name] for name in params.data.features}
    return with_pairs(reference_of(batches, layout), [part for _, part in batches], features)


def _target_kind(params: Params) -> str:
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
