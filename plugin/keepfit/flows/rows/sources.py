"""The live source: where new rows come from (params.yaml: data.live) — the template's flights, a file, a folder, a query of a database, an engine's table.

All that is read here of databases is one state of them (`one_state.py`). Of an engine's table only samples come here (`engine_source.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.flows.rows.engine_source import LiveTable
from keepfit.flows.rows.feature_tables import Told, with_feature_tables
from keepfit.flows.rows.folders import Folder
from keepfit.flows.rows.labels import read_labels
from keepfit.flows.rows.one_state import one_state
from keepfit.flows.rows.queries import Query
from keepfit.flows.rows.row_files import Odd, read_files, taken
from keepfit.integrations.tables.period import AskedRows, read_period
from keepfit.params.row_source import EngineSource, SqlParams
from keepfit.tables.by_time import between, in_order, sortable, span_of
from keepfit.tables.columns import id_column
from keepfit.tables.conform import conform
from keepfit.tables.features import with_numbers
from keepfit.tables.join_labels import fill
from keepfit.tables.label_delay import as_due
from keepfit.tables.period_rows import Clock
from keepfit.tables.row_ids import require_new_ids
from keepfit.tables.targets import number_names
from keepfit.tables.times import local_span, normalise_time
from keepfit.tables.union import stacked
from keepfit.tables.untimed import Untimed, timed_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params
    from keepfit.records import Window
    from keepfit.tables.part import TablePart

FLIGHTS = "flights"
WHERE = "params.yaml: data.live"


def live_rows(project: Project, *, start: datetime | None, end: datetime | None, odd: Odd = None, untimed: Told = None, remarks: Told = None) -> pa.Table:
    """Return the source's rows with time in `[start, end)` (None: open), times naive, ids unique, labelled by `data.labels`, sorted by time and id.

    Each has its features of `data.features_from` beside it (`feature_tables.py`).

    Numeric features are numbers where most of their texts are; the rest is noted (`tables/unreadable.py`). Files of a folder that cannot be
    taken in go to the list `odd`; without one the first of them is raised. The few rows of a file that have no time are left out, and `untimed` gets
    a sentence of each such file; `remarks` gets one of each feature that only some files have, and of each feature table. Of a window of an engine's table
    that has more than `data.sample_rows` rows so many are drawn. Raises
    `DataError` for a source that is missing, unreadable or empty of files, and `UnknownNameError` for a time, id or group column that it does not have.
    """
    data = project.params.data
    if data.live == FLIGHTS:
        from keepfit.integrations.flights import flights_table

        with one_state():
            return with_feature_tables(project, flights_table(start=start, end=end), remarks)
    if isinstance(data.live, EngineSource):
        live = LiveTable(project=project, source=data.live, where=WHERE, until=end)
        _tell(untimed, live.untimed)
        return drawn_rows(live, live.windows(start), start=start, end=end, odd=odd)
    with one_state():
        if isinstance(data.live, SqlParams):
            table, unread = _of_query(project, start, end, untimed), ()
        else:
            folder = _of_files(project, data.live, AskedRows(time=data.time, start=start, end=end, id=data.id, words=_words(project.params)), untimed)
            table, unread = taken(folder, odd), folder.unread
            _tell(remarks, [one.sentence for one in folder.partial if one.name in data.features])
        table = conform(table, project.params)
        require_new_ids(table, unread, project.params)
        known = _labelled(project, table, read_labels(project, odd=odd, ids=table[id_column(project.params)]), now=end)
        return with_feature_tables(project, in_order(between(known, data.time, start, end), data.time, id_column(project.params)), remarks)


def drawn_rows(
    live: LiveTable, windows: Sequence[Window], *, start: datetime | None = None, end: datetime | None = None, odd: Odd = None, now: datetime | None = None
) -> pa.Table:
    """Return the rows of some windows of an engine's table that come here, in a period, as `live_rows` does; labels are those due `now`, else at the end."""
    params = live.project.params
    named = _named(live, stacked([live.drawn(window) for window in windows] or [live.rows.schema.empty_table()], where=WHERE))
    table = _labelled(live.project, named, read_labels(live.project, odd=odd, ids=named[id_column(params)]), now=now or end)
    return in_order(between(table, params.data.time, start, end), params.data.time, id_column(params))


def rows_of_ids(project: Project, ids: Collection[str]) -> pa.Table:
    """Return at least the source's rows of some ids; raises as `live_rows` does."""
    source = project.params.data.live
    if not isinstance(source, EngineSource):
        return live_rows(project, start=None, end=None, odd=[])
    live = LiveTable(project=project, source=source, where=WHERE)
    return _named(live, live.of_ids(ids, live.rows.schema.names))


def newest_rows(project: Project, *, end: datetime, most: int) -> pa.Table:
    """Return the newest of the source's rows before a time, at most so many; raises as `live_rows` does."""
    source = project.params.data.live
    if not isinstance(source, EngineSource):
        rows = live_rows(project, start=None, end=end, odd=[])
        return rows.slice(max(rows.num_rows - most, 0))
    live = LiveTable(project=project, source=source, where=WHERE, until=end)
    newest = drawn_rows(live, live.windows()[-1:], end=end, odd=[])
    return newest.slice(max(newest.num_rows - most, 0))


def with_labels_of(live: LiveTable, table: pa.Table, labels: pa.Table | None, *, now: datetime) -> pa.Table:
    """Return rows that came from an engine as keepfit knows them, with these labels of `data.labels`; the few without a time are left out."""
    return _labelled(live.project, _named(live, table), labels, now=now)


def _named(live: LiveTable, table: pa.Table) -> pa.Table:
    params = live.project.params
    return conform(with_numbers(Clock(params.data.time, params.data.timezone).timed(table), number_names(params)), params)


def _labelled(project: Project, table: pa.Table, labels: pa.Table | None, *, now: datetime | None) -> pa.Table:
    return _due(fill(table, labels, project.params), project.params, now=now)


def _due(table: pa.Table, params: Params, *, now: datetime | None) -> pa.Table:
    """The rows with the labels that are due; where nobody says what time it is, when the newest row came."""
    span = span_of(table, params.data.time) if now is None else None
    newest = now or (span[1] if span else None)
    return table if newest is None else as_due(table, params, newest)


def _tell(told: Told, sentences: list[str]) -> None:
    if told is not None:
        told.extend(sentences)


def _words(params: Params) -> list[str]:
    """The columns whose texts say what they are only all together."""
    return [*number_names(params), params.model.target]


def _of_files(project: Project, live: str, asked: AskedRows, untimed: Told) -> Folder:
    read = partial(_timed, params=project.params, asked=asked, untimed=untimed)
    return read_files(project.root / live, read, where=WHERE, numbers=number_names(project.params), time=project.params.data.time)


def _of_query(project: Project, start: datetime | None, end: datetime | None, untimed: Told) -> pa.Table:
    """The query's rows in an order that is theirs: a database has none, and rows that repeat are numbered."""
    data, target = project.params.data, project.params.model.target
    query = Query(source=data.live, where=WHERE, root=project.root)  # type: ignore[arg-type]  # the caller has asked
    table, left = query.rows_of(data.time, start, end)
    _tell(untimed, [Untimed(left).sentence("data.live")] if left else [])
    timed = _with_time(table, "data.live", params=project.params, untimed=untimed)
    return timed if data.id else in_order(timed, *sorted(sortable(timed), key=lambda name: (name == target, name != data.time)))


def _timed(file: Path, *, params: Params, asked: AskedRows, untimed: Told) -> TablePart:
    """A file's rows with naive times, so that files with and without zones are told apart by name, and with its own way to write numbers."""
    part = read_period(file, asked)
    zoned = asked.time in part.table.column_names and getattr(part.table.schema.field(asked.time).type, "tz", None) is not None
    table = _with_time(part.table, file.name, params=params, untimed=untimed)
    return replace(part, table=table, span=local_span(part.span, zoned=zoned, timezone=params.data.timezone))


def _with_time(table: pa.Table, name: str, *, params: Params, untimed: Told) -> pa.Table:
    table, none = timed_rows(table, params.data.time)
    _tell(untimed, [none.sentence(name)] if none.rows else [])
    try:
        timed = normalise_time(table, params.data.time, timezone=params.data.timezone)
    except DataError as bad:
        raise DataError(f"{name}: {bad.what}", where=bad.where, fix=bad.fix) from bad
    return with_numbers(timed, number_names(params))
