"""Batches cut anew: the same rows in the same order, in the batches in which another reader gives them.

Counts do not depend on where rows are cut; the last digits of sums of floats do, so that two readers who cut alike give the same sums.

>>> [batch.num_rows for batch in recut([pa.table({"x": range(5)}), pa.table({"x": range(3)})], [2, 4, 2])]
[2, 4, 2]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import pyarrow as pa


class RowsDiffer(Exception):  # noqa: N818 - no error of the user's: the caller says what became of them
    """There are fewer rows than were to come, or more."""


def recut(batches: Iterable[pa.Table], sizes: Iterable[int]) -> Iterator[pa.Table]:
    """Yield the batches' rows in stretches of these sizes, none of them 0; nothing is copied. Raises `RowsDiffer` unless there are exactly so many."""
    coming = (batch for batch in batches if batch.num_rows)
    left: pa.Table | None = None
    for size in sizes:
        parts, wanted = list[pa.Table](), size
        while wanted:
            left = left or next(coming, None)
            if left is None:
                raise RowsDiffer(f"{wanted:,} rows are missing")
            parts.append(left.slice(0, wanted))
            wanted -= parts[-1].num_rows
            left = left.slice(parts[-1].num_rows) if parts[-1].num_rows < left.num_rows else None
        yield parts[0] if len(parts) == 1 else pa.concat_tables(parts)
    if left is not None or next(coming, None) is not None:
        raise RowsDiffer("there are more rows")


def parquet_sizes(groups: Sequence[int], size: int, *, by_group: bool) -> Iterator[int]:
    """Yield the rows of the batches in which Arrow reads row groups of so many rows, `size` at most at a time.

    `by_group`: a batch also ends with its row group, as it does where a column comes as a dictionary, which is another one in each.

    >>> list(parquet_sizes([5, 4], 3, by_group=False)), list(parquet_sizes([5, 4], 3, by_group=True))
    ([3, 3, 3], [3, 2, 1, 3])
    """
    rows, before = sum(groups), 0
    ends = {*range(size, rows, size), rows} | (set(accumulate(groups)) if by_group else set())
    for end in sorted(ends - {0}):
        yield end - before
        before = end
