"""Twin histograms of two profiles: a small SVG, and the very numbers that it draws.

Numbers stand along an axis that is cut at the reference's quantiles, so that a long tail leaves room for the rest; categories and texts are named.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from markupsafe import Markup

from keepfit.profiles.edges import above, bound_text, readable_edges
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, TextProfile
from keepfit.report.bars import Bin, PictureWords, named, upright
from keepfit.report.tables import plain, shorten

LABEL_CHARS = 40
SHOWN = 10
OTHER, MISSING, INFINITE = "(other)", "(missing)", "(infinite)"


def twin_bins(reference: ColumnProfile, current: ColumnProfile) -> tuple[Bin, ...]:
    """Return the bins that hold a value on either side, then the missing share; shares of all rows. Texts have bins of unknown words, then of lengths.

    >>> one = CategoricalProfile(categories=("a", "b"), counts=(3, 1), n=4, missing=0, other=0)
    >>> [(bin.label, bin.reference) for bin in twin_bins(one, one)]
    [('a', 0.75), ('b', 0.25)]
    """
    return tuple(filter(_held, _bins(reference, current)))


def twin_histogram(reference: ColumnProfile, current: ColumnProfile, *, title: str, now: str = "current") -> Markup:
    """Return an SVG of the twin bins, hollow bars for the reference and filled ones for the current window, which is called `now`.

    Of many categories the ten largest of either side are drawn, the rest is one bar.
    """
    bins = _bins(reference, current)
    missing = bins[-1]
    words = PictureWords(
        title=f"Histogram of {plain(title)}: reference hollow, {now} filled",
        text=f"{_most(bins)} {_missing(missing)} All numbers are in the table below.",
        now=now,
        line=f"share of the rows; {_missing(missing)[:-1]}",
    )
    if isinstance(reference, NumericProfile) and len(reference.edges) > 1:
        return Markup(_numbers(reference, bins, words))  # noqa: S704 - numbers and escaped labels
    drawn = _largest(bins) if isinstance(reference, CategoricalProfile) else [*filter(_held, bins[:-1])]
    return Markup(named([*drawn, *([replace(missing, label=_bare(missing))] if _held(missing) else [])], words=words))  # noqa: S704 - numbers and escaped labels


def _bins(reference: ColumnProfile, current: ColumnProfile) -> tuple[Bin, ...]:
    """Every bin, also those that hold no value; the last is the missing one, of categories the one before it all others."""
    counts = [_counts(profile) for profile in (reference, current)]
    rows = [profile.n + profile.missing + (profile.nonfinite if isinstance(profile, NumericProfile) else 0) for profile in (reference, current)]
    shares = [[count / whole if whole else None for count in found] for found, whole in zip(counts, rows, strict=True)]
    return tuple(Bin(*one) for one in zip(_labels(reference), *shares, strict=True))


def _numbers(profile: NumericProfile, bins: Sequence[Bin], words: PictureWords) -> str:
    """The bins from the first to the last that hold a value, their edges between them; what is no number stands apart."""
    inner, aside = bins[:-2], [replace(one, label=_bare(one)) for one in bins[-2:] if _held(one)]
    held = [index for index, one in enumerate(inner) if _held(one)] or [1]
    first, last = held[0], held[-1]
    lowest, *others = readable_edges(profile.edges)
    edges = (None, _flat(above(lowest)), *others, None)
    return upright(inner[first : last + 1], edges[first : last + 2], aside=aside, words=words)


def _flat(edge: float) -> float:
    """What lies a hair beside zero is zero."""
    return 0.0 if abs(edge) < sys.float_info.min else edge


def _largest(bins: Sequence[Bin]) -> list[Bin]:
    """The categories that are drawn, in their order: the largest of either side; all others are one bar."""
    held = [one for one in bins[:-2] if _held(one)]
    kept = sorted(held, key=lambda one: -max(one.reference or 0.0, one.current or 0.0))[:SHOWN]
    rest, more = [*(one for one in held if one not in kept), bins[-2]], len(held) - len(kept)
    other = Bin(f"other ({more} more)" if more else "other", _sum([one.reference for one in rest]), _sum([one.current for one in rest]))
    return [*(one for one in held if one in kept), *([other] if _held(other) else [])]


def _bare(one: Bin) -> str:
    """A bin's label without the brackets that tell it from a category."""
    return one.label.strip("()")


def _held(one: Bin) -> bool:
    """Whether either side has such a value."""
    return bool(one.reference or one.current)


def _sum(shares: Sequence[float | None]) -> float | None:
    return None if None in shares else sum(share or 0.0 for share in shares)


def _most(bins: Sequence[Bin]) -> str:
    """The bin that changed most, for who does not see the picture."""
    both = [(one, (one.current or 0.0) - (one.reference or 0.0)) for one in bins if one.reference is not None and one.current is not None]
    if not both:
        return "One of the sides has no rows."
    one, change = max(both, key=lambda found: abs(found[1]))
    return f"The largest change: {one.label} from {one.reference:.1%} to {one.current:.1%}." if change else "Both sides are the same."


def _missing(one: Bin) -> str:
    before, now = ("–" if share is None else f"{share:.1%}" for share in (one.reference, one.current))
    return f"missing {before}." if before == now else f"missing {before} before, {now} now."


def _counts(profile: ColumnProfile) -> tuple[int, ...]:
    if isinstance(profile, CategoricalProfile):
        return (*profile.counts, profile.other, profile.missing)
    if isinstance(profile, TextProfile):
        return (*profile.unknown.counts, *profile.lengths.counts, profile.missing)
    return (*profile.counts, profile.nonfinite, profile.missing)


def _labels(profile: ColumnProfile) -> tuple[str, ...]:
    if isinstance(profile, CategoricalProfile):
        return (*(shorten(plain(category), LABEL_CHARS) or "(empty text)" for category in profile.categories), OTHER, MISSING)
    if isinstance(profile, TextProfile):
        lengths = (f"{span} words" for span in _ranges(profile.lengths))
        return (*_unknown(profile.unknown.edges), *lengths, MISSING)
    return (*_ranges(profile), INFINITE, MISSING)


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
