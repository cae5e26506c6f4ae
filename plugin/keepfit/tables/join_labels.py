"""Labels by key: joined to the rows that wait for one, whether they come with the live source again or from a table of their own.

The first label that is known of a row stands, and the same labels twice change nothing; rows whose labels disagree are counted
(`disagreeing_labels.py`). A row's key is its id (`data.id`, or made from its content without the target).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.columns import id_column
from keepfit.tables.row_ids import keys_of
from keepfit.tables.written_targets import WRITTEN

if TYPE_CHECKING:
    from keepfit.params import Params


def known_labels(table: pa.Table, params: Params) -> pa.Table:
    """Return (id, target) of the rows that have both, the first of each id."""
    key, pairs = id_column(params), label_pairs(table, params)
    placed = pa.table({"key": pairs[key], "at": pa.array(range(pairs.num_rows), pa.int64())})
    first = placed.group_by("key").aggregate([("at", "min")])["at_min"]
    return pairs.take(pc.take(first, pc.sort_indices(first)))


def label_pairs(table: pa.Table, params: Params) -> pa.Table:
    """Return (id, target) of the rows that have both, and the target as it was written where that is kept."""
    key, target = id_column(params), params.model.target
    if target not in table.column_names:
        return pa.table({key: pa.array([], pa.string()), target: pa.array([], pa.float64())})
    pairs = pa.table({key: keys_of(table, params), **{name: table[name] for name in (target, WRITTEN) if name in table.column_names}})
    return pairs.filter(pc.and_(pc.is_valid(pairs[key]), pc.is_valid(pairs[target])))


def together(labels: pa.Table, later: pa.Table | None) -> pa.Table:
    """Return labels and those that are known beside them, below."""
    return labels if later is None else pa.concat_tables([labels, later], promote_options="default")


def fill(table: pa.Table, labels: pa.Table | None, params: Params) -> pa.Table:
    """Return the table with the targets that are missing taken from `labels` by key; labels that are there stay."""
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


def waiting(rows: pa.Table, target: str) -> pa.Table:
    """Return the rows that have no label yet."""
    return rows.filter(pc.is_null(rows[target])) if target in rows.column_names else rows


def labelled_rows(rows: pa.Table, target: str) -> int:
    """Return how many rows have a label."""
    return len(rows[target]) - rows[target].null_count if target in rows.column_names else 0
