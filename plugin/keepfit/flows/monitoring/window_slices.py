"""Where a window's loss comes from, and which rows came or left: slice searches on the champion's own features, made only when a ticket is opened.

What came is measured against rows that the champion was trained on, as they arrived: the closed windows before its end of training, or what
the live source holds of that time. Where neither is at hand (a source that keeps nothing) no slice is compared with its own past.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import closed_files
from keepfit.params import Params
from keepfit.records import FoundSlice, Pin

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from keepfit.flows.monitoring.window_evidence import Champion
    from keepfit.profiles.profile import Layout

    Floats = npt.NDArray[np.float64]

CLAIMED = "squared error beyond what the scores claim"
ABSOLUTE = "absolute error"
WRONG = "share of wrong answers"
MOST = 50_000


@dataclass(frozen=True, kw_only=True)
class WindowSlices:
    """The slices of one window, searched when it is called: those with more loss first, then those whose share of the rows changed."""

    project: Project
    pin: Pin
    champion: Champion
    table: pa.Table
    scores: Floats

    @property
    def layout(self) -> Layout:
        """The reference's edges and categories."""
        return self.champion.layout

    def __call__(self) -> tuple[FoundSlice, ...]:
        """Search both; every slice says its share in the reference's rows, if there are any."""
        from keepfit.slices.codes import code_columns
        from keepfit.slices.moves import beside, moved_slices

        params, before = self.project.params, reference_rows(self.project, self.pin)
        table = self.champion.read(self.table).table
        worse = slices_of_loss(params, self.layout, table, self.scores)
        if before is None:
            return worse
        sides = [code_columns(rows, self.layout, columns=_features(params, self.layout)) for rows in (self.champion.read(before).table, table)]
        both = {one.name for one in sides[0]} & {one.name for one in sides[1]}
        moved = moved_slices(*([one for one in side if one.name in both] for side in sides))
        worth = [one for one in moved if abs(one.effect) >= params.monitor.min_effect]
        return (*beside(worse, sides[0]), *worth)


def reference_rows(project: Project, pin: Pin) -> pa.Table | None:
    """Return the newest (at most 50,000) rows from before the champion's end of training, None if none are at hand."""
    from keepfit.flows.rows.sources import live_rows

    if pin.trained_until is None:
        return None
    kept = _closed_rows(project, pin.trained_until)
    rows = kept if kept is not None else live_rows(project, start=None, end=pin.trained_until, odd=[])
    return rows.slice(max(rows.num_rows - MOST, 0)) if rows.num_rows else None


def _closed_rows(project: Project, until: datetime) -> pa.Table | None:

    from keepfit.integrations.tables import read_table
    from keepfit.tables.union import stacked
    from keepfit.tables.windows import is_of_size, parse_window_id

    files, size = closed_files(project), project.params.data.window
    tables: list[pa.Table] = []
    for name in sorted((name for name in files if is_of_size(name, size)), reverse=True):
        end = parse_window_id(name).end
        if end is not None and end <= until and sum(table.num_rows for table in tables) < MOST:
            tables.append(read_table(files[name]))
    return stacked(list(reversed(tables)), where="data/windows") if tables else None


def _features(params: Params, layout: Layout) -> list[str]:
    from keepfit.records import PREDICTION

    return [name for name in layout if name not in (params.model.target, PREDICTION)]


def slices_of_loss(params: Params, layout: Layout, table: pa.Table, scores: Floats) -> tuple[FoundSlice, ...]:
    """Return the slices of a window where the champion is worse than on the other labelled rows; none where nothing is labelled.

    A probability is held to its own claim, (y - s)² - s(1 - s): its mean is 0 in every slice of a calibrated model, so a slice that was
    hard all along is not told. Labels and a regression make no such claim: a slice that was always harder is told as well.
    """
    from keepfit.slices.codes import code_columns
    from keepfit.slices.search import find_slices
    from keepfit.tables.frames import to_frame
    from keepfit.tables.labels import labels

    y = labels(params, to_frame(table))
    loss, measure = _loss(y, scores)
    return tuple(replace(found, measure=measure) for found in find_slices(code_columns(table, layout, columns=_features(params, layout)), loss))


def _loss(y: Floats, scores: Floats) -> tuple[Floats, str]:
    import numpy as np

    known = ~np.isnan(y)
    if np.isin(y[known], (0.0, 1.0)).all() and np.isin(scores, (0.0, 1.0)).all():
        return np.abs(y - scores), WRONG
    if np.isin(y[known], (0.0, 1.0)).all() and ((scores >= 0) & (scores <= 1)).all():
        return (y - scores) ** 2 - scores * (1 - scores), CLAIMED
    return np.abs(y - scores), ABSOLUTE
