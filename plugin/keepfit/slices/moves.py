"""Which rows came, and which left: the slices whose share of the rows changed most from one window to another.

The search of `search.py` over the rows of both windows, the "loss" being that a row is of the current one (grown) or of the
reference (shrunk): a conjunction is told only for what neither of its literals alone explains. What is told of a slice is counted on
all rows of both windows, and told only if it surely moved there (`sure.py`), in the direction that it was found for. For one
column without rows at hand, counts do (`monitor/contributions.py`). Shares add up to one, so what came pushes others down: read the largest
first. Blind to changes within a slice, and to rows that only changed their label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np

from keepfit.errors import DataError
from keepfit.records import FoundSlice
from keepfit.slices.codes import CodedColumn
from keepfit.slices.scan import Conjunction, Literals, Scan
from keepfit.slices.search import AND, SliceLimits, least_rows, search, slice_name
from keepfit.slices.sure import sureness

MEASURE = "share of the rows, now minus before"


@dataclass(frozen=True, kw_only=True)
class MovedSlice:
    """A slice whose share of the rows moved: its literals (column and code each), the search's p for both directions, of how many tries."""

    literals: Literals
    p_value: float
    tests: int


@dataclass(frozen=True, kw_only=True)
class SliceCounts:
    """Rows of one slice in either window, and how many there are in all."""

    before: int
    now: int
    all_before: int
    all_now: int

    @property
    def shares(self) -> tuple[float, float]:
        """The slice's share of the rows, before and now."""
        return self.before / self.all_before, self.now / self.all_now


Counting = Callable[[Sequence[Literals]], Sequence[SliceCounts]]


def moved_slices(
    reference: Sequence[CodedColumn], current: Sequence[CodedColumn], *, limits: SliceLimits | None = None, counting: Counting | None = None
) -> tuple[FoundSlice, ...]:
    """Return the slices whose share moved surely, the largest movement first; `alpha` holds for both directions together.

    `effect` is the share now minus before with its interval, `rows` and `share` are of the current window, `share_before` of the reference,
    `explained` the part of all rows that came or left. `counting` counts slices on all rows where the columns are a sample of them.
    Raises `DataError` if the two are not coded alike.

    >>> before, now = (CodedColumn("c", ("c=a", "c=b"), np.repeat([0, 1], counts)) for counts in ([900, 100], [700, 300]))
    >>> [(found.slice, found.share_before, found.share) for found in moved_slices([before], [now])]
    [('c=a', 0.9, 0.7), ('c=b', 0.1, 0.3)]
    """
    if [(one.name, one.literals) for one in reference] != [(one.name, one.literals) for one in current]:
        raise DataError("the two windows are not coded alike", fix="code both on one layout (slices.codes.code_columns)")
    if not current or not len(current[0].codes) or not len(reference[0].codes):
        return ()
    chosen = limits or SliceLimits()
    moves = _searched(reference, current, chosen)
    counts = (counting or partial(count_slices, reference, current))([move.literals for move in moves])
    told = [_told(move, counted, current, alpha=chosen.alpha) for move, counted in zip(moves, counts, strict=True)]
    return tuple(sorted((one for one in told if one is not None), key=lambda one: (-abs(one.effect), one.slice)))


def count_slices(reference: Sequence[CodedColumn], current: Sequence[CodedColumn], slices: Sequence[Literals]) -> list[SliceCounts]:
    """Return how many rows of either side each slice has."""
    sizes = len(reference[0].codes), len(current[0].codes)
    return [SliceCounts(before=rows_of(reference, one), now=rows_of(current, one), all_before=sizes[0], all_now=sizes[1]) for one in slices]


def rows_of(columns: Sequence[CodedColumn], literals: Literals) -> int:
    """Return how many rows all of these literals hold for."""
    return int(np.all([columns[column].codes == code for column, code in literals], axis=0).sum())


def _searched(reference: Sequence[CodedColumn], current: Sequence[CodedColumn], limits: SliceLimits) -> list[MovedSlice]:
    """What grew, then what shrank; a slice moves one way on all rows, so none is there twice."""
    sizes = len(reference[0].codes), len(current[0].codes)
    both = [CodedColumn(one.name, one.literals, np.concatenate([one.codes, other.codes])) for one, other in zip(reference, current, strict=True)]
    half, is_now = replace(limits, alpha=limits.alpha / 2), np.repeat([0.0, 1.0], sizes)
    moves: list[MovedSlice] = []
    for sign, loss in ((1.0, is_now), (-1.0, 1 - is_now)):
        tell = partial(_move, reference=reference, current=current, sign=sign, alpha=limits.alpha)
        moves += search(Scan(both, loss, least_rows(limits, sum(sizes))), half, tell=tell)
    return moves


def _move(best: Conjunction, *, reference: Sequence[CodedColumn], current: Sequence[CodedColumn], sign: float, alpha: float) -> MovedSlice | None:
    """The slice as a movement, if all rows of both windows have it in this direction."""
    move = MovedSlice(literals=best.literals, p_value=min(1.0, 2 * best.p), tests=best.tests)
    (counted,) = count_slices(reference, current, [best.literals])
    found = _told(move, counted, current, alpha=alpha)
    return move if found is not None and found.effect * sign > 0 else None


def _told(move: MovedSlice, counted: SliceCounts, columns: Sequence[CodedColumn], *, alpha: float) -> FoundSlice | None:
    """What is so on the rows that were counted; None if the slice did not surely move there."""
    (before, now), effect = counted.shares, counted.shares[1] - counted.shares[0]
    error = float(np.sqrt(before * (1 - before) / counted.all_before + now * (1 - now) / counted.all_now))
    sure = sureness(effect, error, p_value=move.p_value, tests=move.tests, alpha=alpha)
    if sure.low <= 0 <= sure.high or sure.p_value > alpha:
        return None
    return FoundSlice(
        question="share",
        slice=slice_name(columns, move.literals),
        columns=tuple(columns[column].name for column, _ in move.literals),
        rows=counted.now,
        share=now,
        effect=effect,
        low=max(sure.low, -1.0),
        high=min(sure.high, 1.0),
        p_value=sure.p_value,
        explained=abs(effect),
        n=counted.all_now,
        tests=move.tests,
        measure=MEASURE,
        share_before=before,
    )


def beside(found: Sequence[FoundSlice], reference: Sequence[CodedColumn]) -> tuple[FoundSlice, ...]:
    """Return the slices with the share that each held in the reference's rows, coded on the same layout; without rows they come back as they are.

    >>> before, now = (CodedColumn("c", ("c=a", "c=b"), np.repeat([0, 1], counts)) for counts in ([900, 100], [300, 700]))
    >>> from keepfit.slices.search import find_slices
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
