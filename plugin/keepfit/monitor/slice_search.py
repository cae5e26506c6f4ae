"""Which rows does the loss come from? The slices of at most three literals that are worse than the rest, after multiplicity control.

One search answers two questions (`question`):

- *loss*: `loss` is an error or a loss for each row; the slices where the model is worse than on the rows outside.
- *share*: rows of two windows together, `loss` 1 for those of the current one; the slices whose share grew, each told only for what
  neither of its literals alone explains (the contributions of Adtributor: Bhagwan et al., NSDI 2014, with tests in place of cut-offs).

The most surprising slice is taken, its rows are set aside, and what remains is searched again: what is told second is not the shadow
of what is told first. p-values are Bonferroni's over every supported slice of a depth, times the depths; the rounds after the first
are conditional on it, which is a heuristic.

Blind to causes that no literal names, to slices below `min_share`, to unions ("a or b" is found as its parts), and to a loss that
rises everywhere by the same amount; dependent rows (customers, days) make it optimistic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from keepfit.errors import DataError
from keepfit.monitor.slice_codes import CodedColumn
from keepfit.monitor.slice_scan import Candidate, Mask, Scan
from keepfit.records import FoundSlice

Floats = npt.NDArray[np.float64]
Question = Literal["loss", "share"]
AND = " & "


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
    columns: Sequence[CodedColumn], loss: npt.ArrayLike, *, question: Question = "loss", limits: SliceLimits | None = None
) -> tuple[FoundSlice, ...]:
    """Return the slices whose rows have more loss than the rest, the most surprising first; none if none is surely worse.

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
    return tuple(_rounds(kept, losses[known], question, limits))


def _rounds(columns: Sequence[CodedColumn], loss: Floats, question: Question, limits: SliceLimits) -> Iterator[FoundSlice]:
    """A search a round, each without the rows of the slices found before; effects and shares are of the whole."""
    left = np.ones(len(loss), bool)
    least = max(limits.min_rows, int(np.ceil(limits.min_share * len(loss))))
    for _ in range(limits.top):
        whole = bool(left.all())
        scan = Scan(columns if whole else [column.rows(left) for column in columns], loss[left], least)
        best = best_slice(scan, limits)
        if best is None or best.p > limits.alpha:
            return
        inside = left.copy()
        inside[left] = scan.mask(best.literals)
        yield _told(scan, best, inside, loss=loss, question=question, limits=limits)
        left &= ~inside


def best_slice(scan: Scan, limits: SliceLimits) -> Candidate | None:
    """Return the most surprising slice of a scan with its p after control (Bonferroni over a depth's tries, times the depths)."""
    looks: list[Callable[[], Candidate | None]] = [scan.one, scan.two, partial(scan.three, limits.beam)]
    depths = looks[: limits.depth]
    found = [one for look in depths if (one := look()) is not None]
    judged = [Candidate(one.literals, one.n, min(1.0, one.p * one.tests * len(depths)), one.z, one.tests) for one in found]
    if not judged:
        return None
    best = _narrowed(scan, min(judged, key=lambda one: (one.p, -one.z)), judged, limits.alpha)
    return Candidate(best.literals, best.n, best.p, best.z, sum(one.tests for one in found))


def _narrowed(scan: Scan, best: Candidate, judged: Sequence[Candidate], alpha: float) -> Candidate:
    """The slice inside the best one that has all of its loss, if there is one: `a`, half of which is a strong `a & b`, is more surprising than it."""
    for one in judged:
        if set(best.literals) < set(one.literals) and one.p <= alpha and scan.beside(best.literals, one.literals) * best.tests > alpha:
            best = one
    return best


def _told(scan: Scan, best: Candidate, inside: Mask, *, loss: Floats, question: Question, limits: SliceLimits) -> FoundSlice:
    mine, others = loss[inside], loss[~inside]
    effect = float(mine.mean() - others.mean())
    reach = -float(ndtri(limits.alpha / 2)) * float(np.sqrt(mine.var() / len(mine) + others.var() / len(others)))
    return FoundSlice(
        question=question,
        slice=AND.join(scan.columns[column].literals[code] for column, code in best.literals),
        columns=tuple(scan.columns[column].name for column, _ in best.literals),
        rows=len(mine),
        share=len(mine) / len(loss),
        effect=effect,
        low=effect - reach,
        high=effect + reach,
        p_value=best.p,
        explained=min(1.0, effect * len(mine) / float(loss.sum())) if loss.sum() > 0 else 0.0,
        n=len(loss),
        tests=best.tests,
    )
