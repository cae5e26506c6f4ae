"""How likely each row was to be selected, whatever the strategy: exact, from its place in the strategy's order.

A queue is drawn so: of N rows, r by chance alone; then, of those not drawn, the first a of the strategy's order. So the row with j rows before it in that order
is selected if it is among the r (r / N), or if of the j rows before it fewer than a are left, which is so if at least j - a + 1 of them were drawn by
chance: a hypergeometric tail. The first a rows are selected for certain, rows beyond a + r by chance alone, and every row may be: so the sum of
y / probability over the queue's rows is an unbiased estimate of the sum over all N (Horvitz & Thompson 1952).

The order is given: what a strategy drew by luck is not part of the chance. Blind to a population that is not what it is taken for: rows that could not be
selected at all, such as those in an open queue, are no part of it.

>>> sizes = QueueSizes(rows=6, by_chance=2, chosen=1)
>>> chances(np.arange(6), sizes).round(3).tolist()
[1.0, 0.6, 0.4, 0.333, 0.333, 0.333]
>>> float(chances(np.arange(6), sizes).sum().round(9))
3.0
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class QueueSizes:
    """Of `rows` rows, `by_chance` are drawn by chance alone, then `chosen` of the others in an order."""

    rows: int
    by_chance: int
    chosen: int


def chances(places: npt.NDArray[np.int64], sizes: QueueSizes) -> npt.NDArray[np.float64]:
    """Return the probabilities of the rows at these places of the order (from 0 on; of a row that is not in it: the number of rows)."""
    from scipy.stats import hypergeom

    if sizes.rows <= sizes.by_chance + sizes.chosen:
        return np.ones(len(places))
    share, ahead = sizes.by_chance / sizes.rows, np.minimum(places, sizes.rows - 1)
    room = hypergeom.sf(ahead - sizes.chosen, sizes.rows - 1, sizes.by_chance, ahead) if sizes.by_chance else 0.0
    found: npt.NDArray[np.float64] = share + (1 - share) * np.where(places < sizes.chosen, 1.0, room)
    return np.where(places >= sizes.rows, share, found)


def even_chance(among: int, sizes: QueueSizes) -> float:
    """Return the probability of each of `among` rows (a slice) from which those that are not drawn by chance alone are drawn, each as likely as any other.

    They are alike, so it is the share of them that is selected on average: of those drawn by chance, and of `chosen` others or all that are left.

    >>> round(even_chance(10, QueueSizes(rows=100, by_chance=10, chosen=4)), 3)
    0.5
    """
    from scipy.stats import hypergeom

    drawn = np.arange(min(among, sizes.by_chance) + 1)
    how_often = hypergeom.pmf(drawn, sizes.rows, among, sizes.by_chance)
    return float(np.round((how_often * (drawn + np.minimum(sizes.chosen, among - drawn))).sum() / max(among, 1), 12))
