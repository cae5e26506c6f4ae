"""Parquet files cut into pieces by their row groups, from the footers alone: no value is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from keepfit.errors import DataError
from keepfit.tables.pieces import CELLS, Piece, cut

Parts = Mapping[str, str | None]
FIX = "write the file again, or dvc pull"


def parquet_pieces(files: Iterable[tuple[Path, Parts]], *, cells: int = CELLS) -> list[Piece]:
    """Return the pieces of these files, in their order, about `cells` values each; a file with fewer is one piece, one without rows none.

    `files` are (path, columns of its partition), as `table_files` orders them. Raises `DataError` for a file that is not readable Parquet.
    """
    pieces: list[Piece] = []
    first = 0
    for path, parts in files:
        for piece in _pieces(path, parts, first, cells):
            pieces.append(piece)
            first += piece.rows
    return pieces


def _pieces(path: Path, parts: Parts, first: int, cells: int) -> Iterator[Piece]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        stat = path.stat()
        footer = parquet.read_metadata(path)
    except (pa.ArrowException, OSError) as bad:
        said = (str(bad).splitlines() or [type(bad).__name__])[0][:200]
        raise DataError(f"{path.name} is not readable Parquet: {said}", where=str(path), fix=FIX) from bad
    group_rows = [footer.row_group(group).num_rows for group in range(footer.num_row_groups)]
    whole = footer.num_rows * footer.num_columns <= cells
    runs = [tuple(range(len(group_rows)))] if whole else list(cut(group_rows, max(cells // footer.num_columns, 1)))
    for run in runs:
        rows = sum(group_rows[group] for group in run)
        if rows:
            groups = None if len(run) == len(group_rows) else run
            yield Piece(path=str(path), groups=groups, first_row=first, rows=rows, parts=dict(parts), size=stat.st_size, changed_ns=stat.st_mtime_ns)
        first += rows
