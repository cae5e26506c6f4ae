"""What a person should look at in an own table before a first model is trained on it: bad values, columns that know the target, what comes again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keepfit.params import DataParams, FeatureKind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.expect.bounds import Bounds

SEED = 0
SHARE: float = DataParams.model_fields["holdout_share"].default


def bounds_of(first: pd.DataFrame, features: Mapping[str, FeatureKind]) -> dict[str, Bounds]:
    """Return the bounds of the numeric features that have a value in the first rows."""
    from keepfit.expect.bounds import robust_bounds

    found = {name: robust_bounds(first[name].to_numpy(dtype="float64", na_value=float("nan"))) for name, kind in features.items() if kind == "numeric"}
    return {name: one for name, one in found.items() if one is not None}


def doubts_of(frame: pd.DataFrame, first: pd.DataFrame, features: Mapping[str, FeatureKind], target: str, *, binary: bool) -> dict[str, str]:
    """Return the doubt about each feature that has one: by the first rows' labels, and by where all rows' labels are missing."""
    import numpy as np

    from keepfit.expect.giveaways import column_of, giveaway, known_afterwards

    found = {}
    for name, kind in features.items():
        numeric = kind == "numeric"
        late = known_afterwards(column_of(name, _values(frame[name], numeric=numeric), numeric=numeric), frame[target].to_numpy("float64"))
        column = column_of(name, _values(first[name], numeric=numeric), numeric=numeric)
        found[name] = late or giveaway(column, first[target].to_numpy("float64"), binary=binary, rng=np.random.default_rng(SEED))
    return {name: doubt for name, doubt in found.items() if doubt is not None}


def repeated_times(times: npt.NDArray[np.datetime64]) -> int:
    """Return how many rows of a regular series share their time with another."""
    from keepfit.expect import repeats

    return repeats.repeated_times(times)


def entity_of(first: pd.DataFrame) -> tuple[str, float, float] | None:
    """Return the column whose entities come again and would stand on both sides of the holdout: name, rows an entity, share of held-out rows."""
    from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

    from keepfit.expect.repeats import ENTITY, on_both_sides

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


def sentences(*, time: str, repeats: int, entity: tuple[str, float, float] | None, doubts: Mapping[str, str], bounds: Mapping[str, Bounds]) -> tuple[str, ...]:
    """Return what there is to look at, a line each."""
    said = [f"{name} {doubt}" for name, doubt in doubts.items()]
    said += [f"{name}: {aside(one)}" for name, one in bounds.items() if one.aside]
    said += [repeats_said(time, repeats)] if repeats else []
    said += [entity_said(entity)] if entity is not None else []
    return tuple(said)


def aside(bounds: Bounds) -> str:
    """What the bounds set aside, and what the other rows span."""
    shown = ", ".join(f"{value:g}" for value in bounds.extremes)
    rows = "1 row lies" if bounds.aside == 1 else f"{bounds.aside:,} rows lie"
    others = f"the others in [{bounds.seen[0]:g}, {bounds.seen[1]:g}]"
    return f"{rows} outside of [{bounds.low:g}, {bounds.high:g}] ({bounds.aside / bounds.n:.2%}, the farthest: {shown}), {others}"


def repeats_said(time: str, repeats: int) -> str:
    """That moments of a series come more than once."""
    return f"{repeats:,} rows share their {time} with another row of this series: the same moment counts more than once"


def entity_said(entity: tuple[str, float, float]) -> str:
    """That rows of one entity stand on both sides of the holdout."""
    name, rows, share = entity
    return f"{name} comes again ({rows:.1f} rows each): {share:.0%} of held-out rows have a twin that trains; data.group: {name} keeps them on one side"
