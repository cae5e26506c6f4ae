"""The live source: where new rows come from (params.yaml: data.live) — the template's flights, a file, or a folder of files."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.flows.rows.labels import fill, read_labels
from keepfit.flows.rows.row_files import id_column, read_all, with_ids
from keepfit.flows.rows.targets import as_number
from keepfit.integrations.tables import normalise_time, read_table, require_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import DataParams, Params

FLIGHTS = "flights"
WHERE = "params.yaml: data.live"


def live_rows(project: Project, *, start: datetime | None, end: datetime | None) -> pa.Table:
    """Return the source's rows with time in `[start, end)` (None: open), times naive, ids unique, labelled by `data.labels`, sorted by time and id.

    Raises `DataError` for a source that is missing, unreadable, empty of files, or whose files do not fit together, and
    `UnknownNameError` for a time, id or group column that it does not have.
    """
    import pyarrow.compute as pc

    data = project.params.data
    if data.live == FLIGHTS:
        from keepfit.integrations.flights import flights_table

        return flights_table(start=start, end=end)
    read = partial(_timed, data=data)
    table = conform(read_all(project.root / data.live, read, where=WHERE), project.params)
    table = fill(table, read_labels(project), project.params)
    for bound, keep in ((start, pc.greater_equal), (end, pc.less)):
        if bound is not None:
            table = table.filter(keep(table[data.time], bound))
    return table.sort_by([(data.time, "ascending"), (id_column(project.params), "ascending")])


def first_time(project: Project) -> datetime:
    """When the source's first row happened; raises `DataError` if it has no rows."""
    return _extreme(project, "min")


def last_time(project: Project) -> datetime:
    """When the source's last row happened; raises `DataError` if it has no rows."""
    return _extreme(project, "max")


def conform(table: pa.Table, params: Params) -> pa.Table:
    """Make the times naive, give every row its id and make the target a number; features are not checked here (a lost column is evidence, not an error)."""
    require_columns(table, [params.data.group] if params.data.group else [], where="params.yaml: data.group")
    timed = normalise_time(table, params.data.time, timezone=params.data.timezone)
    return as_number(with_ids(timed, params), params.model.target, positive=params.model.positive, keep=params.model.task == "classification")


def _timed(file: Path, *, data: DataParams) -> pa.Table:
    """A file's rows with naive times, so that files with and without zones are told apart by name."""
    return normalise_time(read_table(file), data.time, timezone=data.timezone)


def _extreme(project: Project, which: str) -> datetime:
    import pyarrow.compute as pc

    table = live_rows(project, start=None, end=None)
    found: datetime | None = pc.min_max(table[project.params.data.time]).as_py()[which]
    if found is None:
        raise DataError("the live source has no rows", where=WHERE, fix="wait for rows, or name another source")
    return found
