"""The live source: where new rows come from (params.yaml: data.live) — the template's flights, a file, a folder of files, or a query of a database.

All that is read here of databases is one state of them (`one_state.py`).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.flows.rows.labels import read_labels
from keepfit.flows.rows.one_state import one_state
from keepfit.flows.rows.queries import Query
from keepfit.flows.rows.row_files import Odd, read_all
from keepfit.integrations.tables import read_table
from keepfit.params import SqlParams
from keepfit.tables.by_time import between, in_order, sortable, span_of
from keepfit.tables.columns import id_column
from keepfit.tables.conform import conform
from keepfit.tables.features import with_numbers
from keepfit.tables.join_labels import fill
from keepfit.tables.targets import number_names
from keepfit.tables.times import normalise_time
from keepfit.tables.untimed import Untimed, timed_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

FLIGHTS = "flights"
WHERE = "params.yaml: data.live"


def live_rows(project: Project, *, start: datetime | None, end: datetime | None, odd: Odd = None, untimed: list[str] | None = None) -> pa.Table:
    """Return the source's rows with time in `[start, end)` (None: open), times naive, ids unique, labelled by `data.labels`, sorted by time and id.

    Numeric features are numbers where most of their texts are; the rest is noted (`tables/unreadable.py`). Files of a folder that cannot be
    taken in go to the list `odd`; without one the first of them is raised. The few rows of a file that have no time are left out, and `untimed` gets
    a sentence of each such file. Raises
    `DataError` for a source that is missing, unreadable or empty of files, and `UnknownNameError` for a time, id or group column that it does not have.
    """
    data = project.params.data
    if data.live == FLIGHTS:
        from keepfit.integrations.flights import flights_table

        return flights_table(start=start, end=end)
    with one_state():
        table = _of_query(project, start, end, untimed) if isinstance(data.live, SqlParams) else _of_files(project, data.live, odd, untimed)
        table = fill(conform(table, project.params), read_labels(project, odd=odd), project.params)
    return in_order(between(table, data.time, start, end), data.time, id_column(project.params))


def _of_files(project: Project, live: str, odd: Odd, untimed: list[str] | None) -> pa.Table:
    read = partial(_timed, params=project.params, untimed=untimed)
    return read_all(project.root / live, read, where=WHERE, numbers=number_names(project.params), time=project.params.data.time, odd=odd)


def _of_query(project: Project, start: datetime | None, end: datetime | None, untimed: list[str] | None) -> pa.Table:
    """The query's rows in an order that is theirs: a database has none, and rows that repeat are numbered."""
    data, target = project.params.data, project.params.model.target
    query = Query(source=data.live, where=WHERE, root=project.root)  # type: ignore[arg-type]  # the caller has asked
    table, left = query.rows_of(data.time, start, end)
    if left and untimed is not None:
        untimed.append(Untimed(left).sentence("data.live"))
    timed = _with_time(table, "data.live", params=project.params, untimed=untimed)
    return timed if data.id else in_order(timed, *sorted(sortable(timed), key=lambda name: (name == target, name != data.time)))


def first_time(project: Project) -> datetime:
    """When the source's first row happened; raises `DataError` if it has no rows."""
    return _span(project)[0]


def last_time(project: Project) -> datetime:
    """When the source's last row happened; raises `DataError` if it has no rows."""
    return _span(project)[1]


def _timed(file: Path, *, params: Params, untimed: list[str] | None) -> pa.Table:
    """A file's rows with naive times, so that files with and without zones are told apart by name, and with its own way to write numbers."""
    return _with_time(read_table(file), file.name, params=params, untimed=untimed)


def _with_time(table: pa.Table, name: str, *, params: Params, untimed: list[str] | None) -> pa.Table:
    table, none = timed_rows(table, params.data.time)
    if none.rows and untimed is not None:
        untimed.append(none.sentence(name))
    try:
        timed = normalise_time(table, params.data.time, timezone=params.data.timezone)
    except DataError as bad:
        raise DataError(f"{name}: {bad.what}", where=bad.where, fix=bad.fix) from bad
    return with_numbers(timed, number_names(params))


def _span(project: Project) -> tuple[datetime, datetime]:
    found = span_of(live_rows(project, start=None, end=None), project.params.data.time)
    if found is None:
        raise DataError("the live source has no rows", where=WHERE, fix="wait for rows, or name another source")
    return found
