"""The record of how numeric columns go together: counts that add up, beside a window's profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from keepfit.records.form import record


@record
class PairProfile:
    """Sums over the rows in which both columns a and b are finite, of their bins' numbers on a profile's edges; all are whole and add up.

    `quadrants` counts rows by (a low, b low), (low, high), (high, low), (high, high), high being above the middle edge; `a`, `b` are sums of
    bin numbers, `aa`, `bb`, `ab` sums of their products.
    """

    quadrants: tuple[int, ...]
    a: int
    b: int
    aa: int
    bb: int
    ab: int

    @property
    def n(self) -> int:
        """The rows that were counted."""
        return sum(self.quadrants)


@record
class Pairs:
    r"""All pairs of a window's numeric columns, by `first|second` in the layout's order; optional, beside its `Profile`.

    A `|` or `\` in a column's name has a `\` before it.
    """

    schema: int = 1
    window: str
    pairs: Mapping[str, PairProfile] = field(default_factory=dict)
