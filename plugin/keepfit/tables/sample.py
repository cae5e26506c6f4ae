"""A sample of rows, drawn while a table streams by: memory is the sample and a batch, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.batches import Rows


def drawn_rows(rows: Rows, columns: Sequence[str], most: int, *, rng: np.random.Generator) -> pa.Table:
    """Return at most `most` rows in the table's order, each equally likely, without replacement; texts as plain strings.

    Each row draws a number, and those with the smallest numbers stay (a reservoir: Vitter, ACM Trans. Math. Softw. 11, 1985, by keys
    in place of skips). The numbers depend on the row's place only, so neither batches nor the groups of columns a file is read in are seen.

    >>> from keepfit.tables.batches import TableRows
    >>> drawn_rows(TableRows(pa.table({"x": [1, 2, 3]})), ["x"], 2, rng=np.random.default_rng(0))["x"].to_pylist()
    [1, 2]
    """
    seed, size = int(rng.integers(1 << 62)), rows.columns_at_once
    groups = [list(columns)[start : start + size] for start in range(0, len(columns), size)]
    parts = [_drawn(rows, group, most, np.random.default_rng(seed)) for group in groups]
    return pa.table({name: part[name] for part in parts for name in part.column_names})


def _drawn(rows: Rows, columns: list[str], most: int, rng: np.random.Generator) -> pa.Table:
    kept = _plain(rows.schema.empty_table().select(columns))
    keys = np.empty(0)
    for batch in rows.batches(columns):
        fresh = rng.random(batch.num_rows)
        bound = keys.max() if len(keys) == most else 1.0
        near = np.flatnonzero(fresh < bound)
        kept = pa.concat_tables([kept, _plain(batch.take(pa.array(near)))])
        keys = np.concatenate([keys, fresh[near]])
        if len(keys) > most:
            stay = np.sort(np.argpartition(keys, most)[:most])
            kept, keys = kept.take(pa.array(stay)), keys[stay]
    return kept


def _plain(table: pa.Table) -> pa.Table:
    """Texts out of their dictionaries: two batches may have two."""
    types = [field.type.value_type if pa.types.is_dictionary(field.type) else field.type for field in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, types, strict=True))))


def places_by_class(labels: npt.NDArray[np.float64], most: int, *, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return the places of at most `most` rows in their order, as many of each class as there are and as fit, drawn at random; NaN is a class of its own.

    Numbers of which there are more than `most` are no classes: any rows are drawn then.

    >>> places_by_class(np.array([0.0, 0.0, 0.0, 0.0, 1.0]), 3, rng=np.random.default_rng(0)).tolist()[-1]
    4
    """
    places = rng.permutation(len(labels))
    _, codes = np.unique(labels, return_inverse=True, equal_nan=True)
    drawn = codes[places]
    if len(drawn) and int(drawn.max()) >= most:
        return np.sort(places[:most])
    turn = np.zeros(len(drawn), np.int64)
    for code in range(int(drawn.max()) + 1 if len(drawn) else 0):
        of = drawn == code
        turn[of] = np.arange(int(of.sum()))
    return np.sort(places[np.argsort(turn, kind="stable")[:most]])


def picked_rows(rows: Rows, columns: Sequence[str], places: npt.NDArray[np.int64]) -> pa.Table:
    """Return the rows at these places (ascending), a batch in memory at a time; texts as plain strings."""
    found, start = [_plain(rows.schema.empty_table().select(list(columns)))], 0
    for batch in rows.batches(columns):
        inside = places[(places >= start) & (places < start + batch.num_rows)] - start
        if len(inside):
            found.append(_plain(batch.take(pa.array(inside))))
        start += batch.num_rows
    return pa.concat_tables(found, promote_options="permissive")


def places_of(ids: pa.ChunkedArray, wanted: Sequence[str]) -> tuple[dict[str, int], npt.NDArray[np.int64]]:
    """Return where each wanted id stands, of those that are there, and these places in their order.

    >>> places_of(pa.chunked_array([["a", "b", "c"]]), ["c", "x", "a"])
    ({'c': 2, 'a': 0}, array([0, 2]))
    """
    found = pc.index_in(pa.array(wanted, pa.string()), value_set=pc.cast(ids.combine_chunks(), pa.string())).to_pylist()
    known = {name: place for name, place in zip(wanted, found, strict=True) if place is not None}
    return known, np.array(sorted(known.values()), dtype=np.int64)
