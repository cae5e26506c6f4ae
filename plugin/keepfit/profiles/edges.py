"""Edges as people read them: a bin's name holds for exactly the rows that are counted in it.

An edge is a value of the data with up to 17 digits. Cut to six for a name, it can fall below the very value that it is: a third of
the rows may then lie outside the bin that they are counted in. So slices are cut at the rounded numbers that their names show.

Blind to the profile's own counts, which stay on the exact edges: they differ by the rows between an edge and its rounded form, at most
a thousandth of a bin's width.
"""

from __future__ import annotations

import math
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from itertools import pairwise

DIGITS = range(6, 17)
WHOLE = 1e15
NEAR = 1e-3


def readable_edges(edges: tuple[float, ...]) -> tuple[float, ...]:
    """Return the edges at six digits, or as many as keep each within a thousandth of its bins' widths; whole numbers as they are.

    An edge closes its bin (`x <= edge`), so it goes up; the first of several lies just below the minimum, which goes down.

    >>> readable_edges((-0.1000001, 1.23456789, 20130215.0))[1:], readable_edges((1.0, 1.00000123, 1.00000456))[1:]
    ((1.23457, 20130215.0), (1.00000123, 1.00000456))
    """
    return next((found for digits in DIGITS if _near(found := _at(edges, digits), edges)), edges)


def _at(edges: tuple[float, ...], digits: int) -> tuple[float, ...]:
    up, down = (Context(prec=digits, rounding=rounding) for rounding in (ROUND_CEILING, ROUND_FLOOR))
    lowest = () if len(edges) < 2 else (math.nextafter(_rounded(above(edges[0]), down), -math.inf),)
    return (*lowest, *(_rounded(edge, up) for edge in edges[len(lowest) :]))


def _near(found: tuple[float, ...], edges: tuple[float, ...]) -> bool:
    """Whether all are told apart, and none moved by more than a thousandth of the widths beside it."""
    if not all(map(math.isfinite, found)) or not all(low < high for low, high in pairwise(found)):
        return False
    return all(abs(new - old) <= NEAR * width for new, old, width in zip(found, edges, _widths(edges), strict=True))


def _widths(edges: tuple[float, ...]) -> list[float]:
    """For each edge the narrower of the bins beside it; a bin of one value (the first of an atom at the minimum) has no width."""
    if not edges:
        return []
    gaps = [math.inf, *(high - low if high > above(low) else math.inf for low, high in pairwise(edges)), math.inf]
    return [min(pair) for pair in pairwise(gaps)]


def above(edge: float) -> float:
    """Return the smallest number above an edge: of the first one, the minimum.

    >>> above(0.9999999999999999)
    1.0
    """
    return math.nextafter(edge, math.inf)


def edge_text(edge: float) -> str:
    """Return an edge so that its text is the number itself.

    >>> [edge_text(edge) for edge in (-0.0, 20130215.0, 0.25, 1e-7, 1.0000001)]
    ['0', '20130215', '0.25', '1e-07', '1.0000001']
    """
    return str(int(edge)) if edge.is_integer() and abs(edge) < WHOLE else repr(edge)


def bound_text(edge: float) -> str:
    """Return an edge as the bound of a range; what lies a hair beside zero is zero.

    >>> [bound_text(edge) for edge in (-5e-324, above(0.0), 0.25, 1234567.0)]
    ['0', '0', '0.25', '1234567']
    """
    return "0" if abs(edge) < sys.float_info.min else edge_text(edge)


def _rounded(edge: float, context: Context) -> float:
    return edge if edge.is_integer() or not math.isfinite(edge) else float(context.plus(Decimal(repr(edge))))
