"""Which rows came, and which left: the slices whose share of the rows changed most from one window to another.

The search of `slice_search.py` over the rows of both windows, the "loss" being that a row is of the current one (grown) or of the
reference (shrunk): a conjunction is told only for what neither of its literals alone explains. For one column without rows at hand,
counts do (`contributions.py`). Shares add up to one, so what came pushes others
down: read the largest first. Blind to changes within a slice, and to rows that only changed their label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from keepfit.errors import DataError
from keepfit.monitor.slice_codes import CodedColumn
from keepfit.monitor.slice_search import AND, SliceLimits, find_slices
from keepfit.records import FoundSlice

MEASURE = "share of the rows, now minus before"


def moved_slices(reference: Sequence[CodedColumn], current: Sequence[CodedColumn], *, limits: SliceLimits | None = None) -> tuple[FoundSlice, ...]:
    """Return the slices whose share moved surely, the largest movement first; `alpha` holds for both directions together.

    `effect` is the share now minus before with its interval, `rows` and `share` are of the current window, `explained` the part of all
    rows that came or left. Raises `DataError` if the two are not coded alike.

    >>> before, now = (CodedColumn("c", ("c=a", "c=b"), np.repeat([0, 1], counts)) for counts in ([900, 100], [700, 300]))
    >>> [(found.slice, round(found.effect, 2)) for found in moved_slices([before], [now])]
    [('c=a', -0.2), ('c=b', 0.2)]
    """
    if [(one.name, one.literals) for one in reference] != [(one.name, one.literals) for one in current]:
        raise DataError("the two windows are not coded alike", fix="code both on one layout (slice_codes.code_columns)")
    if not current or not len(current[0].codes) or not len(reference[0].codes):
        return ()
    sizes = len(reference[0].codes), len(current[0].codes)
    both = [CodedColumn(one.name, one.literals, np.concatenate([one.codes, other.codes])) for one, other in zip(reference, current, strict=True)]
    half = replace(limits or SliceLimits(), alpha=(limits or SliceLimits()).alpha / 2)
    is_now = np.repeat([0.0, 1.0], sizes)
    grown = [_moved(one, sizes, sign=1.0) for one in find_slices(both, is_now, question="share", limits=half)]
    shrunk = [_moved(one, sizes, sign=-1.0) for one in find_slices(both, 1 - is_now, question="share", limits=half)]
    return tuple(sorted([*grown, *shrunk], key=lambda one: (-abs(one.effect), one.slice)))


def _moved(found: FoundSlice, sizes: tuple[int, int], *, sign: float) -> FoundSlice:
    """The finding in shares of each window's rows, from its rows and its excess over all others."""
    before, now = sizes if sign > 0 else sizes[::-1]
    mean_inside = (now + found.effect * (found.n - found.rows)) / found.n
    rows = round(mean_inside * found.rows)
    shares = (found.rows - rows) / before, rows / now
    effect, scale = shares[1] - shares[0], (shares[1] - shares[0]) / found.effect
    low, high = sorted((sign * found.low * scale, sign * found.high * scale))
    inside = rows if sign > 0 else found.rows - rows
    return replace(
        found,
        rows=inside,
        share=inside / sizes[1],
        effect=sign * effect,
        low=low,
        high=high,
        p_value=min(1.0, 2 * found.p_value),
        explained=abs(effect),
        n=sizes[1],
        measure=MEASURE,
        share_before=shares[0],
    )


def beside(found: Sequence[FoundSlice], reference: Sequence[CodedColumn]) -> tuple[FoundSlice, ...]:
    """Return the slices with the share that each held in the reference's rows, coded on the same layout; without rows they come back as they are.

    >>> before, now = (CodedColumn("c", ("c=a", "c=b"), np.repeat([0, 1], counts)) for counts in ([900, 100], [300, 700]))
    >>> worse = find_slices([now], now.codes * (np.arange(1000) % 2))
    >>> [(found.slice, found.share, found.share_before) for found in beside(worse, [before])]
    [('c=b', 0.7, 0.1)]
    """
    if not reference or not len(reference[0].codes):
        return tuple(found)
    columns = {one.name: one for one in reference}
    return tuple(replace(one, share_before=_share_of(one, [columns[name] for name in one.columns if name in columns])) for one in found)


def _share_of(found: FoundSlice, columns: Sequence[CodedColumn]) -> float | None:
    """The share of the rows that have all of the slice's literals; None where a column is not there."""
    named = [[code for code, literal in enumerate(column.literals) if literal in found.slice] for column in columns]
    for codes in product(*named):
        if AND.join(column.literals[code] for column, code in zip(columns, codes, strict=True)) == found.slice:
            return float(np.mean(np.all([column.codes == code for column, code in zip(columns, codes, strict=True)], axis=0)))
    return None
