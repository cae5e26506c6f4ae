"""How likely each row was to be selected, whatever the strategy: exact, from its place in the strategy's order.

A queue is drawn so: of N rows, r by chance alone; then, of those not drawn, the first a of the strategy's order. So the row with j rows before it in that order
is selected if it is among the r (r / N), or if of the j rows before it fewer than a are left, which is so if at least j - a + 1 of them were drawn by
chance: a hypergeometric tail. The first a rows are selected for certain, rows beyond a + r by chance alone, and every row may be: so the sum of
y / probability over the queue's rows is an unbiased estimate of the sum over all N (Horvitz & Thompson 1952).

The order is given: what a strategy drew by luck is not part of the chance. Blind to a population that is not what it is taken for: rows that could not be
selected at all, such as those in an open queue, are no part of it.

>>> chances(np.arange(6), rows=6, by_chance=2, chosen=1).round(3).tolist()
[1.0, 0.6, 0.4, 0.333, 0.333, 0.333]
>>> float(chances(np.arange(6), rows=6, by_chance=2, chosen=1).sum().round(9))
3.0
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def chances(places: npt.NDArray[np.int64], *, rows: int, by_chance: int, chosen: int) -> npt.NDArray[np.float64]:
    """Return the probabilities of the rows at these places of the order (from 0 on), of a queue of `by_chance` + `chosen` of `rows` rows."""
    from scipy.stats import hypergeom

    if rows <= by_chance + chosen:
        return np.ones(len(places))
    share, places = by_chance / rows, np.minimum(places, rows - 1)
    room = hypergeom.sf(places - chosen, rows - 1, by_chance, places) if by_chance else (places < chosen).astype(np.float64)
    found: npt.NDArray[np.float64] = share + (1 - share) * np.where(places < chosen, 1.0, room)
    return found
