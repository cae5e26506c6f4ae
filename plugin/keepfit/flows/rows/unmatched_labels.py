"""Labels that match no row: counted; those of a table of their own are kept in `.keepfit/`, as their rows may still come.

A label of `data.labels` is unmatched while neither a closed window nor the live source has a row of its key. One that comes with the live
source is unmatched where the source shows the time of a closed window under other ids: as many of the window's rows that wait for a label
are gone from the source as it has labelled rows there that the window does not know. So neither a row that came late nor one that the source
has dropped is taken for it. Blind to a label whose key is another row's.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.folders import OddFile
from keepfit.flows.rows.labels import keep_labels, kept_labels, read_labels
from keepfit.flows.rows.row_files import id_column
from keepfit.flows.rows.sources import WHERE as LIVE
from keepfit.flows.rows.sources import live_rows
from keepfit.flows.rows.window_store import WindowStore, closed_files
from keepfit.integrations.tables import read_columns
from keepfit.records import Window

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """How many labels match no row, five of their keys, and the windows whose rows the source shows under other ids."""

    count: int = 0
    examples: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()


def find_unmatched(store: WindowStore, judged: Iterable[Window]) -> Unmatched:
    """Return what is unmatched once the windows of a run are closed, and keep the labels of `data.labels` whose rows were not closed yet.

    `judged` are the windows that labels may come late for.
    """
    own = _own(store.project, odd=store.odd)
    other_ids = {window.id: keys for window in judged if (keys := _under_other_ids(store, window))}
    keys = sorted({*own, *(key for found in other_ids.values() for key in found)})
    return Unmatched(count=len(keys), examples=tuple(keys[:SHOWN]), windows=tuple(other_ids))


def _own(project: Project, *, odd: list[OddFile]) -> set[str]:
    """The keys of `data.labels`, and of the labels kept before, that neither a closed window nor the source has.

    While a file of the source cannot be taken in nobody knows whose labels match none; they are kept. `odd` gets the files of labels that cannot.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    labels, before, key = read_labels(project, odd=odd), kept_labels(project), id_column(project.params)
    if labels is None:
        return set()
    loose = set(labels[key].to_pylist()) - _closed(project)
    if not loose:
        keep_labels(project, None)
        return set()
    missing: list[OddFile] = []
    unknown = loose - set(live_rows(project, start=None, end=None, odd=missing)[key].to_pylist())
    waiting = unknown | (loose & set(before[key].to_pylist()) if before is not None else set())
    keep_labels(project, labels.filter(pc.is_in(labels[key], value_set=pa.array(sorted(waiting), pa.string()))))
    return set() if any(one.of == LIVE for one in missing) else unknown


def _closed(project: Project) -> set[str]:
    """The ids of all closed rows."""
    key, found = id_column(project.params), set[str]()
    for file in closed_files(project).values():
        with suppress(UnknownNameError):  # a window that somebody put there; it has its ids when `ingest` has read it
            found.update(read_columns(file, [key])[key].to_pylist())
    return found


def _under_other_ids(store: WindowStore, window: Window) -> list[str]:
    """The ids of as many of the source's labelled rows in the window's time as rows of the window are gone from there and wait."""
    import pyarrow.compute as pc

    params = store.project.params
    key, time, target = id_column(params), params.data.time, params.model.target
    live = store.live
    if store.file(window) is None or target not in live.column_names:
        return []
    rows = store.rows(window)
    waiting = rows.filter(pc.is_null(rows[target])) if target in rows.column_names else rows
    gone = _without(waiting[key], live[key])
    if not gone:
        return []
    within = pc.and_(pc.greater_equal(live[time], pc.min(rows[time])), pc.less_equal(live[time], pc.max(rows[time])))
    labelled = live.filter(pc.and_(within, pc.is_valid(live[target])))
    return sorted(_without(labelled[key], rows[key]))[: len(gone)]


def _without(keys: pa.ChunkedArray, others: pa.ChunkedArray) -> list[str]:
    import pyarrow.compute as pc

    found: list[str] = keys.filter(pc.invert(pc.is_in(keys, value_set=others.combine_chunks()))).to_pylist()
    return found
