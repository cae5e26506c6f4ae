"""Round numbers on an axis whose bins are all as wide, whatever they span: where each lies, as many as are told apart.

>>> [(round(at), text) for at, text in stretched_ticks((None, 0.0, 10.0, 1000.0, None), start=0.0, step=90.0, end=360.0)]
[(90, '0'), (108, '2'), (135, '5'), (181, '20'), (225, '500'), (270, '1,000')]
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from keepfit.report.axis import roundest, text_width
from keepfit.report.tables import number

SMALL = 11
NEAR = 14.0
"""How far from its place a rounder number is looked for, in the picture's units."""
GAP = 8.0


def stretched_ticks(edges: Sequence[float | None], *, start: float, step: float, end: float) -> list[tuple[float, str]]:
    """Return place and text of each tick; no text passes `end`. A bin that holds one value alone names it in its middle, before others take its room."""
    points = _points(edges, start, step)
    found: list[tuple[float, str]] = []
    for at, value in [*_atoms(points), *_between(points)]:
        text = number(value, digits=5)
        low, high = _span(at, text)
        fits = low >= 0 and high <= end and text not in {said for _, said in found}
        if fits and all(high + GAP <= other[0] or other[1] + GAP <= low for other in (_span(*one) for one in found)):
            found.append((at, text))
    return sorted(found)


def _points(edges: Sequence[float | None], start: float, step: float) -> list[tuple[float, float]]:
    """Where each edge lies, and its value; open ends have none."""
    return [(start + index * step, edge) for index, edge in enumerate(edges) if edge is not None]


def _span(at: float, text: str) -> tuple[float, float]:
    half = text_width(text, SMALL) / 2
    return at - half, at + half


def _atoms(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [((a + b) / 2, low) for (a, low), (b, high) in pairwise(points) if low == high]


def _between(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The roundest number near each of evenly spaced places."""
    if not points:
        return []
    (first, lowest), (last, highest) = points[0], points[-1]
    if lowest == highest or first == last:
        return [points[0]]
    count = int((last - first) / (2 * NEAR)) + 1
    places = [first + (last - first) * index / count for index in range(count + 1)]
    return [_rounded(points, max(place - NEAR, first), min(place + NEAR, last)) for place in places]


def _rounded(points: Sequence[tuple[float, float]], low: float, high: float) -> tuple[float, float]:
    tick = roundest(_value(points, low), _value(points, high))
    return _place(points, tick), tick


def _value(points: Sequence[tuple[float, float]], place: float) -> float:
    for (a, low), (b, high) in pairwise(points):
        if place <= b:
            part = (place - a) / (b - a)
            return min(low * (1 - part) + high * part, high)
    return points[-1][1]


def _place(points: Sequence[tuple[float, float]], value: float) -> float:
    for (a, low), (b, high) in pairwise(points):
        if value <= high and low < high:
            return a + (b - a) * max(value / 2 - low / 2, 0.0) / (high / 2 - low / 2)  # halves: their difference is finite
    return points[-1][0]
