"""What is known of a model by the rows that it was trained on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.records import Composition, ModelMeta
from keepfit.tables.frames import forms_of_frame
from keepfit.tables.written_targets import classes_of

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.params import Params


def meta_of(params: Params, rows: pd.DataFrame, composition: Composition | None, *, flavor: str) -> ModelMeta:
    """Return what is known of a model trained on these rows (with the features that are derived from their times), or composed as said."""
    times = rows[params.data.time]
    return ModelMeta(
        model=params.model.name,
        task=params.model.task,
        target=params.model.target,
        features=params.data.inputs,
        flavor=flavor,  # type: ignore[arg-type]
        estimator=params.train.command or params.train.estimator or "",
        classes=_classes(params, rows, flavor),
        rows=len(rows),
        trained_from=_moment(times.min()) if composition is None else composition.trained_from,
        trained_until=_moment(times.max()) if composition is None else composition.trained_until,
        values=forms_of_frame(rows, params.data.inputs),
        time_features=params.data.derived,
        many=params.model.many,
    )


def _classes(params: Params, rows: pd.DataFrame, flavor: str) -> tuple[str, ...]:
    """The target's values as the model's own code may know them, the one that counts as 1 last; keepfit's own estimators get numbers.

    Many classes are named as they are listed, whatever trains: the order of the list is that of the scores.
    """
    if params.model.task == "regression":
        return ()
    if params.model.classes is not None:
        return params.model.classes
    return ("0", "1") if flavor == "sklearn" else classes_of(params, rows)


def _moment(value: object) -> datetime:
    import pandas as pd

    return pd.Timestamp(value).to_pydatetime()  # type: ignore[arg-type]
