"""How much a reference's windows differ from one another beyond chance: one design effect a channel.

A design effect D says that n rows of a window carry what n / D independent rows would: customers come in clusters, Mondays
differ from Sundays. It is learned from the reference's own windows, in time order, steadied in two ways: columns borrow from
one another, and channels from their column (moderated variances: Smyth, Stat. Appl. Genet. Mol. Biol. 3, 2004). Windows that
resemble their neighbours raise D by (1 + r) / (1 - r).

Blind to variation that the reference does not show: a season it does not cover, or days that were shuffled.

>>> rng = np.random.default_rng(1)
>>> n = np.full((20, 8), 1000)
>>> alike = learn_variation([(rng.binomial(n, 0.5), n)], starts=np.arange(0, 8, 4))
>>> moving = learn_variation([(rng.binomial(n, rng.uniform(0.4, 0.6, (20, 1))), n)], starts=np.arange(0, 8, 4))
>>> bool(alike.design.max() < 2), bool(moving.design.min() > 5)
(True, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PULL = 10.0
"""How many degrees of freedom the column's mean counts for in a channel's design effect, and at most the mean column in a column's."""
MOST_ALIKE = 0.9


@dataclass(frozen=True)
class Variation:
    """What the reference teaches, a value a channel.

    `share` of "yes" in the reference, out of `rows` rows in windows of `own_rows`; `design` is the design effect of a window of
    `window_rows` rows (the windows that taught it).
    """

    share: Floats
    rows: Floats
    own_rows: Floats
    window_rows: Floats
    design: Floats

    def design_of(self, rows: Floats | Ints, raised: float = 1.0) -> Floats:
        """Return the design effect of a window of so many rows: what moves a whole window does not average out in a larger one."""
        return np.asarray(1 + (self.design * raised - 1) * np.maximum(1.0, rows / np.maximum(self.window_rows, 1)))


def learn_variation(groups: Sequence[tuple[Ints, Ints]], *, starts: Ints) -> Variation:
    """Return what groups of windows teach: (k, n) of shape (windows, channels), in time order; `starts` is each column's first channel.

    The first group is the reference and alone says what is normal; more groups (stream windows that calibrate) only say how
    much windows differ from one another within the group.
    """
    k, n = groups[0]
    rows = n.sum(axis=0).astype(np.float64)
    share = _ratio(k.sum(axis=0), rows)
    teaching = [group for group in groups if len(group[0]) > 1]
    windows = np.sum([(n > 0).sum(axis=0) for _, n in teaching] or [np.zeros(len(share))], axis=0)
    mean_rows = _ratio(np.sum([n.sum(axis=0) for _, n in teaching] or [np.zeros(len(share))], axis=0), windows)
    enough = mean_rows * np.minimum(share, 1 - share) >= 1
    design = _design([_scaled(k, n) for k, n in teaching], [n > 0 for _, n in teaching], enough=enough, starts=starts)
    return Variation(share=share, rows=rows, own_rows=_ratio(rows, (n > 0).sum(axis=0)), window_rows=mean_rows, design=design)


def side_by_side(parts: Sequence[Variation]) -> Variation:
    """Return what families of columns teach that do not borrow from one another, one after the other."""
    return Variation(**{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Variation)})


def _scaled(k: Ints, n: Ints) -> Floats:
    """Each window's distance from its group's share, in units of the binomial's standard deviation."""
    share = _ratio(k.sum(axis=0), n.sum(axis=0))
    return _ratio(k - n * share, np.sqrt(n * share * (1 - share)))


def _design(distances: Sequence[Floats], present: Sequence[npt.NDArray[np.bool_]], *, enough: npt.NDArray[np.bool_], starts: Ints) -> Floats:
    if not distances:
        return np.ones(len(enough))
    freedom = np.sum([np.maximum(here.sum(axis=0) - 1, 0) for here in present], axis=0).astype(np.float64)
    squares = np.sum([np.square(z).sum(axis=0) for z in distances], axis=0)
    enough = enough & (freedom > 0)
    channel = _ratio(squares, freedom)
    per_column = _mean(channel, enough, starts)
    df = np.maximum.reduceat(freedom, starts)
    known = ~np.isnan(per_column)
    pull = _pull(per_column[known], df[known])
    steadied = _pulled(per_column, df, pull)
    sizes = np.diff(np.append(starts, len(enough)))
    own, mean = np.where(enough, channel, np.repeat(steadied, sizes)), np.repeat(steadied, sizes)
    design = np.maximum(1.0, (PULL * mean + freedom * own) / (PULL + freedom))
    alike = np.sum([(z[1:] * z[:-1]).sum(axis=0) for z in distances], axis=0)
    correlation = _pulled(np.where(known, _correlation(alike, squares, enough, starts), np.nan), df, pull)
    borrowed = np.where(known, df, df.max(initial=0.0))  # a column that taught nothing stands on the others' windows
    return np.asarray(1 + (design - 1) * np.repeat(_stretch(correlation, borrowed + 1), sizes))


def _mean(values: Floats, enough: npt.NDArray[np.bool_], starts: Ints) -> Floats:
    """The mean over a column's channels that have enough rows; NaN where none has."""
    count = np.add.reduceat(enough.astype(np.float64), starts)
    total = np.add.reduceat(np.where(enough, values, 0.0), starts)
    return np.where(count > 0, _ratio(total, count), np.nan)


def _pull(per_column: Floats, df: Floats) -> float:
    """How many degrees of freedom the mean column is worth: many if columns differ by no more than chance (Smyth 2004, section 6.2)."""
    if len(per_column) < 2:
        return 0.0
    freedom = float(df.mean())
    excess = float(np.var(np.log(np.maximum(per_column, 1e-3)), ddof=1)) - 2 / freedom - 2 / freedom**2
    return PULL if excess <= 0 else min(PULL, 2 / excess)


def _pulled(per_column: Floats, df: Floats, pull: float) -> Floats:
    """Each column's value drawn to the mean column's; a column that taught nothing takes the mean, and 1 stands where none did."""
    known = ~np.isnan(per_column)
    mean = float(per_column[known].mean()) if known.any() else 1.0
    return np.where(known, (pull * mean + df * np.where(known, per_column, 0.0)) / np.maximum(pull + df, 1), mean)


def _correlation(alike: Floats, squares: Floats, enough: npt.NDArray[np.bool_], starts: Ints) -> Floats:
    """Lag-1 correlation of windows, a value a column; 0 where nothing varies."""
    sums = [np.add.reduceat(np.where(enough, each, 0.0), starts) for each in (alike, squares)]
    return _ratio(*sums)


def _stretch(correlation: Floats, windows: Floats) -> Floats:
    """By how much neighbours that are alike raise the variance of a run of windows, (1 + r) / (1 - r), for a finite reference.

    Both corrections are for what `windows` windows hide: a correlation comes out too small by about (1 + 3r) / R, and a variance
    around the windows' own mean by the share of it that the mean takes along.
    """
    whole = np.maximum(windows, 4)
    r = np.clip((correlation + 1 / whole) / (1 - 3 / whole), 0.0, MOST_ALIKE)
    lags = np.arange(1, max(int(whole.max()), 2))
    left = np.clip(1 - lags / whole[:, None], 0.0, None)
    taken = 1 + 2 * (left * r[:, None] ** lags).sum(axis=1)
    return np.asarray((1 + r) / (1 - r) * (whole - 1) / np.maximum(whole - taken, 0.5))


def _ratio(a: Floats | Ints, b: Floats | Ints) -> Floats:
    """A quotient that is 0 where nothing was counted."""
    over = np.asarray(b, np.float64)
    return np.divide(a, over, out=np.zeros(np.broadcast(a, over).shape), where=over > 0)
