"""The curve of score against retrainings a year, with axes and a word at every line; its numbers stand in a table beside it.

Marks and dashes tell things apart without colour: circles are policies (a ring: the one that the project's params name; a star: the winner), squares evenly
spaced retraining, a dashed line the best in hindsight, the filled band what nine in ten random schedules come to, dotted lines never and by the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from keepfit.report.axis import Axis, fitted, label, picture, spaced, text_width, tick_texts
from keepfit.report.legend import SMALL, legend
from keepfit.report.tables import number

DESK, PHONE = 760.0, 360.0
RIGHT, PLOT, FOOT = 14.0, 300.0, 44.0
NAME_ROOM = 150.0
NEVER, CALENDAR, TODAY = "never", "calendar", "params"
SAID = {NEVER: "never retrained", CALENDAR: "by the calendar", TODAY: "these params"}

Box = tuple[float, float, float, float]


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


def curves(places: Sequence[Place], levels: Sequence[Level], *, metric: str, greater_is_better: bool, winner: str | None = None) -> Markup:
    """Return the curve for a desk and for a phone, of which a page shows the one that fits."""
    both = [curve(places, levels, metric=metric, greater_is_better=greater_is_better, winner=winner, width=width) for width in (DESK, PHONE)]
    return Markup("".join(both))  # noqa: S704 - numbers and escaped labels


def curve(places: Sequence[Place], levels: Sequence[Level], *, metric: str, greater_is_better: bool, winner: str | None = None, width: float = DESK) -> str:
    """Return the SVG; better is up, also for a metric of which less is better."""
    way = "more is better" if greater_is_better else "less is better, so less is up"
    keys, top = legend(f"mean {metric} ({way})", _keys(places, levels, winner), width=width)
    bottom = top + 10 + PLOT
    scores = [one.score for one in places] + [score for one in levels for score in (one.best, one.spaced, one.random_low, one.random_high)]
    low, high = min(scores), max(scores)
    room = (high - low) * 0.06 or 0.01
    y = (
        Axis(low=low - room, high=high + room, start=bottom, end=top + 10)
        if greater_is_better
        else Axis(low=low - room, high=high + room, start=top + 10, end=bottom)
    )
    texts = tick_texts(y.ticks(5))
    left = max(text_width(text, SMALL) for text in texts) + 10
    most = max([*(one.a_year for one in places), *(one.a_year for one in levels)], default=0.0)
    x = Axis(low=0.0, high=most * 1.05 or 1.0, start=left, end=width - RIGHT)
    drawn = [*_axes(x, y, texts, bottom), *_levels(levels, x, y), *_flat(places, x, y), *_places(places, x, y, winner=winner)]
    best = f" The winner is {winner}." if winner else ""
    text = f"{len(places)} policies beside schedules with as many retrainings.{best} The numbers are in the table."
    title = f"Mean {metric} against retrainings a year of policies and of schedules"
    return picture([*keys, *drawn], width=width, height=bottom + FOOT, title=title, text=text, css=f"curve {'on-phone' if width < DESK else 'on-desk'}")


def _keys(places: Sequence[Place], levels: Sequence[Level], winner: str | None) -> Iterator[tuple[str, str]]:
    yield "policy", '<circle class="policy" cx="10" cy="0" r="4.5"/>'
    if any(one.name == winner for one in places):
        yield "winner", _star(10, 0)
    if any(one.name == TODAY for one in places):
        yield "these params (today)", '<circle class="policy" cx="10" cy="0" r="4.5"/><circle class="ring" cx="10" cy="0" r="8"/>'
    if levels:
        yield "evenly spaced", '<path class="line even-line" d="M0 0h20"/><rect class="even" x="7" y="-3" width="6" height="6"/>'
        yield "best in hindsight", '<path class="best" d="M0 0h20"/>'
        yield "nine in ten random schedules", '<path class="band" d="M0 -6h20v12h-20z"/>'


def _axes(x: Axis, y: Axis, texts: Sequence[str], bottom: float) -> list[str]:
    """Both axes with round numbers; that below as many of them as fit."""
    parts = []
    for tick, text in zip(y.ticks(5), texts, strict=True):
        parts += [
            f'<path class="grid" d="M{x.start:.1f} {y.at(tick):.1f}H{x.end:.1f}"/>',
            label(text, x.start - 6, y.at(tick) + 4, anchor="end", css="quiet", size=SMALL),
        ]
    ticks = x.ticks(8)
    below = tick_texts(ticks)
    for index in spaced([x.at(tick) for tick in ticks], [text_width(text, SMALL) for text in below], gap=10):
        at = x.at(ticks[index])
        parts += [f'<path class="axis" d="M{at:.1f} {bottom:.1f}v4"/>', label(below[index], at, bottom + 16, anchor="middle", css="quiet", size=SMALL)]
    middle = (x.start + x.end) / 2
    return [
        *parts,
        f'<path class="axis" d="M{x.start:.1f} {min(y.start, y.end):.1f}V{bottom:.1f}H{x.end:.1f}"/>',
        label("retrainings (reviews) a year", middle, bottom + 36, anchor="middle", css="quiet", size=SMALL),
    ]


def _levels(levels: Sequence[Level], x: Axis, y: Axis) -> list[str]:
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
        f'<path class="line even-line" d="M{line}"/>',
        *squares,
    ]


def _flat(places: Sequence[Place], x: Axis, y: Axis) -> list[str]:
    """A dotted line at what the two policies come to that everything else is held against."""
    return [f'<path class="flat" d="M{x.start:.1f} {y.at(one.score):.1f}H{x.end:.1f}"/>' for one in places if one.name in (NEVER, CALENDAR)]


def _places(places: Sequence[Place], x: Axis, y: Axis, *, winner: str | None) -> list[str]:
    """The policies' points, and beside each its name and number where that lies over no other; the winner's first."""
    drawn, taken = [], [_around(x.at(one.a_year), y.at(one.score)) for one in places]
    for one in sorted(places, key=lambda one: (one.name != winner, one.name != TODAY, one.name not in SAID)):
        at, up = x.at(one.a_year), y.at(one.score)
        drawn.append(_star(at, up) if one.name == winner else f'<circle class="policy" cx="{at:.1f}" cy="{up:.1f}" r="4.5"/>')
        drawn += [f'<circle class="ring" cx="{at:.1f}" cy="{up:.1f}" r="8"/>'] if one.name == TODAY else []
        text = fitted(f"{SAID.get(one.name, one.name)} {number(one.score, digits=3)}", NAME_ROOM, SMALL)
        free = _free(at, up, text_width(text, SMALL), inside=(x.start, min(y.start, y.end) - 8, x.end + RIGHT, max(y.start, y.end)), taken=taken)
        if free is not None:
            taken.append(free)
            drawn.append(label(text, free[0], free[3] - 3, size=SMALL, css="name"))
    return drawn


def _around(at: float, up: float) -> Box:
    return at - 6, up - 6, at + 6, up + 6


def _free(at: float, up: float, wide: float, *, inside: Box, taken: Sequence[Box]) -> Box | None:
    """A place for a text near its point: below or above, to the right, to the left, in the middle; None where all are taken."""
    for left in (at + 9, at - 9 - wide, at - wide / 2):
        for top in (up + 7, up - 21, up + 21, up - 35):
            box = (left, top, left + wide, top + 14)
            fits = box[0] >= inside[0] and box[1] >= inside[1] and box[2] <= inside[2] and box[3] <= inside[3]
            if fits and all(box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1] for other in taken):
                return box
    return None


def _star(at: float, up: float) -> str:
    return f'<path class="star" d="M{at:.1f} {up - 8:.1f}l2.4 5.4l5.8 .6l-4.4 4l1.2 5.8l-5 -3l-5 3l1.2 -5.8l-4.4 -4l5.8 -.6z"/>'
