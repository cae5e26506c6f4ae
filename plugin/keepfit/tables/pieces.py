"""Pieces of a table that lies in Parquet files: which row groups of which file, and where in the table they stand.

A piece is what one worker reads. Small enough that many workers share a table evenly, large enough that starting costs nothing beside the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

CELLS = 20_000_000
"""Values in a piece: a quarter of a second's counting, and a million rows of twenty columns."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Row groups of a Parquet file (`groups` None: all), `rows` in number, after `first_row` rows of the table.

    `parts` are the columns that the folders' names give the file, as text. `size` (bytes) and `changed_ns` (since 1970) say which bytes are meant:
    a file with others is not the file that was cut.
    """

    path: str
    groups: tuple[int, ...] | None
    first_row: int
    rows: int
    parts: Mapping[str, str | None] = field(default_factory=dict)
    size: int
    changed_ns: int


def cut(group_rows: Sequence[int], rows: int) -> Iterator[tuple[int, ...]]:
    """Yield neighbouring row groups of about `rows` rows together, at least one at a time.

    >>> list(cut([400, 400, 400, 1_000, 100], 800))
    [(0, 1), (2, 3), (4,)]
    """
    together: list[int] = []
    held = 0
    for place, many in enumerate(group_rows):
        together.append(place)
        held += many
        if held >= rows:
            yield tuple(together)
            together, held = [], 0
    if together:
        yield tuple(together)


def shares(pieces: Sequence[Piece], rows: int) -> list[tuple[Piece, ...]]:
    """Return the pieces in runs of neighbours, about `rows` rows each: what one worker reads at a stretch, in the table's order.

    >>> small = [Piece(path=f"{i}.parquet", groups=None, first_row=i * 3, rows=3, size=1, changed_ns=0) for i in range(3)]
    >>> [[piece.path for piece in share] for share in shares(small, 6)]
    [['0.parquet', '1.parquet'], ['2.parquet']]
    """
    return [tuple(pieces[place] for place in run) for run in cut([piece.rows for piece in pieces], rows)]
