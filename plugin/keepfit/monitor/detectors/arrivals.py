"""When rows came: what detectors of a source look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from keepfit import plugins
from keepfit.monitor.detectors.detector import SourceDetector
from keepfit.records import Evidence, Window

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """When rows came: the times in order, the hours (since 1970) that had any, and how many rows each had."""

    times: npt.NDArray[np.datetime64]
    hours: Ints
    counts: Ints

    @classmethod
    def of(cls, times: npt.NDArray[np.datetime64]) -> Arrivals:
        """Sort and count; times without a zone, in any order."""
        ordered = np.sort(times.astype("datetime64[us]"))
        hours, counts = np.unique(ordered.astype("datetime64[h]").astype(np.int64), return_counts=True)
        return cls(times=ordered, hours=hours, counts=counts.astype(np.int64))


def not_arrived(arrivals: Arrivals, *, start: datetime, end: datetime) -> Evidence | None:
    """Return what the first of the installed detectors says that misses rows of `[start, end)`, None if none does."""
    for name in plugins.names("source_detectors"):
        detector: SourceDetector = plugins.make("source_detectors", name, where="keepfit.source_detectors")
        if (found := detector.compare(arrivals, start=start, end=end)) is not None:
            return found
    return None


def missed(arrivals: Arrivals, windows: Iterable[Window]) -> dict[str, Evidence]:
    """Return the evidence of each window of time in which rows that were due did not come, by the window's id."""
    found = {one.id: not_arrived(arrivals, start=one.start, end=one.end) for one in windows if one.start is not None and one.end is not None}
    return {name: told for name, told in found.items() if told is not None}
