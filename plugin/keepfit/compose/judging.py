"""Quotas of the judging part: how many rows of a slice should judge, so that the slice can be decided — met, or reported short.

A slice that is short is never padded: no row judges twice, none comes from the holdout or from what the champion has seen, and rows of a slice are not singled
out. What may be done is `compose.judge.windows`: windows before the judging one are held back whole from training and judge too, newest first, as
many as make further slices long enough. So the judging part stays a run of whole windows, later than all that trained, with the slices as they come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from keepfit.compose.fates import FREE, TRAINS, Fates
from keepfit.compose.sources import Mask, SortedRows
from keepfit.compose.strata import Coded, check_columns, classes, columns_of, named, said_of, slices_of, stratum
from keepfit.params import Params
from keepfit.records import CLASS, Basis, Stratum

HELD_BACK = "held back to judge: a slice was short"
WHERE = "params.yaml: compose.judge.quotas"


@dataclass(frozen=True)
class JudgingQuotas:
    """How many rows of each stratum should judge (`said`, by name or pattern), and how many windows may."""

    columns: Sequence[Coded]
    said: Mapping[str, int]
    windows: int = 1

    @classmethod
    def of(cls, rows: SortedRows, params: Params) -> JudgingQuotas:
        """Put what params.yaml asks for to the rows; raises `UnknownNameError` for a column that slices nothing."""
        judge = params.compose.judge
        check_columns(judge.quotas, params, where=WHERE)
        names = columns_of(judge.quotas)
        found = slices_of(rows, [name for name in names if name != CLASS], params)
        if CLASS in names:
            found[CLASS] = classes(rows.label, rows.classes)
        return cls([named(found[name], judge.quotas) for name in names], judge.quotas, judge.windows)

    def hold_back(self, rows: SortedRows, fates: Fates, *, after: datetime | None) -> None:
        """Let windows judge that would train, where slices are short otherwise; a champion's data ends `after` (None: there is no champion's).

        The fewest windows that leave as few slices short as may be; at least one window goes on training.
        """
        if not self.said or self.windows == 1:
            return
        free, judges = fates.where(FREE), fates.where("evaluate")
        may, held = judges | _unseen(rows, free, after), np.zeros(len(rows), dtype=np.bool_)
        tried = [(self._short(judges, may), held)]
        for start in self._starts(rows, free, judges, after):
            held = free & (rows.time >= start)
            if (free & ~held).any():
                tried.append((self._short(judges | held, may), held))
        fates.send(min(tried, key=lambda one: one[0])[1], "evaluate", HELD_BACK)

    def outcome(self, judges: Mask, may: Mask) -> list[Stratum]:
        """What the judging rows hold of each stratum that `may` judge or that is named."""
        found, total = [], int(judges.sum())
        for column in self.columns:
            counts = zip(column.names, said_of(column.names, self.said), column.counts(judges), column.counts(may), strict=True)
            for name, rule, rows, available in counts:
                if rule is not None and (available or name in self.said):
                    asked = f"at least {rule[1]:,} rows"
                    found.append(stratum(name, "judge", (int(available), int(rows)), total, asked=asked, status="met" if rows >= rule[1] else "short"))
        return found

    def may(self, rows: SortedRows, fates: Fates, after: datetime | None, *, basis: Basis) -> Mask:
        """The labelled rows that could judge if more windows were held back; for a first model there are none."""
        return _unseen(rows, fates.where(*TRAINS) & (basis == "later"), after)

    def _short(self, judges: Mask, may: Mask) -> int:
        return sum(one.status == "short" for one in self.outcome(judges, may))

    def _starts(self, rows: SortedRows, free: Mask, judges: Mask, after: datetime | None) -> list[np.datetime64]:
        """The starts of windows that may be held back, newest first."""
        judging = {*np.unique(rows.window[judges]).tolist()}
        training = {*np.unique(rows.window[free]).tolist()} - judging
        starts = [window.start for at, window in enumerate(rows.windows) if at in training and window.start]
        usable = sorted((start for start in starts if after is None or start >= after), reverse=True)
        return [np.datetime64(start) for start in usable[: max(0, self.windows - len(judging))]]


def _unseen(rows: SortedRows, which: Mask, after: datetime | None) -> Mask:
    """Those of the rows that the champion has not seen."""
    return which if after is None else which & (rows.time >= np.datetime64(after))
