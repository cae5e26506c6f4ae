"""A database in memory that spills to a folder of its own, and its errors as sentences.

The same query gives the same rows whatever the machine: times with a zone are read in UTC, nothing is downloaded, no file of the user's settings is read.
Blind to the order of rows unless it is asked for: what a query does not sort comes in any order.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from keepfit.errors import DataError, KeepfitError, ProjectError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Made = TypeVar("Made")
MEMORY = "1GB"
PATIENCE_SECONDS = 0.1
SAID = 200
FULL = ("no space left", "max_temp_directory_size", "disk quota", "failed to offload")


@contextmanager
def connected(*, memory: str = MEMORY, threads: int | None = None, ordered: bool = False) -> Iterator[DuckDBPyConnection]:
    """Give a connection that holds at most `memory` and puts the rest into a temporary folder, which is gone afterwards.

    `ordered`: rows come in the order of the files that they are read from.

    Raises `ProjectError` where DuckDB is not installed, `DataError` for whatever it says of its input, of memory or of the disk.
    """
    try:
        import duckdb
    except ImportError as missing:
        raise ProjectError("DuckDB is not installed", where="this Python", fix="pip install 'keepfit[duckdb]'") from missing
    with tempfile.TemporaryDirectory(prefix="keepfit-duckdb-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory, "temp_directory": folder, "preserve_insertion_order": ordered}
        settings |= {"autoinstall_known_extensions": False} | ({} if threads is None else {"threads": threads})
        connection = duckdb.connect(":memory:", config=settings)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")  # in a notebook it would be drawn into what is printed
            yield connection
        except duckdb.Error as bad:
            if isinstance(bad, duckdb.InterruptException):
                raise KeyboardInterrupt from bad
            raise sentence(bad, folder) from bad
        finally:
            connection.close()


def interruptible(connection: DuckDBPyConnection, work: Callable[[], Made]) -> Made:
    """Return what `work` on the connection gives; Ctrl-C ends it at once, where DuckDB's own call would go on to its end."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        running = pool.submit(work)
        try:
            return running.result()
        except KeyboardInterrupt:
            while not running.done():
                connection.interrupt()
                wait([running], timeout=PATIENCE_SECONDS)
            raise


def sentence(bad: BaseException, folder: str) -> KeepfitError:
    """Return what DuckDB said as an error of ours."""
    said = (str(bad).strip().splitlines() or [type(bad).__name__])[0][:SAID]
    if any(word in str(bad).lower() for word in FULL):
        return DataError("the disk is full", where=str(Path(folder).parent), fix="make room, or set TMPDIR to a folder on a larger disk")
    if "Out of Memory" in said:
        return DataError("DuckDB ran out of memory", where=said, fix="close other programs, or use a machine with more memory")
    return DataError(f"DuckDB: {said}", fix="write the file again, or dvc pull")


def quoted(name: str) -> str:
    """Return a column's name as SQL.

    >>> quoted('a "b".c')
    '"a ""b"".c"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def files_as_sql(paths: list[Path]) -> str:
    """Return files as a list in SQL; what DuckDB takes for a pattern in their names stands for itself.

    >>> files_as_sql([Path("a[1]*.parquet")])
    "['a[[]1][*].parquet']"
    """
    return "[" + ", ".join(literal("".join(f"[{one}]" if one in "*?[" else one for one in str(path))) for path in paths) + "]"
