"""The labels of a table of their own (`data.labels`), and those that have matched no row yet: read here, joined in `tables/join_labels.py`.

Of an engine's table only the labels of ids that are asked for come here: they are looked for where it is.

Labels that match no row are kept, and come after those that the project has now (`flows/rows/unmatched_labels.py`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from keepfit.flows.project import Project
from keepfit.flows.rows.queries import Query
from keepfit.flows.rows.row_files import Odd, read_all
from keepfit.params.row_source import EngineSource, SqlParams
from keepfit.tables.columns import id_column, require_columns
from keepfit.tables.join_labels import known_labels, label_pairs, together
from keepfit.tables.targets import number_target, target_as_number

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pyarrow as pa

WHERE = "params.yaml: data.labels"
Ids: TypeAlias = "Collection[str] | pa.ChunkedArray | None"
KEPT = "unmatched-labels.parquet"


def read_labels(project: Project, *, odd: Odd = None, ids: Ids = None) -> pa.Table | None:
    """Return the labels of `data.labels`, and those kept of it before, as (id, target), the first of each id; None where there are none.

    `ids` are those that are asked for: an engine's table says nothing of others.

    Raises `DataError` for a table that cannot be read, `UnknownNameError` if it lacks the id or the target.
    """
    claims = claimed_labels(project, odd=odd, ids=ids)
    return None if claims is None else known_labels(claims, project.params)


def claimed_labels(project: Project, *, odd: Odd = None, ids: Ids = None) -> pa.Table | None:
    """Return all that `data.labels` says, then what was kept of it, as (id, target): an id may be there more than once. Raises as `read_labels` does.

    Files of a folder that cannot be taken in go to the list `odd`; their labels come late.
    """
    params = project.params
    if params.data.labels is None:
        return None
    names = number_target(params)
    if isinstance(params.data.labels, EngineSource):
        table = _plainly(_of_engine(project, params.data.labels, ids), names)
    elif isinstance(params.data.labels, SqlParams):
        table = _plainly(Query(source=params.data.labels, where=WHERE, root=project.root).rows(), names)
    else:
        table = read_all(project.root / params.data.labels, partial(_numbered, names=names), where=WHERE, odd=odd)
    require_columns(table, [id_column(params), params.model.target], where=WHERE)
    return together(label_pairs(target_as_number(table, params), params), kept_labels(project))


def _of_engine(project: Project, source: EngineSource, ids: Ids) -> pa.Table:
    from keepfit.flows.rows.engine_source import EngineTable

    table, asked = EngineTable(project=project, source=source, where=WHERE), [id_column(project.params), project.params.model.target]
    require_columns(table.rows.schema.empty_table(), asked, where=WHERE)
    return table.of_ids(() if ids is None else ids, asked)


def _numbered(file: Path, *, names: list[str]) -> pa.Table:
    """A file of labels; of a target that is text and mostly numbers, what is none is no label."""
    from keepfit.integrations.tables import read_table

    return _plainly(read_table(file), names)


def _plainly(table: pa.Table, names: list[str]) -> pa.Table:
    from keepfit.tables.features import taken_apart, with_numbers

    return taken_apart(with_numbers(table, names))[0]


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
