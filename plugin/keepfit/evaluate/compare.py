"""Two models on the same rows: overall and per slice, each with a paired interval, or a reason why there is none.

What could not be measured is `error` (a model gave NaN); what too few rows cannot tell is `undecided`. Neither is a number
that somebody could take for a result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from keepfit.errors import DataError

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Model b against model a on the same rows; `gain` is signed so that positive means b is better.

    `low` and `high` are one-sided bounds of the gain, each at the confidence asked for; `error` is the gain's standard error;
    `p_harm` is the one-sided p-value of "b is not worse than a" (small: b is worse).
    """

    value_a: float
    value_b: float
    gain: float
    low: float
    high: float
    p_harm: float
    n: int
    error: float


class Metric(Protocol):
    """What a metric must offer: a value, a one-model interval, a paired difference, and what it cannot be measured on.

    A metric with an attribute `of_labels = True` also measures models that answer labels 0 and 1 instead of probabilities.
    """

    name: str
    greater_is_better: bool
    task: Literal["classification", "regression"]

    def undecidable(self, y: Array) -> str | None:
        """Return why these labels cannot decide anything (one class only …), or None."""

    def value(self, y: Array, s: Array) -> float:
        """Return the metric of scores `s` on labels `y`."""

    def interval(self, y: Array, s: Array, confidence: float) -> tuple[float, float]:
        """Return the one-sided lower and upper bound of the value, each at `confidence`."""

    def difference(self, y: Array, a: Array, b: Array, confidence: float) -> Difference:
        """Return b against a on the same rows."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One slice under one metric. `status` says if it could be measured; only then are the numbers set.

    Without a champion, `difference` is None and only the challenger's value and its interval stand.
    """

    slice: str
    metric: str
    n: int
    status: Literal["measured", "undecided", "error"]
    detail: str = ""
    champion: float | None = None
    challenger: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    difference: Difference | None = None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Labels and both models' scores on the same rows, in the same order; `champion` None for a first model."""

    y: Array
    champion: Array | None
    challenger: Array

    def part(self, mask: Mask) -> Judged:
        """Return the rows where `mask` is true."""
        champion = None if self.champion is None else self.champion[mask]
        return Judged(y=self.y[mask], champion=champion, challenger=self.challenger[mask])

    @property
    def broken(self) -> str | None:
        """Return which model gave scores that are not finite numbers and how many, or None."""
        for name, scores in (("challenger", self.challenger), ("champion", self.champion)):
            bad = 0 if scores is None else int((~np.isfinite(scores)).sum())
            if bad:
                return f"the {name} gave {bad} scores that are not finite numbers"
        return None


def compare(metric: Metric, judged: Judged, *, name: str, confidence: float, min_rows: int) -> Comparison:
    """Compare on one slice called `name`; labels must be finite (drop unlabelled rows before)."""
    n = len(judged.y)
    broken = judged.broken
    if broken:
        return Comparison(slice=name, metric=metric.name, n=n, status="error", detail=broken)
    reason = f"{n} rows, the rule asks for {min_rows}" if n < min_rows else metric.undecidable(judged.y)
    if reason:
        return Comparison(slice=name, metric=metric.name, n=n, status="undecided", detail=reason)
    low, high = metric.interval(judged.y, judged.challenger, confidence)
    difference = None if judged.champion is None else metric.difference(judged.y, judged.champion, judged.challenger, confidence)
    return Comparison(
        slice=name,
        metric=metric.name,
        n=n,
        status="measured",
        champion=None if difference is None else difference.value_a,
        challenger=metric.value(judged.y, judged.challenger),
        value_low=low,
        value_high=high,
        difference=difference,
    )


def slice_masks(values: Mapping[str, Sequence[object]], *, most: int = 200) -> dict[str, Mask]:
    """Return a mask for each `column=value` in name order; a missing value is the slice `column=(missing)`.

    Raises `DataError` for a column with more than `most` values: that is no slicing column but an id or a measurement.

    >>> {name: mask.tolist() for name, mask in slice_masks({"origin": ["JFK", "LGA", "JFK"]}).items()}
    {'origin=JFK': [True, False, True], 'origin=LGA': [False, True, False]}
    """
    masks: dict[str, Mask] = {}
    for column, column_values in values.items():
        text = np.array([_text(value) for value in column_values], dtype=object)
        names = sorted(set(text.tolist()))
        if len(names) > most:
            raise DataError(
                f"{len(names)} values are too many for slices (at most {most})",
                where=f"params.yaml: evaluate.slices.{column}",
                fix="slice by a column with few values",
            )
        masks |= {f"{column}={name}": text == name for name in names}
    return dict(sorted(masks.items()))


def _text(value: object) -> str:
    """A slice's value as text; 3.0 is `3`, so that a column reads the same with and without missing values."""
    if value is None or type(value).__name__ == "NAType" or value != value:  # pandas' NA is equal to nothing, and different from nothing
        return "(missing)"
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
