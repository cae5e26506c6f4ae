"""The keys of a chart above its plot: a mark and a word each, in as many lines as the picture's width needs."""

from __future__ import annotations

from collections.abc import Iterable

from keepfit.report.axis import fitted, label, text_width

SMALL = 11
LINE = 18.0
MARK, GAP = 26.0, 14.0


def legend(head: str, keys: Iterable[tuple[str, str]], *, width: float) -> tuple[list[str], float]:
    """Return the line above and the keys, each a text and the SVG of its mark (20 wide, around height 0), and where they end."""
    parts = [label(fitted(head, width), 0, 13)]
    at, line = 0.0, 1
    for text, mark in keys:
        wide = MARK + text_width(text, SMALL)
        if at and at + wide > width:
            at, line = 0.0, line + 1
        up = line * LINE + 9
        parts += [
            f'<g transform="translate({at:.1f} {up:.0f})">{mark}</g>',
            label(fitted(text, width - MARK, SMALL), at + MARK, up + 4, css="quiet", size=SMALL),
        ]
        at += wide + GAP
    return parts, (line + 1) * LINE
