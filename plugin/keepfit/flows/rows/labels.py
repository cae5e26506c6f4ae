"""Labels by key: joined to the rows that wait for one, whether they come with the live source again or from a table of their own.

The first label that is known of a row stands, and the same labels twice change nothing; rows whose labels disagree are counted
(`flows/rows/disagreeing_labels.py`). A row's key is its id (`data.id`, or made from its content without the target). Labels that match no
row yet are kept, and come after those that the project has now (`flows/rows/unmatched_labels.py`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.flows.rows.row_files import Odd, id_column, keys_of, read_all
from keepfit.tables.targets import as_number
from keepfit.tables.written_targets import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from keepfit.params import Params

WHERE = "params.yaml: data.labels"
KEPT = "unmatched-labels.parquet"


def read_labels(project: Project, *, odd: Odd = None) -> pa.Table | None:
    """Return the labels of `data.labels`, and those kept of it before, as (id, target), the first of each id; None where there are none.

    Raises `DataError` for a table that cannot be read, `UnknownNameError` if it lacks the id or the target.
    """
    claims = claimed_labels(project, odd=odd)
    return None if claims is None else known_labels(claims, project.params)


def claimed_labels(project: Project, *, odd: Odd = None) -> pa.Table | None:
    """Return all that `data.labels` says, then what was kept of it, as (id, target): an id may be there more than once. Raises as `read_labels` does.

    Files of a folder that cannot be taken in go to the list `odd`; their labels come late.
    """
    import pyarrow as pa

    from keepfit.integrations.tables import require_columns

    params = project.params
    if params.data.labels is None:
        return None
    read = partial(_numbered, names=[params.model.target] if params.model.positive is None else [])
    table = read_all(project.root / params.data.labels, read, where=WHERE, odd=odd)
    require_columns(table, [id_column(params), params.model.target], where=WHERE)
    numbers = as_number(table, params.model.target, positive=params.model.positive, keep=params.model.task == "classification")
    claims, kept = _pairs(numbers, params), kept_labels(project)
    return claims if kept is None else pa.concat_tables([claims, kept], promote_options="default")


def _numbered(file: Path, *, names: list[str]) -> pa.Table:
    """A file of labels; of a target that is text and mostly numbers, what is none is no label."""
    from keepfit.integrations.tables import read_table
    from keepfit.tables.features import taken_apart, with_numbers

    return taken_apart(with_numbers(read_table(file), names))[0]


def kept_labels(project: Project) -> pa.Table | None:
    """Return the labels that matched no row when they were last looked at, as (id, target); None without any."""
    from keepfit.integrations.tables import read_table

    path = project.state / KEPT
    return read_table(path) if path.is_file() else None


def keep_labels(project: Project, labels: pa.Table | None) -> None:
    """Keep these labels in place of those kept before; None, or no label: none is kept."""
    from keepfit.integrations.tables import write_parquet

    if labels is None or not labels.num_rows:
        (project.state / KEPT).unlink(missing_ok=True)
    else:
        write_parquet(labels, project.state / KEPT)


def known_labels(table: pa.Table, params: Params) -> pa.Table:
    """Return (id, target) of the rows that have both, the first of each id."""
    import pyarrow as pa
    import pyarrow.compute as pc

    key, pairs = id_column(params), _pairs(table, params)
    placed = pa.table({"key": pairs[key], "at": pa.array(range(pairs.num_rows), pa.int64())})
    first = placed.group_by("key").aggregate([("at", "min")])["at_min"]
    return pairs.take(pc.take(first, pc.sort_indices(first)))


def _pairs(table: pa.Table, params: Params) -> pa.Table:
    """(id, target) of the rows that have both, and the target as it was written where that is kept."""
    import pyarrow as pa
    import pyarrow.compute as pc

    key, target = id_column(params), params.model.target
    if target not in table.column_names:
        return pa.table({key: pa.array([], pa.string()), target: pa.array([], pa.float64())})
    pairs = pa.table({key: keys_of(table, params), **{name: table[name] for name in (target, WRITTEN) if name in table.column_names}})
    return pairs.filter(pc.and_(pc.is_valid(pairs[key]), pc.is_valid(pairs[target])))


def fill(table: pa.Table, labels: pa.Table | None, params: Params) -> pa.Table:
    """Return the table with the targets that are missing taken from `labels` by key; labels that are there stay."""
    import pyarrow as pa
    import pyarrow.compute as pc

    key, target = id_column(params), params.model.target
    if labels is None or not labels.num_rows:
        return table
    keys = table[key].combine_chunks()
    if labels.num_rows > len(keys):  # what is looked up is hashed: a window's keys, not the labels of years
        labels = labels.filter(pc.is_in(labels[key], value_set=keys))
    at = pc.index_in(keys, value_set=labels[key].combine_chunks())
    for name, kind in ((target, pa.float64()), (WRITTEN, pa.string())):
        if name not in labels.column_names:
            continue
        found = labels[name].combine_chunks().take(at)
        if name not in table.column_names:
            table = table.append_column(name, found)
        else:
            kept = pc.cast(table[name].combine_chunks(), kind)
            table = table.set_column(table.column_names.index(name), name, pc.coalesce(kept, found))
    return table
