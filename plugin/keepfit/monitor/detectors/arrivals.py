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
    """When rows came, by the hour: the hours (since 1970) that had any, how many rows each had, and when the last of them came.

    `moments` are the times themselves, in order, where they are at hand; of a table that is counted elsewhere they are not.
    """

    hours: Ints
    counts: Ints
    latest: npt.NDArray[np.datetime64]
    moments: npt.NDArray[np.datetime64] | None = None

    @classmethod
    def of(cls, times: npt.NDArray[np.datetime64]) -> Arrivals:
        """Sort and count; times without a zone, in any order."""
        ordered = np.sort(times.astype("datetime64[us]"))
        hours, first, counts = np.unique(ordered.astype("datetime64[h]").astype(np.int64), return_index=True, return_counts=True)
        counts = counts.astype(np.int64)
        return cls(hours=hours, counts=counts, latest=ordered[first + counts - 1] if len(ordered) else ordered, moments=ordered)

    @property
    def times(self) -> npt.NDArray[np.datetime64]:
        """When each row came, in order; where only hours are known each row as late as the last of its hour."""
        return np.repeat(self.latest, self.counts) if self.moments is None else self.moments

    def before(self, time: datetime) -> int:
        """How many rows came before a time; where only hours are known a full hour."""
        if self.moments is not None:
            return int(np.searchsorted(self.moments, np.datetime64(time, "us")))
        return int(self.counts[: self._hours_before(time)].sum())

    def last_before(self, time: datetime) -> np.datetime64 | None:
        """When the last row before a time came, None where none did."""
        if self.moments is not None:
            known = self.before(time)
            return self.moments[known - 1] if known else None
        known = self._hours_before(time)
        return self.latest[known - 1] if known else None

    def _hours_before(self, time: datetime) -> int:
        hour = np.datetime64(time, "us").astype("datetime64[h]").astype(np.int64)
        return int(np.searchsorted(self.hours, hour))


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
