"""Count windows of a live source whose past may change under them: rows come late, and the oldest may be dropped.

What a closed window holds is told by its keys (the times and ids of its rows); open windows are cut before, between and after the closed
ones, in the order of (time, id). Rows that lie before the last closed row and in no window are late: counted, judged nowhere. Blind to rows
that the source dropped before they filled a window.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import ParamsError
from keepfit.params import Params
from keepfit.records import Window
from keepfit.tables.by_time import after, in_order
from keepfit.tables.columns import id_column
from keepfit.tables.keyed import strangers
from keepfit.tables.windows import count_window_id, count_windows, number_of, rows_per_window

WHERE = "params.yaml: data.window"
Place = tuple[datetime, str]


@dataclass(frozen=True, kw_only=True)
class Span:
    """The places (time, id) of a closed window's first and last row."""

    first: Place
    last: Place


@dataclass(frozen=True, kw_only=True)
class CountWindows:
    """The windows of `rows` (the source's, sorted by time and id) beside the `closed` ones; `keys` tells the times and ids of one of those."""

    params: Params
    rows: pa.Table
    closed: Collection[str]
    keys: Callable[[str], pa.Table]

    def since(self, since: datetime | None, until: datetime) -> tuple[Window, ...]:
        """Return the full windows of rows in `[since, until)` in order; an open one has its place in `rows`.

        Raises `ParamsError` if a closed window does not hold as many rows as `data.window` says.
        """
        closed = self._spans()
        found = [*(self._window(number, span) for number, span in closed.items()), *map(self._timed, self._open(closed))]
        inside = (one for one in found if one.start and one.end and (since is None or one.start >= since) and one.end <= until)
        return tuple(sorted(inside, key=lambda one: number_of(one.id) or 0))

    def late(self, number: int) -> int:
        """How many rows lie between the window closed before this one and its own last row, and are not in it."""
        own, before = self._keys(number), self._keys(number - 1)
        if own is None:
            return 0
        span = _span(own)
        begin = 0 if number == 1 else self._place(span.first) if before is None else self._place(_span(before).last, after=True)
        ids = self.rows[id_column(self.params)].slice(begin, max(0, self._place(span.last, after=True) - begin))
        return len(strangers(ids, own[1]))

    def _spans(self) -> dict[int, Span]:
        """The closed windows by number, in order."""
        numbers = sorted(number for name in self.closed if (number := number_of(name)) is not None)
        return {number: self._checked(number, keys) for number in numbers if (keys := self._keys(number)) is not None}

    def _checked(self, number: int, keys: pa.Table) -> Span:
        if keys.num_rows != self._step:
            raise ParamsError(
                f"the closed window {count_window_id(number)} holds {keys.num_rows:,} rows, not {self._step:,}; what is closed is not cut anew",
                where=WHERE,
                fix=f"window: {keys.num_rows} rows; another size needs a project of its own (keepfit init)",
            )
        return _span(keys)

    def _open(self, closed: Mapping[int, Span]) -> list[Window]:
        """The full windows that are not closed: backwards from the first closed one, and after each up to the next."""
        data, total, numbers = self.params.data, self.rows.num_rows, list(closed)
        if not numbers:
            return list(count_windows(data.window, total, source=data.source_name))
        begin = self._place(closed[numbers[0]].first)
        back = min(numbers[0] - 1, begin // self._step)
        found = [*count_windows(data.window, begin, begin=begin - back * self._step, after=numbers[0] - 1 - back, source=data.source_name)]
        for number, following in zip(numbers, [*numbers[1:], None], strict=True):
            if following == number + 1:
                continue
            begin = self._place(closed[number].last, after=True)
            end = total if following is None else min(self._place(closed[following].first), begin + (following - number - 1) * self._step)
            found.extend(count_windows(data.window, end, begin=begin, after=number, source=data.source_name))
        return found

    def _window(self, number: int, span: Span) -> Window:
        return Window(id=count_window_id(number), source=self.params.data.source_name, start=span.first[0], end=after(span.last[0]))

    def _timed(self, window: Window) -> Window:
        """An open window with the times of its rows."""
        first, last = window.first_row or 0, window.last_row or 1
        times = self.rows[self.params.data.time]
        return replace(window, start=times[first].as_py(), end=after(times[last - 1].as_py()))

    def _keys(self, number: int) -> pa.Table | None:
        """The times and ids of a closed window's rows in their order; None where it is not closed, or has no rows."""
        name, columns = count_window_id(number), [self.params.data.time, id_column(self.params)]
        keys = self.keys(name) if name in self.closed else None
        return in_order(keys, *columns) if keys is not None and keys.num_rows else None

    def _place(self, place: Place, *, after: bool = False) -> int:
        """How many of the source's rows lie before a place, `after`: before it or at it."""
        times, ids = self.rows[self.params.data.time], self.rows[id_column(self.params)]
        tied = pc.and_(pc.equal(times, place[0]), (pc.less_equal if after else pc.less)(ids, place[1]))
        return int(pc.sum(pc.or_(pc.less(times, place[0]), tied)).as_py() or 0)

    @property
    def _step(self) -> int:
        return rows_per_window(self.params.data.window) or 0


def _span(keys: pa.Table) -> Span:
    (times, ids), last = keys.columns, keys.num_rows - 1
    return Span(first=(times[0].as_py(), ids[0].as_py()), last=(times[last].as_py(), ids[last].as_py()))
