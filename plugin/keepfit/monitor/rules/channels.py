"""Channels: a profile as yes/no questions, so that evidence over time needs no density, only k "yes" of n rows.

| column | question | of which rows |
|---|---|---|
| numeric | is x at most the edge? one channel an edge; the first edge lies just below the reference's minimum | finite ones |
| categorical | is it this category? one channel a category | known ones |
| categorical | is it none of them (a rare or a new one)? | known ones |
| text | does it have at most so many words? one channel an edge | all that are there |
| text | is at most this share of its words unknown to the reference? one channel an edge | those with a word |
| text | does it hold a word of this bucket? one channel a bucket | all that are there |
| all | is it missing (NULL, NaN or infinite)? | all |
| a `ShareCount` (two columns, the model's errors) | its own question, one channel | those it was asked of |

Every channel is a sum of a profile's counts, so channels merge as profiles do, and labels that come late are one more window.
Blind to what happens within one bin, to which rare category a row has, and to what two columns do together.

>>> halves = NumericProfile(edges=(0.0, 1.0), counts=(0, 30, 10), n=40, missing=10, nonfinite=0, total=0.0, total_squared=0.0, low=0.0, high=2.0)
>>> profile = Profile(window="2013-02", rows=50, columns={"x": halves})
>>> channels = channels_of(profile.columns)
>>> channels.names
('x <= 0', 'x <= 1', 'x missing')
>>> [count.tolist() for count in channels.counts(profile)]
[[0, 30, 10], [40, 40, 50]]
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from keepfit.errors import DataError
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, Profile, ShareCount, TextProfile

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Channels:
    """The channels of a layout, column after column; `layout` holds each column's profile as it was when they were made."""

    layout: Mapping[str, ColumnProfile | ShareCount]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names in the order of their channels."""
        return tuple(self.layout)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """One readable name a channel."""
        return tuple(name for column, profile in self.layout.items() for name in _names(column, profile))

    @cached_property
    def sizes(self) -> Ints:
        """How many channels each column has: its counts (bins but the last, or categories and *other*, or the three of texts), and *missing*."""
        return np.array([_size(profile) for profile in self.layout.values()], np.int64)

    @cached_property
    def starts(self) -> Ints:
        """Where each column's channels start, for `np.add.reduceat`."""
        return np.cumsum(self.sizes) - self.sizes

    @cached_property
    def owner(self) -> Ints:
        """The index of each channel's column."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def unpacked(self, kept: Mapping[str, str], start: Floats) -> Floats:
        """Return what the bettors of each channel are worth, from what `packed` made; those of a column without any stand at `start`."""
        worth = start.copy()
        for name, first, size in zip(self.columns, self.starts, self.sizes, strict=True):
            values = np.frombuffer(base64.b64decode(kept.get(name, "")), "<f4")
            if values.size == size * worth[0].size:
                worth[first : first + size] = values.reshape(size, *worth.shape[1:])
        return worth

    def packed(self, worth: Floats) -> dict[str, str]:
        """Return what each column's bettors are worth as text: base64 of little-endian float32."""
        parts, small = zip(self.columns, self.starts, self.sizes, strict=True), worth.astype("<f4")
        return {name: base64.b64encode(small[start : start + size].tobytes()).decode() for name, start, size in parts}

    def counts(self, profile: Profile) -> tuple[Ints, Ints]:
        """Return (k, n) of one window, a value a channel; a column the window lacks has n = 0 everywhere.

        Raises `DataError` for a column counted on other edges or categories.
        """
        yes: list[int] = []
        of: list[int] = []
        for name, column in self.layout.items():
            found = profile.columns.get(name) or profile.shares.get(name)
            k, n = _counted(found, column, name) if found is not None else ([0] * _size(column), [0] * _size(column))
            yes += k
            of += n
        return np.array(yes, np.int64), np.array(of, np.int64)

    def windows(self, profiles: Sequence[Profile]) -> tuple[Ints, Ints]:
        """Return (k, n) of several windows, shape (windows, channels)."""
        found = [self.counts(profile) for profile in profiles]
        shape = (len(found), int(self.sizes.sum()))
        return np.array([k for k, _ in found], np.int64).reshape(shape), np.array([n for _, n in found], np.int64).reshape(shape)


def channels_of(layout: Mapping[str, ColumnProfile | ShareCount]) -> Channels:
    """Return the channels of a layout (or of any profile's columns)."""
    return Channels(dict(layout))


def _size(profile: ColumnProfile | ShareCount) -> int:
    if isinstance(profile, ShareCount):
        return 1
    if isinstance(profile, TextProfile):
        return len(profile.lengths.edges) + len(profile.unknown.edges) + len(profile.buckets) + 1
    return len(profile.edges) + 1 if isinstance(profile, NumericProfile) else len(profile.categories) + 2


def _names(column: str, profile: ColumnProfile | ShareCount) -> list[str]:
    if isinstance(profile, ShareCount):
        return [column]
    if isinstance(profile, TextProfile):
        return _text_names(column, profile)
    if isinstance(profile, NumericProfile):
        return [*(f"{column} <= {edge:.4g}" for edge in profile.edges), f"{column} missing"]
    return [*(f"{column} = {category}" for category in profile.categories), f"{column} other", f"{column} missing"]


def _text_names(column: str, profile: TextProfile) -> list[str]:
    lengths = [f"{column} words <= {edge:.4g}" for edge in profile.lengths.edges]
    unknown = [f"{column} unknown words <= {edge:.0%}" for edge in profile.unknown.edges]
    return [*lengths, *unknown, *(f"{column} bucket {place}" for place in range(len(profile.buckets))), f"{column} missing"]


def _of_texts(found: TextProfile) -> tuple[list[int], list[int]]:
    lengths, unknown = (list(accumulate(part.counts[:-1])) for part in (found.lengths, found.unknown))
    of = [found.n] * len(lengths) + [found.unknown.n] * len(unknown) + [found.n] * len(found.buckets)
    return [*lengths, *unknown, *found.buckets, found.missing], [*of, found.n + found.missing]


def _counted(found: ColumnProfile | ShareCount, layout: ColumnProfile | ShareCount, name: str) -> tuple[list[int], list[int]]:
    if isinstance(found, ShareCount) and isinstance(layout, ShareCount):
        return [found.yes], [found.n]
    if isinstance(found, TextProfile) and isinstance(layout, TextProfile) and found.known == layout.known:
        return _of_texts(found)
    if isinstance(found, NumericProfile) and isinstance(layout, NumericProfile) and found.edges == layout.edges:
        absent, yes = found.missing + found.nonfinite, list(accumulate(found.counts[:-1]))
    elif isinstance(found, CategoricalProfile) and isinstance(layout, CategoricalProfile) and found.categories == layout.categories:
        absent, yes = found.missing, [*found.counts, found.other]
    else:
        raise DataError(f"{name!r} is counted on two different layouts", fix="profile both windows on one layout")
    return [*yes, absent], [found.n] * len(yes) + [found.n + absent]
