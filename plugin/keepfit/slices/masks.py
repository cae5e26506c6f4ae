"""Slices of a column: which rows hold each of its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from keepfit.errors import DataError

Mask = npt.NDArray[np.bool_]


def slice_masks(values: Mapping[str, Sequence[object]], *, most: int = 200) -> dict[str, Mask]:
    """Return a mask for each `column=value` in name order; a missing value is the slice `column=(missing)`.

    Raises `DataError` for a column with more than `most` values: that is no slicing column but an id or a measurement.

    >>> {name: mask.tolist() for name, mask in slice_masks({"origin": ["JFK", "LGA", "JFK"]}).items()}
    {'origin=JFK': [True, False, True], 'origin=LGA': [False, True, False]}
    """
    masks: dict[str, Mask] = {}
    for column, column_values in values.items():
        text = np.array([value_text(value) for value in column_values], dtype=object)
        names = sorted(set(text.tolist()))
        if len(names) > most:
            raise DataError(
                f"{len(names)} values are too many for slices (at most {most})",
                where=f"params.yaml: evaluate.slices.{column}",
                fix="slice by a column with few values",
            )
        masks |= {f"{column}={name}": text == name for name in names}
    return dict(sorted(masks.items()))


def value_text(value: object) -> str:
    """Return a slice's value as text; 3.0 is `3`, so that a column reads the same with and without missing values."""
    if value is None or type(value).__name__ == "NAType" or value != value:  # pandas' NA is equal to nothing, and different from nothing
        return "(missing)"
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
