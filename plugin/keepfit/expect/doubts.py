"""What a person should look at in an own table before a first model is trained on it: bad values, columns that know the target, what comes again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

from keepfit.expect.bounds import Bounds, robust_bounds
from keepfit.expect.giveaways import column_of, giveaway, known_afterwards
from keepfit.expect.repeats import ENTITY, on_both_sides
from keepfit.params import DataParams, FeatureKind
from keepfit.tables.feature_kinds import text_said

SEED = 0
SHARE: float = DataParams.model_fields["holdout_share"].default


def bounds_of(first: pd.DataFrame, features: Mapping[str, FeatureKind]) -> dict[str, Bounds]:
    """Return the bounds of the numeric features that have a value in the first rows."""
    found = {name: robust_bounds(first[name].to_numpy(dtype="float64", na_value=float("nan"))) for name, kind in features.items() if kind == "numeric"}
    return {name: one for name, one in found.items() if one is not None}


def doubts_of(frame: pd.DataFrame, first: pd.DataFrame, features: Mapping[str, FeatureKind], target: str, *, classes: int) -> dict[str, str]:
    """Return the doubt about each feature that has one (a text: whether it is one): by the first rows' labels, and by where all rows' labels are missing.

    `classes` is how many the target has, 0 of a number.
    """
    found: dict[str, str | None] = {}
    for name, kind in features.items():
        if kind == "text":
            found[name] = text_said(frame[name])
            continue
        numeric = kind == "numeric"
        late = known_afterwards(column_of(name, _values(frame[name], numeric=numeric), numeric=numeric), frame[target].to_numpy("float64"))
        column = column_of(name, _values(first[name], numeric=numeric), numeric=numeric)
        found[name] = late or giveaway(column, first[target].to_numpy("float64"), classes=classes, rng=np.random.default_rng(SEED))
    return {name: doubt for name, doubt in found.items() if doubt is not None}


def entity_of(first: pd.DataFrame) -> tuple[str, float, float] | None:
    """Return the column whose entities come again and would stand on both sides of the holdout: name, rows an entity, share of held-out rows."""
    found = []
    for name in map(str, first.columns):
        column = first[name].dropna()
        coded = ENTITY.search(name) is not None and not is_bool_dtype(column) and (not is_float_dtype(column) or bool((column % 1 == 0).all()))
        if coded or not is_numeric_dtype(column):
            both = on_both_sides(name, column.astype(str).tolist(), holdout_share=SHARE)
            found += [(name, *both)] if both is not None else []
    return max(found, key=lambda one: (ENTITY.search(one[0]) is not None, -one[1]), default=None)


def _values(column: pd.Series[float], *, numeric: bool) -> list[object]:
    if numeric:
        return list(column.astype("float64"))
    return [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
