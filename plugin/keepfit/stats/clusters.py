"""Which rows vary together: those of one group, else of one day, else of one stretch of a day. The coarsest cut with enough clusters is taken.

| cut | taken where there are |
|---|---|
| the group (`data.group`) or the day, whichever makes fewer clusters | at least 8 of them |
| the day | at least 5: a week's days; Student's t with few degrees of freedom makes the interval wider |
| stretches of whole hours, as long as leaves 8 of them; within an hour, of minutes | at least 2 |

A stretch of several hours holds what neighbouring hours share; days are not cut into stretches while there are five, as two halves of a day
share it. Windows that are judged together are cut together, so days of all of them count. Where all rows have one time and no group, they are
one cluster, and one cluster decides nothing.

Blind to the cut that was not taken (customers who come back on other days, where days are the clusters), to what neighbouring clusters share, and
to seasons: a month's days say nothing of next month's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.stats.spread import ENOUGH

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

DAYS = 5
STRETCHES = (("hour", "h"), ("minute", "m"))


@dataclass(frozen=True, eq=False, kw_only=True)
class RowClusters:
    """An integer for each row, the same for rows that vary together; how many there are, and what one is (`day`, `group`, `stretch of 3 hours`)."""

    codes: Whole
    count: int
    unit: str


@dataclass(frozen=True, eq=False, kw_only=True)
class RowOrigins:
    """When each row was (naive times of the table's clock) and of which group it is (an integer that means the same in every window); None: not known."""

    times: npt.NDArray[np.datetime64] | None = None
    groups: Whole | None = None

    def part(self, kept: npt.NDArray[np.bool_]) -> RowOrigins:
        """Return the origins of these rows only."""
        return RowOrigins(times=None if self.times is None else self.times[kept], groups=None if self.groups is None else self.groups[kept])

    @classmethod
    def joined(cls, parts: Sequence[RowOrigins]) -> RowOrigins:
        """Return the origins of all rows of several windows; what is not known of one is not known of all."""
        import numpy as np

        times = [part.times for part in parts if part.times is not None]
        groups = [part.groups for part in parts if part.groups is not None]
        all_times, all_groups = len(times) == len(parts) > 0, len(groups) == len(parts) > 0
        return cls(times=np.concatenate(times) if all_times else None, groups=np.concatenate(groups) if all_groups else None)

    def clusters(self) -> RowClusters | None:
        """Return which rows vary together; None where neither times nor groups are known: such rows are taken as independent.

        >>> import numpy as np
        >>> times = np.datetime64("2013-02-01T00:30") + np.arange(9 * 24) * np.timedelta64(1, "h")
        >>> for days in (9, 7, 1):
        ...     found = RowOrigins(times=times[: 24 * days]).clusters()
        ...     print(found.count, found.unit)
        9 day
        7 day
        8 stretch of 3 hours
        """
        found = [cut for cut in (_by_group(self.groups), _by_day(self.times)) if cut is not None]
        enough = [cut for cut in found if cut.count >= ENOUGH]
        if enough:
            return min(enough, key=lambda cut: cut.count)
        week = [cut for cut in found if cut.unit == "day" and cut.count >= DAYS]
        return week[0] if week else max([*found, *_by_stretch(self.times)], key=lambda cut: cut.count, default=None)


def codes_of(parts: Sequence[RowOrigins]) -> Whole | None:
    """Return which rows of these windows together vary together; None where nothing says so."""
    found = RowOrigins.joined(parts).clusters()
    return None if found is None else found.codes


def _by_group(groups: Whole | None) -> RowClusters | None:
    return None if groups is None else _cut(groups, "group")


def _by_day(times: npt.NDArray[np.datetime64] | None) -> RowClusters | None:
    return None if times is None or not _usable(times) else _cut(_units(times, "D"), "day")


def _usable(times: npt.NDArray[np.datetime64]) -> bool:
    import numpy as np

    return not np.isnat(times).any()


def _by_stretch(times: npt.NDArray[np.datetime64] | None) -> list[RowClusters]:
    """The longest stretches of hours of which there are eight; with fewer hours, of minutes."""
    import numpy as np

    if times is None or not len(times) or not _usable(times):
        return []
    found = []
    for name, unit in STRETCHES:
        places = _units(times, unit)
        places -= places.min()
        there = np.unique(places)
        length = _longest(there)
        found.append(_cut(places // length, f"stretch of {length} {name}s" if length > 1 else name))
        if found[-1].count >= ENOUGH:
            break
    return found


def _longest(there: Whole) -> int:
    """The length of stretches that leaves eight with rows in them; 1 where there are not eight."""
    import numpy as np

    span = int(there[-1]) + 1
    lengths = (length for length in range(span // ENOUGH, 1, -1) if len(np.unique(there // length)) >= ENOUGH) if len(there) >= ENOUGH else iter(())
    return next(lengths, 1)


def _units(times: npt.NDArray[np.datetime64], unit: str) -> Whole:
    import numpy as np

    return times.astype(f"datetime64[{unit}]").astype(np.int64)


def _cut(values: Whole, unit: str) -> RowClusters:
    import numpy as np

    lowest = int(values.min()) if len(values) else 0
    if len(values) and int(values.max()) - lowest < len(values):  # days and stretches lie close together: counting them sorts them
        there = np.cumsum(np.bincount(values - lowest) > 0)
        return RowClusters(codes=there[values - lowest] - 1, count=int(there[-1]), unit=unit)
    known, codes = np.unique(values, return_inverse=True)
    return RowClusters(codes=codes.astype(np.int64), count=len(known), unit=unit)


def sentence(unit: str, clusters: int, design: float | None) -> str:
    """Return what a page says of the clusters behind an interval.

    >>> sentence("day", 28, 20.44)
    'rows of one day are taken as one group: 28 days, design effect 20.4'
    >>> sentence("stretch of 3 hours", 5, None)
    'rows of one stretch of 3 hours are taken as one group: 5 stretches, fewer than 8, so intervals are wider'
    """
    one, _, rest = unit.partition(" of ")
    many = f"{clusters} {one}" + ("" if clusters == 1 else "es" if rest else "s")
    few = "" if clusters >= ENOUGH else f", fewer than {ENOUGH}, so intervals are wider"
    effect = "" if design is None else f", design effect {design:.1f}"
    return f"rows of one {unit} are taken as one group: {many}{few}{effect}"
