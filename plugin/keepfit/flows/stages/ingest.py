"""The stage ingest: closed windows and side tables as clean Parquet files, one a window, rows sorted by id.

Windows come from `data/windows/` and, for the template, from the flights up to `data.as_of`. Where a window's rows were drawn from the source for a recipe
(`data/windows/drawn/`), these stand in for it.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError
from keepfit.flows.project import Project
from keepfit.flows.rows.drawn_files import DRAWN, RECORD, standing_in
from keepfit.flows.rows.new_folder import new_folder
from keepfit.tables.by_time import closed_parts, end_of, in_order
from keepfit.tables.columns import id_column, require_columns
from keepfit.tables.conform import conform

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

WINDOWS = "data/windows"


def run_ingest(root: Path, *, windows: Path, out: Path) -> None:
    """Write `out`/windows/ID.parquet for every window and `out`/tables/NAME.parquet for every side table; replaces `out`.

    Raises `DataError` for no windows at all, for a window that the template's history holds too, and for what `read_table` refuses.
    """
    from keepfit.integrations.tables import write_parquet

    params, files = Project(root).params, _files(root / windows)
    with new_folder(root / out) as folder:
        end = _write_windows(params, files, folder / "windows")
        for name, table in _side_tables(params, end).items():
            write_parquet(table, folder / "tables" / f"{name}.parquet")
        if (record := root / windows / DRAWN / RECORD).is_file():
            copyfile(record, folder / RECORD)


def _write_windows(params: Params, files: list[Path], folder: Path) -> datetime:
    """Write each window when it is read, so that one is in memory at a time; return when the last of them ends."""
    history = history_windows(params)
    for path in files:
        if path.stem in history:
            what = f"the window {path.stem} is in {WINDOWS} and in the history up to {params.data.as_of:%Y-%m-%d}"
            raise DataError(what, where="params.yaml: data.as_of", fix=f"remove {path.name}, or set data.as_of to the window's start")
    if not history and not files:
        raise DataError(
            "no windows to learn from", where=WINDOWS, fix="put closed windows there (keepfit init, keepfit improve TICKET), then dvc add data/windows"
        )
    read = chain(history.items(), ((path.stem, _read(standing_in(path), params)) for path in files))
    return max(_write_window(name, table, params, folder) for name, table in read)


def _write_window(name: str, table: pa.Table, params: Params, folder: Path) -> datetime:
    from keepfit.integrations.tables import write_parquet

    for feature in params.data.features:
        require_columns(table, [feature], where=f"params.yaml: data.features.{feature}")
    write_parquet(in_order(table, id_column(params)), folder / f"{name}.parquet")
    return end_of(name, table, params.data.time)


def _files(folder: Path) -> list[Path]:
    from keepfit.tables.windows import parse_window_id

    if not folder.is_dir():
        raise DataError("the folder of closed windows is missing", where=WINDOWS, fix="dvc pull, or dvc checkout data/windows.dvc")
    files = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != DRAWN)
    for path in files:
        parse_window_id(path.name.split(".")[0])
        if path.suffix != ".parquet":
            raise DataError(f"{path.name} is no closed window", where=WINDOWS, fix="one <window id>.parquet a window, nothing else")
    return files


def _read(path: Path, params: Params) -> pa.Table:
    from keepfit.integrations.tables import read_table

    try:
        return conform(read_table(path), params)
    except DataError as bad:
        raise DataError(f"{path.name}: {bad.what}", where=bad.where or WINDOWS, fix=bad.fix) from bad


def history_windows(params: Params) -> dict[str, pa.Table]:
    """The template's own closed windows that end by `data.as_of`."""
    data = params.data
    if data.history is None:
        return {}
    if data.as_of is None:
        raise ParamsError("the flights' history needs a last day", where="params.yaml: data.as_of", fix="as_of: '2013-02-01'")
    from keepfit.integrations.flights import flights_table

    rows = flights_table(start=None, end=data.as_of)
    if not rows.num_rows:
        raise DataError(f"no flights before {data.as_of:%Y-%m-%d}", where="params.yaml: data.as_of", fix="the flights begin on 2013-01-01")
    return {window.id: part for window, part in closed_parts(rows, "time", data.window, data.as_of)}


def _side_tables(params: Params, end: datetime) -> dict[str, pa.Table]:
    if params.data.history is None:
        return {}
    from keepfit.integrations.flights import weather_table

    return {"weather": weather_table(end=end)}
