"""Rows that are asked about again, as people disagree on them: as they were selected the first time, before rows that are new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from keepfit.compose.queue.drawing import DrawnQueue
from keepfit.compose.queue.population import stacked_windows, texts_of
from keepfit.records.labels import Queue, QueueRow
from keepfit.tables.columns import WINDOW, id_column
from keepfit.tables.keyed import with_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from keepfit.params import Params


def as_selected(rows: Collection[str], queues: Iterable[Queue]) -> dict[str, QueueRow]:
    """Return how each row was selected by the first queue that asked about it; one that none did counts as chosen."""
    first: dict[str, QueueRow] = {}
    for queue in sorted(queues, key=lambda one: one.made_at):
        for row in queue.rows:
            first.setdefault(row.row, row)
    return {row: first.get(row, QueueRow(row=row, selected="active")) for row in sorted(rows)}


def asked_again(tables: Mapping[str, pa.Table], params: Params, ties: Mapping[str, QueueRow], *, most: int) -> DrawnQueue:
    """Return those of the rows that these windows have, at most so many."""
    table = with_keys(stacked_windows(tables), ties.keys(), id_column(params)).slice(0, most)
    ids, windows = (texts_of(table, name) for name in (id_column(params), WINDOW))
    rows = tuple(replace(ties[row], window=window) for row, window in zip(ids, windows, strict=True))
    return DrawnQueue(rows=rows, table=table, in_slices=None)


def one_after_the_other(first: DrawnQueue, then: DrawnQueue) -> DrawnQueue:
    """Return the rows of both."""
    table = pa.concat_tables([first.table, then.table], promote_options="default")
    return DrawnQueue(rows=(*first.rows, *then.rows), table=table, in_slices=then.in_slices)
