"""Which rows does the loss come from? The slices of at most `depth` literals that are worse than the rest, after multiplicity control.

One search answers two questions (`question`):

- *loss*: `loss` is an error or a loss for each row; the slices where the model is worse than on the rows outside.
- *share*: rows of two windows together, `loss` 1 for those of the current one; the slices whose share grew, each told only for what
  neither of its literals alone explains (the contributions of Adtributor: Bhagwan et al., NSDI 2014, with tests in place of cut-offs).

The most surprising slice is taken, its rows are set aside, and what remains is searched again: what is told second is not the shadow
of what is told first. The search's p-values are Bonferroni's over every supported slice of a depth, times the depths. What is told of
a slice is counted on *all* rows, whatever was set aside before: rows, share, effect, interval and p (`sure.py`). A slice that
is worse only among the rows that were left is not told, and the search goes on without its rows.

Rows of a day vary together, so what is told has an interval that knows the clusters of rows: a slice that was worse on some days only is not told.
Blind to causes that no literal names, to slices below `min_share`, to unions ("a or b" is found as its parts), and to a loss that
rises everywhere by the same amount; which slice is looked at first is found as if rows were independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from keepfit.errors import DataError
from keepfit.records import FoundSlice
from keepfit.slices.codes import CodedColumn
from keepfit.slices.masks import Mask
from keepfit.slices.scan import Conjunction, Literals, Scan
from keepfit.slices.sure import sureness
from keepfit.stats.spread import Influences, Spread, clustered, dense, one_cluster

Floats = npt.NDArray[np.float64]
Question = Literal["loss", "share"]
Told = TypeVar("Told")
AND = " & "
ROUNDS = 2
"""A search looks at most at twice as many slices as it may tell: some are worse only among the rows that were left."""


@dataclass(frozen=True, kw_only=True)
class SliceLimits:
    """What is worth telling: `alpha` for all slices of a search, `min_share` and `min_rows` of the rows, `depth` literals, `top` slices."""

    alpha: float = 0.01
    min_share: float = 0.01
    min_rows: int = 50
    depth: int = 2
    beam: int = 20
    top: int = 3


def find_slices(
    columns: Sequence[CodedColumn],
    loss: npt.ArrayLike,
    *,
    question: Question = "loss",
    limits: SliceLimits | None = None,
    clusters: npt.NDArray[np.integer[Any]] | None = None,
) -> tuple[FoundSlice, ...]:
    """Return the slices whose rows have more loss than the rest, in the order they were found (the most surprising first).

    None if none is surely worse: the interval of each one that is told lies above zero, at a level that holds for all that were looked at.

    `loss` has one number a row, larger is worse; rows whose loss is NaN (no label yet) are left out. Raises `DataError` if a
    column has another number of rows.

    >>> codes = np.repeat([0, 1], [900, 100])
    >>> cities = CodedColumn("city", ("city=Rome", "city=Oslo"), codes)
    >>> (found,) = find_slices([cities], np.where(codes == 1, np.arange(1000) % 2, np.arange(1000) % 10 == 0))
    >>> found.slice, found.rows, found.share, round(found.effect, 2), found.p_value < 1e-12
    ('city=Oslo', 100, 0.1, 0.4, True)
    """
    limits = limits or SliceLimits()
    losses = np.asarray(loss, np.float64)
    for column in columns:
        if len(column.codes) != len(losses):
            raise DataError(f"the column {column.name!r} has {len(column.codes)} rows, the loss {len(losses)}", fix="take both from one table")
    known = np.isfinite(losses)
    kept = columns if known.all() else [column.rows(known) for column in columns]
    together = None if clusters is None else dense(clusters, len(losses))[known]
    rows = Scan(kept, losses[known], least_rows(limits, int(known.sum())), together)
    return tuple(search(rows, limits, tell=partial(_told, rows, question=question, alpha=limits.alpha)))


def least_rows(limits: SliceLimits, rows: int) -> int:
    """Return how many rows a slice must have among so many."""
    return max(limits.min_rows, int(np.ceil(limits.min_share * rows)))


def search(rows: Scan, limits: SliceLimits, *, tell: Callable[[Conjunction], Told | None]) -> Iterator[Told]:
    """A search a round, each without the rows of the slices found before; `tell` says what of a slice holds on all rows, None if nothing."""
    left, told, tests = np.ones(len(rows.loss), bool), 0, 0
    for _ in range(ROUNDS * limits.top):
        if told == limits.top:
            return
        scan = rows if left.all() else Scan([column.rows(left) for column in rows.columns], rows.loss[left], rows.least)
        best = best_slice(scan, limits)
        if best is None or best.p > limits.alpha:
            return
        tests = max(tests, best.tests)
        found = tell(replace(best, tests=tests))
        if found is not None:
            told += 1
            yield found
        left &= ~rows.mask(best.literals)


def best_slice(scan: Scan, limits: SliceLimits) -> Conjunction | None:
    """Return the most surprising slice of a scan with its p after control (Bonferroni over a depth's tries, times the depths)."""
    looks: list[Callable[[], Conjunction | None]] = [scan.one, scan.two, partial(scan.three, limits.beam)]
    depths = looks[: limits.depth]
    found = [one for look in depths if (one := look()) is not None]
    judged = [Conjunction(one.literals, one.n, min(1.0, one.p * one.tests * len(depths)), one.z, one.tests) for one in found]
    if not judged:
        return None
    best = _narrowed(scan, min(judged, key=lambda one: (one.p, -one.z)), judged, limits.alpha)
    return Conjunction(best.literals, best.n, best.p, best.z, sum(one.tests for one in found))


def _narrowed(scan: Scan, best: Conjunction, judged: Sequence[Conjunction], alpha: float) -> Conjunction:
    """The slice inside the best one that has all of its loss, if there is one: `a`, half of which is a strong `a & b`, is more surprising than it."""
    for one in judged:
        if set(best.literals) < set(one.literals) and one.p <= alpha and scan.beside(best.literals, one.literals) * best.tests > alpha:
            best = one
    return best


def _told(rows: Scan, best: Conjunction, *, question: Question, alpha: float) -> FoundSlice | None:
    """What is so on all rows; None if the slice is not surely worse there."""
    inside = rows.mask(best.literals)
    mine, others = rows.loss[inside], rows.loss[~inside]
    effect = float(mine.mean() - others.mean())
    spread = _spread(rows, inside, mine, others)
    if spread is None:
        return None
    sure = sureness(effect, spread.error, p_value=best.p, tests=best.tests, alpha=alpha, freedom=spread.freedom)
    total = float(rows.loss.sum())
    if sure.low <= 0 or sure.p_value > alpha:
        return None
    return FoundSlice(
        question=question,
        slice=slice_name(rows.columns, best.literals),
        columns=tuple(rows.columns[column].name for column, _ in best.literals),
        rows=len(mine),
        share=len(mine) / len(rows.loss),
        effect=effect,
        low=sure.low,
        high=sure.high,
        p_value=sure.p_value,
        explained=min(1.0, effect * len(mine) / total) if total > 0 else 0.0,
        n=len(rows.loss),
        tests=best.tests,
    )


def _spread(rows: Scan, inside: Mask, mine: Floats, others: Floats) -> Spread | None:
    """The standard error of the difference of two means; None where the slice, or the rest, lies in one cluster: that says nothing of others."""
    alone = Spread(error=float(np.sqrt(mine.var() / len(mine) + others.var() / len(others))), freedom=0)
    if rows.clusters is None:
        return alone
    sides = [(rows.clusters[inside], mine), (rows.clusters[~inside], others)]
    if any(one_cluster(codes) for codes, _ in sides):
        return None
    return clustered([Influences(codes, (loss - loss.mean()) / len(loss)) for codes, loss in sides], alone)


def slice_name(columns: Sequence[CodedColumn], literals: Literals) -> str:
    """Return the literals of a slice as text: `carrier=EV & origin=LGA`."""
    return AND.join(columns[column].literals[code] for column, code in literals)
