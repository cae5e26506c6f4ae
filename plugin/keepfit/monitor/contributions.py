"""Which value of a column moved: the contributions of one column's bins to its change, from counts alone.

Adtributor's two numbers (Bhagwan et al., NSDI 2014, eq. 1–3) over shares of rows: a bin *explains* its part of all that grew (or
shrank), and *surprises* by its term of the Jensen–Shannon divergence. Blind to conjunctions: these need rows (`slices/search.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, TextProfile
from keepfit.slices.codes import literals_of


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One bin: its share of the rows before and after, its part of all movement in its direction, and its surprise (nats)."""

    literal: str
    before: float
    after: float
    explains: float
    surprise: float


def contributions(name: str, reference: ColumnProfile, current: ColumnProfile) -> tuple[Contribution, ...]:
    """Return the bins of a column that moved, the largest movement first; none if a side has no rows, and none of texts.

    >>> before = CategoricalProfile(categories=("a", "b", "c"), counts=(50, 30, 20), n=100, missing=0, other=0)
    >>> after = CategoricalProfile(categories=("a", "b", "c"), counts=(50, 5, 45), n=100, missing=0, other=0)
    >>> [(one.literal, one.before, one.after, one.explains) for one in contributions("x", before, after)]
    [('x=b', 0.3, 0.05, 1.0), ('x=c', 0.2, 0.45, 1.0)]
    """
    if isinstance(reference, TextProfile) or isinstance(current, TextProfile):
        return ()
    sides = _shares(reference), _shares(current)
    if not sides[0] or not sides[1]:
        return ()
    moved = sum(abs(after - before) for before, after in zip(*sides, strict=True)) / 2
    found = [
        Contribution(literal=literal, before=before, after=after, explains=abs(after - before) / moved, surprise=_surprise(before, after))
        for literal, before, after in zip(_literals(name, reference), *sides, strict=True)
        if before != after
    ]
    return tuple(sorted(found, key=lambda one: (-round(one.explains, 9), -one.surprise)))


def _literals(name: str, profile: NumericProfile | CategoricalProfile) -> tuple[str, ...]:
    infinite = () if isinstance(profile, CategoricalProfile) else (f"{name} is infinite",)
    return (*literals_of(name, profile), *infinite)


def _shares(profile: NumericProfile | CategoricalProfile) -> tuple[float, ...]:
    """Shares of all rows: of those counted into a bin, missing, and infinite."""
    of_kind = (profile.other, profile.missing) if isinstance(profile, CategoricalProfile) else (profile.missing, profile.nonfinite)
    counts = (*profile.counts, *of_kind)
    return tuple(count / sum(counts) for count in counts) if sum(counts) else ()


def _surprise(before: float, after: float) -> float:
    middle = (before + after) / 2
    return sum(share * log(share / middle) for share in (before, after) if share) / 2
