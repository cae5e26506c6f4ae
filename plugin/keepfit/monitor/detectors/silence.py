"""A source that fell silent: rows were due until the window's end, and none came after some time.

How many rows are due is learned from the rows before, by the hour of the week, so that empty nights and weekends are not missed. A gap counts
in rows that were due meanwhile, not in hours, and is a silence only if it is more than twice as large as gaps have been: as the largest
after one, and one more for each year that is known (an outage of long ago teaches nothing, a yearly closure nothing of other months); as the
largest while three windows are not known; and as any that began within a month of the same day of an earlier year. So a yearly closure
alarms once, holidays twice.

Blind to the first two weeks, to silence that is less than a quarter of what a window should bring, to rows that are lost one by one, and to
a gap inside of a window.

>>> hourly = np.arange(np.datetime64("2013-01-01"), np.datetime64("2013-08-06T15:00"), np.timedelta64(1, "h"))
>>> Silence().compare(Arrivals.of(hourly), start=datetime(2013, 8, 1), end=datetime(2013, 9, 1)).detail
'no rows since 2013-08-06 14:00; 135 rows of about 744 that were due'
>>> Silence().compare(Arrivals.of(hourly), start=datetime(2013, 7, 1), end=datetime(2013, 8, 1)) is None
True
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from keepfit.monitor.detectors.arrivals import Arrivals, Ints
from keepfit.monitor.detectors.detector import OF_ROWS, Effect
from keepfit.records import Evidence

SUBJECT = "rows"
SHARE = 0.25
"""The part of a window's rows that must be missing at its end."""
LEAST = 7.0
"""Rows due in a gap: with as many, chance alone leaves it empty once in 1,000 times."""
FACTOR = 2.0
RECENT, KNOWN = 20, 3
SEASON_HOURS, YEAR_HOURS = 31 * 24, 8766
WEEK, DAY = 168, 24

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Silence:
    """Did rows stop coming though they were due? `effect` is the share of the due rows that is missing, `statistic` the share that came."""

    name: ClassVar[str] = "silence"
    effect: ClassVar[Effect] = OF_ROWS
    words: ClassVar[str] = "the share of the rows that were due and did not come"

    def compare(self, arrivals: Arrivals, *, start: datetime, end: datetime) -> Evidence | None:
        """Return the evidence (quality; `effect`: the share of the due rows that is missing) that none came at the end of `[start, end)`, though they were due.

        None where they came, none were due, or too little is known. Rows from `end` on play no part: whoever looks later says the same.
        """
        known, last = arrivals.before(end), arrivals.last_before(end)
        if last is None:
            return None
        if _of(last) - arrivals.hours[0] < 2 * WEEK:
            return None
        learned = _Expected.until(arrivals, last, end=_hour(end), window=end - start)
        due, missing = learned.due(_hour(start), _hour(end)), learned.due(max(_hour(start), _of(last) + 1), _hour(end))
        if missing < max(SHARE * due, LEAST) or learned.due(_of(last) + 1, _hour(end)) <= FACTOR * learned.usual(_of(last)):
            return None
        rows = known - arrivals.before(start)
        since = last.astype("datetime64[us]").item().isoformat(sep=" ", timespec="minutes")
        detail = f"no rows since {since}; {rows:,} row{'s' * (rows != 1)} of about {due:,.0f} that were due"
        return Evidence(
            kind="quality", subject=SUBJECT, detector=self.name, statistic=rows / due, effect=min(1.0, missing / due), n=rows, n_reference=known, detail=detail
        )


@dataclass(frozen=True, kw_only=True)
class _Expected:
    """What is due: rows by the hour as they came until the last row, the gaps before it, and whether three windows are known."""

    first: int
    total: Floats
    hours: Ints
    long: bool

    @classmethod
    def until(cls, arrivals: Arrivals, last: np.datetime64, *, end: int, window: timedelta) -> _Expected:
        """Learn the rates from at most the last 20 windows (60 days at least), the gaps from all that is known."""
        here = arrivals.hours <= _of(last)
        hours, counts = arrivals.hours[here], arrivals.counts[here]
        length = max(1, int(window.total_seconds() // 3600))
        begin = max(int(hours[0]), int(hours[-1]) + 1 - max(RECENT * length, 60 * DAY))
        recent = hours >= begin
        came = np.bincount(hours[recent] % WEEK, weights=counts[recent], minlength=WEEK)
        rates = came / np.bincount(np.arange(begin, hours[-1] + 1) % WEEK, minlength=WEEK)
        every = np.arange(int(hours[0]), max(end, int(hours[-1]) + 1))
        total = np.concatenate([[0.0], np.cumsum(rates[every % WEEK])])
        return cls(first=int(hours[0]), total=total, hours=hours, long=bool(hours[-1] - hours[0] >= KNOWN * length))

    def due(self, begin: int, end: int) -> float:
        """Rows due in the hours `[begin, end)`; none before the first row that is known."""
        low, high = max(begin, self.first) - self.first, max(end, self.first) - self.first
        return float(self.total[high] - self.total[low]) if high > low else 0.0

    def usual(self, last: int) -> float:
        """How many rows were due in gaps that were nothing unusual."""
        gaps = self.total[self.hours[1:] - self.first] - self.total[self.hours[:-1] + 1 - self.first]
        if not len(gaps):
            return float("inf")
        aside = 1 + int(self.hours[-1] - self.hours[0]) // YEAR_HOURS if self.long else 0
        usual = np.sort(gaps)[-1 - min(aside, len(gaps) - 1)]
        ago = (last - self.hours[:-1]) % YEAR_HOURS
        of_season = (last - self.hours[:-1] > YEAR_HOURS // 2) & (np.minimum(ago, YEAR_HOURS - ago) <= SEASON_HOURS)
        return float(max([usual, *gaps[of_season]]))


def _of(time: np.datetime64) -> int:
    return int(time.astype("datetime64[h]").astype(np.int64))


def _hour(time: datetime) -> int:
    return _of(np.datetime64(time, "us"))
