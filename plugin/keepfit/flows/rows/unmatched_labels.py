"""Labels that match no row: counted; those of a table of their own are kept in `.keepfit/`, as their rows may still come.

A label of `data.labels` is unmatched while neither a closed window nor the live source has a row of its key. One that comes with the live
source is unmatched where the source shows the time of a closed window under other ids (`tables/unmatched_labels.py`). Blind to a label whose
key is another row's; nobody looks where rows or labels stay with an engine: a window's rows are not all known here then.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.labels import keep_labels, kept_labels, read_labels
from keepfit.flows.rows.sources import WHERE as LIVE
from keepfit.flows.rows.sources import live_rows
from keepfit.flows.rows.window_store import WindowStore, closed_files
from keepfit.integrations.tables import read_columns
from keepfit.params.row_source import EngineSource
from keepfit.records import Window
from keepfit.tables.columns import id_column
from keepfit.tables.keyed import with_keys
from keepfit.tables.odd_files import OddFile
from keepfit.tables.unmatched_labels import under_other_ids

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
    data = store.project.params.data
    if isinstance(data.live, EngineSource) or isinstance(data.labels, EngineSource):
        return Unmatched()
    own = _own(store.project, odd=store.odd)
    other_ids = {window.id: keys for window in judged if (keys := _under_other_ids(store, window))}
    keys = sorted({*own, *(key for found in other_ids.values() for key in found)})
    return Unmatched(count=len(keys), examples=tuple(keys[:SHOWN]), windows=tuple(other_ids))


def _own(project: Project, *, odd: list[OddFile]) -> set[str]:
    """The keys of `data.labels`, and of the labels kept before, that neither a closed window nor the source has.

    While a file of the source cannot be taken in nobody knows whose labels match none; they are kept. `odd` gets the files of labels that cannot.
    """
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
    keep_labels(project, with_keys(labels, sorted(waiting), key))
    return set() if any(one.of == LIVE for one in missing) else unknown


def _closed(project: Project) -> set[str]:
    """The ids of all closed rows."""
    key, found = id_column(project.params), set[str]()
    for file in closed_files(project).values():
        with suppress(UnknownNameError):  # a window that somebody put there; it has its ids when `ingest` has read it
            found.update(read_columns(file, [key])[key].to_pylist())
    return found


def _under_other_ids(store: WindowStore, window: Window) -> list[str]:
    """The ids under which the source shows the window's rows that wait for a label."""
    return [] if store.file(window) is None else under_other_ids(store.rows(window), store.live, store.project.params)
