r"""Axes of the small SVG charts: round ticks, where a number lies, and how wide a text is drawn, so that labels neither overlap nor leave the picture.

>>> share = Axis(low=0.0, high=0.43, start=100.0, end=0.0)
>>> share.ticks(4), share.at(0.0)
([0.0, 0.2, 0.4], 100.0)
>>> tick_texts(share.ticks(4)), [text.replace("\xa0", " ") for text in percent_texts(share.ticks(4))]
(['0.0', '0.2', '0.4'], ['0 %', '20 %', '40 %'])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf, isfinite, log10

from markupsafe import escape

from keepfit.report.blocks import width
from keepfit.report.tables import plain, shorten

FONT = 12
GLYPH = 0.64
"""The width of a letter as a part of its size, of a wide sans-serif face (DejaVu Sans); other faces take less. Wide and narrow letters are counted apart."""
WIDE, NARROW = frozenset("mwMWQO@%&—…"), frozenset("iljtfrI.,:;'|!()[] ")


@dataclass(frozen=True, kw_only=True)
class Axis:
    """From numbers (`low` to `high`) to places on the page (`start` to `end`, in the picture's own units)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a number lies."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Round numbers (1, 2 or 5 times a power of ten apart) within the ends, about so many."""
        step = round_step((self.high - self.low) / max(most, 1))
        return [round(at * step, 12) + 0.0 for at in range(ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9) + 1)]


def round_step(rough: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at least as large.

    >>> [round_step(rough) for rough in (0.013, 0.3, 7, 0)]
    [0.02, 0.5, 10.0, 1.0]
    """
    if rough <= 0 or not isfinite(rough):
        return 1.0
    power: float = 10.0 ** floor(log10(rough))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))


def roundest(low: float, high: float) -> float:
    """Return the roundest number in `[low, high]`: the one that is a multiple of the largest step of 1, 2 or 5 times a power of ten.

    >>> [roundest(*ends) for ends in ((6.88, 14.2), (-3.0, 41.0), (0.0123, 0.0131), (671525.0, 915273.0), (7.0, 7.0))]
    [10.0, 0.0, 0.013, 800000.0, 7.0]
    """
    if low <= 0 <= high:
        return 0.0
    power = floor(log10(max(abs(low), abs(high)))) + 1
    steps = (times * float(f"1e{power - digits}") for digits in range(17) for times in (5, 2, 1))
    for step in steps:
        tick = float(f"{ceil(low / step - 1e-9) * step:.12g}") if 0 < step < inf else inf
        if low <= tick <= high:
            return tick
    return low


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Return the ticks with as many digits as their distance needs, all the same; thousands are separated."""
    return [f"{tick:,.{_digits(ticks)}f}" for tick in ticks]


def percent_texts(ticks: Sequence[float]) -> list[str]:
    """Return shares as percentages with as many digits as their distance needs; a no-break space stands before the sign."""
    digits = max(_digits(ticks) - 2, 0)
    return [f"{tick * 100:.{digits}f}\u00a0%" for tick in ticks]


def _digits(ticks: Sequence[float]) -> int:
    step = min((b - a for a, b in pairwise(ticks)), default=abs(ticks[0]) if ticks else 1.0)
    return 0 if step <= 0 else max(0, -floor(log10(step) + 1e-9))


def text_width(text: str, size: float = FONT) -> float:
    """Return about how wide a text is drawn, in the units of its size; East Asian characters take two places."""
    wide = sum(0.98 if one in WIDE else 0.4 if one in NARROW else 0.72 if one.isupper() else GLYPH for one in text if one.isascii())
    return size * (wide + sum(GLYPH * width(one) for one in text if not one.isascii()))


def fitted(text: str, room: float, size: float = FONT) -> str:
    """Return as much of a text as is not wider than `room`, its end an ellipsis; on one line, without control characters.

    >>> fitted("Newark", 60), fitted("a very long name of an airport", 60)
    ('Newark', 'a very…')
    """
    whole = plain(text)
    for chars in range(min(len(whole), int(room / size * 5) + 1), 0, -1):
        cut = shorten(whole, chars)
        if text_width(cut, size) <= room:
            return cut
    return ""


def spaced(places: Sequence[float], widths: Sequence[float], *, gap: float = 8.0) -> list[int]:
    """Return which of the labels centred at rising `places` are shown so that none overlaps: every k-th, the smallest k that fits.

    >>> spaced([0, 10, 20, 30, 40], [15] * 5), spaced([0, 100], [15, 15])
    ([0, 3], [0, 1])
    """
    for step in range(1, max(len(places), 1)):
        shown = list(range(0, len(places), step))
        if all(places[b] - widths[b] / 2 - places[a] - widths[a] / 2 >= gap for a, b in pairwise(shown)):
            return shown
    return [0] if places else []


def label(text: str, x: float, y: float, *, anchor: str = "start", css: str = "", size: float = FONT) -> str:
    """Return an SVG text; what it says is escaped, and on one line."""
    named = f' class="{css}"' if css else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}">{escape(plain(text))}</text>'


def picture(parts: Sequence[str], *, width: float, height: float, title: str, text: str, css: str) -> str:
    """Return the SVG: its name and a description for who does not see it; it shrinks with the page, and its text with it."""
    name, said = escape(plain(title)), escape(plain(text))
    head = f'<svg class="{css}" role="img" aria-label="{name}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">'
    return f"{head}<desc>{said}</desc>{''.join(parts)}</svg>"
