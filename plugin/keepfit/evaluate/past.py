"""Champion and challenger on what is past: frozen rows that never train, of earlier windows (`window=2013-03`) and of incidents (`incident=NAME`).

Each part has its own clusters of rows (days, or stretches of one), as its window alone is looked at. What cannot be compared there is a comparison
without numbers and with a reason, never a pass. Blind to a champion that another tool trained: it may have learned these very rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from keepfit.evaluate.compare import Comparison, ScoredRows, compare
from keepfit.slices.literals import rows_of_slice
from keepfit.slices.masks import Mask
from keepfit.slices.name import matches
from keepfit.slices.past_entries import FILE, PastEntries, RegressionSet, incident_slice, window_slice
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metric import Metric
from keepfit.tables.columns import WINDOW

if TYPE_CHECKING:
    import pandas as pd

NO_WINDOW, NO_INCIDENT = window_slice("(none)"), incident_slice("(none)")
SHOWN = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class PastPart:
    """The rows of one past window or incident, by its slice's `name`; `problem` says why they cannot judge, and `status` what that makes of them.

    One that a person `retired`, for that reason, is measured and shown, and judges nothing.
    """

    name: str
    rows: Mask | None = None
    problem: str = ""
    status: Literal["undecided", "error"] = "undecided"
    retired: str = ""


@dataclass(frozen=True, kw_only=True)
class PastComparisons:
    """What was measured on the past: what `judged`, and what people `retired` (slice → reason) and is only shown."""

    judged: tuple[Comparison, ...] = ()
    retired: tuple[Comparison, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class PastRows:
    """The rows of all permanent holdouts (`held`, each with its `_window`), which of them have a label, and which windows judge the candidate now.

    `order` are the windows that hold rows, the oldest first; `features` are those that a model reads and the judging rows have values of.
    """

    held: pa.Table
    labelled: Mask
    order: Sequence[str]
    judging: Collection[str]
    features: Collection[str] = field(default_factory=tuple)

    def parts(self, entries: PastEntries, patterns: Collection[str]) -> tuple[PastPart, ...]:
        """Return every past window and every incident; where a rule's pattern would find none, a part that says why.

        Raises `UnknownNameError` for an incident's slice of a column that there is not.
        """
        found = [*self._windows(), *(self._incident(one) for one in entries.incidents)]
        parts = [replace(part, retired=entries.retired.get(part.name, "")) for part in found]
        live = [part.name for part in parts if not part.retired]
        return (*parts, *(part for part in self._nothing() if _is_asked_for(part.name, patterns, live)))

    def _windows(self) -> Iterator[PastPart]:
        windows = self._window
        for window in self.order:
            if window not in self.judging:
                yield self._part(window_slice(window), windows == window)

    def _incident(self, one: RegressionSet) -> PastPart:
        if one.window in self.judging:  # its holdout confirms what was judged on the window's other rows, so no rule reads it
            return PastPart(name=one.name, problem=f"{one.window} judges this candidate: it is past from the next window on")
        of_window = np.flatnonzero(self._window == one.window)
        rows = np.zeros(len(self.labelled), dtype=np.bool_)
        rows[of_window] = rows_of_slice(one.slice, self.held.take(pa.array(of_window)), where=f"{FILE}: {one.name}.slice")
        there = int(rows.sum())
        if there < one.rows:
            problem = f"{there} of the {one.rows} rows that it was written down with are left in the holdout of {one.window}"
            return PastPart(name=one.name, problem=problem, status="error")
        return self._part(one.name, rows)

    def _part(self, name: str, rows: Mask) -> PastPart:
        kept = rows & self.labelled
        part = self.held.filter(pa.array(kept))
        lost = [feature for feature in self.features if part[feature].null_count == len(part)] if len(part) else []
        problem = f"its rows have no value of {', '.join(lost[:SHOWN])}, which a model reads" if lost else "" if len(part) else "no row of it has a label"
        return PastPart(name=name, rows=kept, problem=problem)

    def _nothing(self) -> Iterator[PastPart]:
        """What stands for all windows, or all incidents, where there is none."""
        if self.held.num_rows:
            yield PastPart(name=NO_WINDOW, problem="no earlier window judges: there is none yet, or all are retired")
        else:
            yield PastPart(name=NO_WINDOW, problem="no row is held out for good: data.holdout_share is 0", status="error")
        yield PastPart(name=NO_INCIDENT, problem="no incident judges: none was written down, or all are retired")

    @property
    def _window(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        return np.array(self.held[WINDOW].to_pylist(), dtype=object)


def _is_asked_for(name: str, patterns: Collection[str], live: Sequence[str]) -> bool:
    """Whether a pattern is about such slices, and none of those that there are."""
    return any(matches(pattern, name) and not any(matches(pattern, one) for one in live) for pattern in patterns)


def features_with_values(judging: pd.DataFrame, features: Iterable[str]) -> list[str]:
    """Return those of the features that some judging row has a value of: a past window without any is not what the models are for."""
    return [name for name in features if name in judging.columns and bool(judging[name].notna().any())]


def needed(parts: Sequence[PastPart], rows: int) -> Mask:
    """Return which of so many rows some part judges by: those that both models must score."""
    masks = [part.rows for part in parts if part.rows is not None]
    found: Mask = np.logical_or.reduce(masks) if masks else np.zeros(rows, dtype=np.bool_)
    return found


def compare_past(
    metrics: Sequence[Metric], parts: Sequence[PastPart], judged: ScoredRows, origins: RowOrigins, *, confidence: float, min_rows: int
) -> PastComparisons:
    """Compare on every part under every metric, in the order of the parts; with fewer than `min_rows` rows a part is undecided.

    `judged` and `origins` are of the `needed` rows, in their order.
    """
    among = np.flatnonzero(needed(parts, 0))
    judging: list[Comparison] = []
    retired: list[Comparison] = []
    for part in parts:
        found = [_without(part, metric) for metric in metrics]
        if part.rows is not None and not part.problem:
            mask = part.rows[among]
            its = judged.part(mask).in_clusters(origins.part(mask).clusters())
            found = [compare(metric, its, name=part.name, confidence=confidence, min_rows=min_rows) for metric in metrics]
        (retired if part.retired else judging).extend(found)
    return PastComparisons(judged=tuple(judging), retired=tuple(retired), reasons={part.name: part.retired for part in parts if part.retired})


def _without(part: PastPart, metric: Metric) -> Comparison:
    n = 0 if part.rows is None else int(part.rows.sum())
    return Comparison(slice=part.name, metric=metric.name, n=n, status=part.status, detail=part.problem)
