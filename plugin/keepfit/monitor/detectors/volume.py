"""Rows per window: did far more or far fewer arrive than before?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import ClassVar

import numpy as np
from scipy.special import stdtr

from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.records import Evidence


@dataclass(frozen=True)
class Volume:
    """Is the number of rows one that earlier windows of the same length would give? `statistic` is rows / expected, `effect` |1 - that|, 0 without a bound.

    Expected is the earlier windows' mean. p is Student's t of a new observation against a sample, t = (rows - mean) / (s sqrt(1 + 1/R)) with R - 1
    degrees of freedom; s is the windows' own deviation, at least sqrt(mean), what counts scatter by if rows arrive independently.

    Blind to trends and seasons that the earlier windows do not hold (a weekday pattern between days makes it deaf), and to which
    rows are missing. The rows that a model trained on are no fair count of what arrives: a holdout or a cap took some away;
    `monitor/volume.py` asks it of live windows.

    >>> found = Volume().compare([1000, 1040, 960, 1010], 500)
    >>> round(found.effect, 2), found.p_value < 0.001
    (0.5, True)
    """

    name: ClassVar[str] = "volume"
    effect: ClassVar[Effect] = Effect(unit="times the expected", highest=None, relative=True)
    least_windows: ClassVar[int] = 3
    words: ClassVar[str] = "how far the number of rows is from what earlier windows brought"

    def compare(self, earlier: Sequence[int], rows: int, subject: str = "rows") -> Evidence:
        """Return the evidence from the rows of earlier windows; with fewer than three of them, or only empty ones, statistic, effect and p are None."""
        nothing = unmeasured(self.name, subject, n=rows, n_reference=sum(earlier), why="fewer than three windows")
        if len(earlier) < self.least_windows:
            return nothing
        counts = np.array(earlier, dtype=np.float64)
        expected = float(counts.mean())
        if not expected:
            return replace(nothing, detail="the earlier windows are empty")
        spread = sqrt(max(float(counts.var(ddof=1)), expected) * (1 + 1 / len(counts)))
        p = 2 * float(stdtr(len(counts) - 1, -abs(rows - expected) / spread))
        detail = f"{rows:,} rows, {expected:,.0f} expected"
        return replace(nothing, statistic=rows / expected, effect=abs(1 - rows / expected), p_value=p, detail=detail)
