"""Pairs of rows that should say the same and do not."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def contradicting(values: pa.Table, pairs: pa.Table) -> pa.Table:
    """Return those pairs of places (`first`, `other`) in `values` whose rows do not say the same in every column; NULL and NaN are one.

    >>> contradicting(pa.table({"x": [1, 1, None]}), pa.table({"first": [0, 0], "other": [1, 2]})).to_pylist()
    [{'first': 0, 'other': 2}]
    """
    differ = pa.array([False] * pairs.num_rows, pa.bool_())
    for column in values.columns:
        whole = column.combine_chunks()
        one, other = (_plain(whole.take(pairs[side].combine_chunks())) for side in ("first", "other"))
        differ = pc.or_(differ, unlike(one, other))
    return pairs.filter(differ)


def unlike(one: pa.Array, other: pa.Array) -> pa.Array:
    """Return where two columns of one type differ; NULL and NaN are one value, which only they equal."""
    if pa.types.is_nested(one.type) or pa.types.is_null(one.type):
        return pa.array([a != b for a, b in zip(one.to_pylist(), other.to_pylist(), strict=True)], pa.bool_())
    gone, other_gone = pc.is_null(one, nan_is_null=True), pc.is_null(other, nan_is_null=True)
    there = pc.invert(pc.or_(gone, other_gone))
    return pc.or_(pc.xor(gone, other_gone), pc.and_(there, pc.fill_null(pc.not_equal(one, other), False)))


def _plain(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
