"""The stage ingest: closed windows and side tables as clean Parquet files, one a window, rows sorted by id.

Windows come from `data/windows/` and, for the template, from the flights up to `data.as_of`.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError
from keepfit.flows.project import Project
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

    params = Project(root).params
    tables = history_windows(params)
    for path in _files(root / windows):
        if path.stem in tables:
            what = f"the window {path.stem} is in {WINDOWS} and in the history up to {params.data.as_of:%Y-%m-%d}"
            raise DataError(what, where="params.yaml: data.as_of", fix=f"remove {path.name}, or set data.as_of to the window's start")
        tables[path.stem] = _read(path, params)
    if not tables:
        raise DataError(
            "no windows to learn from", where=WINDOWS, fix="put closed windows there (keepfit init, keepfit improve TICKET), then dvc add data/windows"
        )
    shutil.rmtree(root / out, ignore_errors=True)
    for name, table in tables.items():
        for feature in params.data.features:
            require_columns(table, [feature], where=f"params.yaml: data.features.{feature}")
        write_parquet(in_order(table, id_column(params)), root / out / "windows" / f"{name}.parquet")
    for name, table in _side_tables(params, max(end_of(name, table, params.data.time) for name, table in tables.items())).items():
        write_parquet(table, root / out / "tables" / f"{name}.parquet")


def _files(folder: Path) -> list[Path]:
    from keepfit.tables.windows import parse_window_id

    if not folder.is_dir():
        raise DataError("the folder of closed windows is missing", where=WINDOWS, fix="dvc pull, or dvc checkout data/windows.dvc")
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
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
