"""The curve of score against retrainings a year: a small SVG with labelled axes, whose numbers stand in a table beside it.

Marks and dashes tell the lines apart without colour: circles are policies, squares evenly spaced retraining, a dashed line the best in hindsight,
the filled band what nine in ten random schedules come to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

from keepfit.report.tables import number, plain, shorten

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 20, 50
TICKS = 5
NAME_CHARS = 24


@dataclass(frozen=True, kw_only=True)
class Place:
    """A policy's point: retrainings a year, and the mean metric."""

    name: str
    a_year: float
    score: float


@dataclass(frozen=True, kw_only=True)
class Level:
    """What schedules with so many retrainings a year come to."""

    a_year: float
    best: float
    spaced: float
    random_low: float
    random_high: float


@dataclass(frozen=True)
class _Axis:
    """From numbers to places on the page."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a number lies."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round numbers between the ends."""
        step = _round_step((self.high - self.low) / TICKS)
        return [at * step for at in range(ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9) + 1)]


def curve(places: Sequence[Place], levels: Sequence[Level], *, metric: str, greater_is_better: bool) -> Markup:
    """Return the SVG; better is up, also for a metric of which less is better."""
    scores = [one.score for one in places] + [score for one in levels for score in (one.best, one.spaced, one.random_low, one.random_high)]
    low, high = min(scores), max(scores)
    room = (high - low) * 0.05 or 0.01
    ends = (HEIGHT - BOTTOM, TOP) if greater_is_better else (TOP, HEIGHT - BOTTOM)
    x = _Axis(0.0, max([*(one.a_year for one in places), *(one.a_year for one in levels)], default=0.0) * 1.05 or 1.0, LEFT, WIDTH - RIGHT)
    y = _Axis(low - room, high + room, *ends)
    way = "more is better" if greater_is_better else "less is better"
    drawn = [*_axes(x, y, metric=f"mean {metric} ({way})"), *_levels(levels, x, y), *_places(places, x, y)]
    label = escape(f"Mean {plain(metric)} against retrainings a year of policies and of schedules; the numbers are in the table")
    return Markup(f'<svg class="curve" role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">{"".join(drawn)}</svg>')  # noqa: S704 - numbers and escaped labels


def _axes(x: _Axis, y: _Axis, *, metric: str) -> list[str]:
    floor_, middle = HEIGHT - BOTTOM, (TOP + HEIGHT - BOTTOM) / 2
    return [
        f'<path class="axis" d="M{LEFT} {TOP}V{floor_}H{WIDTH - RIGHT}"/>',
        *(_mark(f"M{x.at(tick):.1f} {floor_}v5", x.at(tick), floor_ + 18, number(tick), anchor="middle") for tick in x.ticks()),
        *(_mark(f"M{LEFT} {y.at(tick):.1f}h-5", LEFT - 8, y.at(tick) + 4, number(tick), anchor="end") for tick in y.ticks()),
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">retrainings (reviews) a year</text>',
        f'<text transform="translate(14 {middle:.0f}) rotate(-90)" text-anchor="middle">{escape(shorten(plain(metric), 60))}</text>',
    ]


def _mark(path: str, x: float, y: float, text: str, *, anchor: str) -> str:
    return f'<path class="axis" d="{path}"/><text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _levels(levels: Sequence[Level], x: _Axis, y: _Axis) -> list[str]:
    if not levels:
        return []
    above = [f"{x.at(one.a_year):.1f} {y.at(one.random_high):.1f}" for one in levels]
    below = [f"{x.at(one.a_year):.1f} {y.at(one.random_low):.1f}" for one in reversed(levels)]
    best = [f"{x.at(one.a_year):.1f} {y.at(one.best):.1f}" for one in levels]
    even = [(x.at(one.a_year), y.at(one.spaced)) for one in levels]
    squares = [f'<rect class="even" x="{at - 3:.1f}" y="{up - 3:.1f}" width="6" height="6"/>' for at, up in even]
    line = "L".join(f"{at:.1f} {up:.1f}" for at, up in even)
    return [
        f'<path class="band" d="M{"L".join((*above, *below))}Z"/>',
        f'<path class="best" d="M{"L".join(best)}"/>',
        f'<path class="line" d="M{line}"/>',
        *squares,
    ]


def _places(places: Sequence[Place], x: _Axis, y: _Axis) -> list[str]:
    drawn = []
    for one in places:
        at, up = x.at(one.a_year), y.at(one.score)
        anchor, aside = ("end", -8) if at > WIDTH * 0.8 else ("start", 8)
        drawn.append(f'<circle class="policy" cx="{at:.1f}" cy="{up:.1f}" r="4.5"/>')
        drawn.append(f'<text x="{at + aside:.1f}" y="{up + 14:.1f}" text-anchor="{anchor}">{escape(shorten(plain(one.name), NAME_CHARS))}</text>')
    return drawn


def _round_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at least as large."""
    if rough <= 0:
        return 1.0
    power: float = 10.0 ** floor(log10(rough))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))
