"""Folders of Parquet files that are more than their files: Delta, Iceberg and Hudi tables, whose log says which files count.

Whoever reads all files of such a folder reads rows, too, that were deleted or rewritten, so that is refused. Blind to a log that lies elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from keepfit.errors import DataError

TableFormat = Literal["Delta", "Iceberg", "Hudi"]


def table_format(folder: Path) -> TableFormat | None:
    """Return which kind of table a folder, or a partition (`column=value`) of one, belongs to; None for files that are all there is."""
    while "=" in folder.name and folder.name != "..":
        folder = folder.parent
    if (folder / "_delta_log").is_dir():
        return "Delta"
    if (folder / ".hoodie").is_dir():
        return "Hudi"
    return "Iceberg" if any((folder / "metadata").glob("*.metadata.json")) else None


def refuse_table_format(folder: Path) -> None:
    """Raise `DataError` for a folder whose files alone do not say which rows there are."""
    kind = table_format(folder)
    if kind is None:
        return
    name = f"the table's name in its catalog, or delta.`{folder.absolute()}`" if kind == "Delta" else "the table's name in its catalog"
    what = f"{folder.name} is a table of {kind}: its log says which of its files count, and reading all of them would bring back deleted rows"
    raise DataError(what, where=str(folder), fix=f"read it by the engine spark ({name}), or export what it holds to a folder of Parquet files")
