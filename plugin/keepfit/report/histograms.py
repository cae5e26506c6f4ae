"""Twin histograms of two profiles: a small SVG, and the very numbers that it draws.

The reference is drawn hollow, the current window filled, so the two differ without colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from keepfit.profiles.edges import above, bound_text, readable_edges
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, TextProfile
from keepfit.report.tables import plain, shorten

WIDTH, HEIGHT = 320, 90
LABEL_CHARS = 40


@dataclass(frozen=True)
class Bin:
    """One bin: its label, and the share of each side's values in it (None: that side has no values)."""

    label: str
    reference: float | None
    current: float | None


def twin_bins(reference: ColumnProfile, current: ColumnProfile) -> tuple[Bin, ...]:
    """Return the bins that hold a value on either side, then the missing share; shares of all rows. Texts have bins of unknown words, then of lengths.

    >>> one = CategoricalProfile(categories=("a", "b"), counts=(3, 1), n=4, missing=0, other=0)
    >>> [(bin.label, bin.reference) for bin in twin_bins(one, one)]
    [('a', 0.75), ('b', 0.25)]
    """
    sides = [_counts(profile) for profile in (reference, current)]
    rows = [profile.n + profile.missing + (profile.nonfinite if isinstance(profile, NumericProfile) else 0) for profile in (reference, current)]
    bins = []
    for label, a, b in zip(_labels(reference), *sides, strict=True):
        if a or b:
            bins.append(Bin(label, a / rows[0] if rows[0] else None, b / rows[1] if rows[1] else None))
    return tuple(bins)


def twin_histogram(reference: ColumnProfile, current: ColumnProfile, *, title: str) -> Markup:
    """Return an SVG of the twin bins, hollow bars for the reference and filled ones for the current window."""
    bins = twin_bins(reference, current)
    top = max([share for each in bins for share in (each.reference, each.current) if share], default=1.0)
    step = WIDTH / max(len(bins), 1)
    bars = [_bar(index * step + 1, each.reference, step / 2 - 1, top=top, css="ref") for index, each in enumerate(bins)]
    bars += [_bar(index * step + step / 2, each.current, step / 2 - 1, top=top, css="cur") for index, each in enumerate(bins)]
    label = escape(f"Histogram of {plain(title)}: reference hollow, current filled; the numbers are in the table")
    return Markup(f'<svg role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">{"".join(bars)}</svg>')  # noqa: S704 - numbers and an escaped label


def _bar(x: float, share: float | None, width: float, *, top: float, css: str) -> str:
    if not share:
        return ""
    height = share / top * (HEIGHT - 4)
    return f'<rect class="{css}" x="{x:.1f}" y="{HEIGHT - 1 - height:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}"/>'


def _counts(profile: ColumnProfile) -> tuple[int, ...]:
    if isinstance(profile, CategoricalProfile):
        return (*profile.counts, profile.other, profile.missing)
    if isinstance(profile, TextProfile):
        return (*profile.unknown.counts, *profile.lengths.counts, profile.missing)
    return (*profile.counts, profile.nonfinite, profile.missing)


def _labels(profile: ColumnProfile) -> tuple[str, ...]:
    if isinstance(profile, CategoricalProfile):
        return (*(shorten(plain(category), LABEL_CHARS) or "(empty text)" for category in profile.categories), "(other)", "(missing)")
    if isinstance(profile, TextProfile):
        lengths = (f"{span} words" for span in _ranges(profile.lengths))
        return (*_unknown(profile.unknown.edges), *lengths, "(missing)")
    return (*_ranges(profile), "(infinite)", "(missing)")


def _unknown(edges: tuple[float, ...]) -> tuple[str, ...]:
    """The bins of the share of a text's words that the reference does not know; the first edge is 0."""
    spans = (f"{low:.0%} to {high:.0%}" for low, high in pairwise(edges))
    return tuple(f"{span} of the words unknown" for span in ("none", *spans, f"over {edges[-1]:.0%}"))


def _ranges(profile: NumericProfile) -> tuple[str, ...]:
    """The bins `edges[i-1] < x <= edges[i]`, named as slices are; the first of several edges lies just below the minimum."""
    edges = readable_edges(profile.edges)
    if len(edges) < 2:
        return (f"up to {bound_text(edges[0])}", f"above {bound_text(edges[0])}") if edges else ("any number",)
    lowest = above(edges[0])
    between = [_span(low, high) for low, high in pairwise((lowest, *edges[1:]))]
    return (f"below {bound_text(lowest)}", *between, f"above {bound_text(edges[-1])}")


def _span(low: float, high: float) -> str:
    return bound_text(high) if low == high else f"{bound_text(low)} to {bound_text(high)}"
