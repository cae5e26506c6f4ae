"""Bars of two sides, hollow beside filled, with axes and a legend: upright along a column of numbers, or a row for each of several names.

A picture is 360 units wide, as a phone is, so that its text has its own size there. Hollow and filled differ without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepfit.report.axis import Axis, fitted, label, percent_texts, picture, text_width
from keepfit.report.stretched import SMALL, stretched_ticks

WIDTH, RIGHT = 360, 10
HEAD = 44
PLOT, FOOT = 110, 24
ROW, BAR = 24, 8
NAMES = 0.44
"""The part of the width that names may take."""
APART = 14


@dataclass(frozen=True)
class Bin:
    """One bin: its label, and the share of each side's values in it (None: that side has no values)."""

    label: str
    reference: float | None
    current: float | None


@dataclass(frozen=True, kw_only=True)
class PictureWords:
    """What a picture says of itself: its `title`, a `text` for who does not see it, how the filled side is called, and the line above the plot."""

    title: str
    text: str
    now: str
    line: str


def upright(bins: Sequence[Bin], edges: Sequence[float | None], *, aside: Sequence[Bin], words: PictureWords) -> str:
    """Return bars side by side between `edges` (one more than bins; None: open), in which `aside` stand apart, as missing values do.

    Each bin is as wide as the next, whatever its span, so that a long tail takes no more room than it holds rows; round numbers say where they lie.
    """
    up = Axis(low=0.0, high=_top([*bins, *aside]), start=HEAD + PLOT, end=HEAD)
    ticks = percent_texts(up.ticks(4))
    left = max(text_width(tick, SMALL) for tick in ticks) + 12
    wide = [text_width(one.label, SMALL) + 6 for one in aside]
    end = WIDTH - RIGHT - sum(wide) - APART * len(wide)
    step = (end - left) / max(len(bins), 1)
    parts = [_legend(words), *_across(up, ticks, left=left)]
    parts += [bar for index, one in enumerate(bins) for bar in _pair(one, left + index * step, step, up)]
    parts += [mark for tick in stretched_ticks(edges, start=left, step=step, end=end + APART / 2 if aside else WIDTH) for mark in _tick(*tick)]
    at = end
    for one, room in zip(aside, wide, strict=True):
        at += APART
        parts += [*_pair(one, at, room, up), label(one.label, at + room / 2, HEAD + PLOT + 16, anchor="middle", css="quiet", size=SMALL)]
        at += room
    return picture(parts, width=WIDTH, height=HEAD + PLOT + FOOT, title=words.title, text=words.text, css="bars")


def named(bins: Sequence[Bin], *, words: PictureWords) -> str:
    """Return two lying bars for each bin beside its name; what is longer than its room is cut."""
    room = max(min(max((text_width(one.label) for one in bins), default=0.0) + 2, WIDTH * NAMES), 20.0)
    left, bottom = room + 8, HEAD + ROW * max(len(bins), 1)
    along = Axis(low=0.0, high=_top(bins), start=left, end=WIDTH - RIGHT - 8)
    parts = [_legend(words)]
    ticks = along.ticks(4)
    for tick, text in zip(ticks, percent_texts(ticks), strict=True):
        at = along.at(tick)
        parts += [f'<path class="grid" d="M{at:.1f} {HEAD}V{bottom}"/>', label(text, at, bottom + 16, anchor="middle", css="quiet", size=SMALL)]
    parts.append(f'<path class="axis" d="M{left:.1f} {HEAD}V{bottom}"/>')
    for index, one in enumerate(bins):
        top = HEAD + index * ROW
        parts.append(label(fitted(one.label, room), left - 6, top + ROW / 2 + 4, anchor="end"))
        parts += [_lying(one.reference, top + 3, along, css="ref"), _lying(one.current, top + 3 + BAR + 1, along, css="cur")]
    return picture(parts, width=WIDTH, height=bottom + FOOT, title=words.title, text=words.text, css="bars")


def _top(bins: Sequence[Bin]) -> float:
    """Where the axis of shares ends: just above the largest, and never below half a percent."""
    return max(max([share for one in bins for share in (one.reference, one.current) if share], default=1.0) * 1.04, 0.005)


def _legend(words: PictureWords) -> str:
    second = 12 + 16 + text_width("reference") + 18
    keys = f'<rect class="ref key" x="1" y="4" width="12" height="10"/><rect class="cur key" x="{second:.1f}" y="4" width="12" height="10"/>'
    said = label(fitted(words.line, WIDTH - 2, SMALL), 0, 32, css="quiet", size=SMALL)
    return keys + label("reference", 18, 13) + label(fitted(words.now, WIDTH - second - 18), second + 17, 13) + said


def _across(up: Axis, ticks: Sequence[str], *, left: float) -> list[str]:
    lines = [f'<path class="grid" d="M{left:.1f} {up.at(at):.1f}H{WIDTH - RIGHT}"/>' for at in up.ticks(4)]
    texts = [label(text, left - 6, up.at(at) + 4, anchor="end", css="quiet", size=SMALL) for at, text in zip(up.ticks(4), ticks, strict=True)]
    return [*lines, *texts, f'<path class="axis" d="M{left:.1f} {HEAD + PLOT}H{WIDTH - RIGHT}"/>']


def _tick(at: float, text: str) -> list[str]:
    wide = text_width(text, SMALL)
    middle = min(max(at, wide / 2), WIDTH - wide / 2)
    return [f'<path class="axis" d="M{at:.1f} {HEAD + PLOT}v4"/>', label(text, middle, HEAD + PLOT + 16, anchor="middle", css="quiet", size=SMALL)]


def _pair(one: Bin, at: float, room: float, up: Axis) -> list[str]:
    half = max((room - 2) / 2, 0.6)
    return [_standing(one.reference, at + 1, half, up, css="ref"), _standing(one.current, at + 1 + half, half, up, css="cur")]


def _standing(share: float | None, at: float, wide: float, up: Axis, *, css: str) -> str:
    if not share:
        return ""
    top = up.at(share)
    return f'<rect class="{css}" x="{at:.1f}" y="{top:.1f}" width="{max(wide - 0.6, 0.6):.1f}" height="{up.start - top:.1f}"/>'


def _lying(share: float | None, top: float, along: Axis, *, css: str) -> str:
    if not share:
        return ""
    return f'<rect class="{css}" x="{along.start:.1f}" y="{top:g}" width="{max(along.at(share) - along.start, 0.6):.1f}" height="{BAR}"/>'
