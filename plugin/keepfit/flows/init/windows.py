"""The first model's windows: those of the own table that are closed at `data.as_of`, copied to data/windows/."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from keepfit.errors import DataError
from keepfit.flows.project import Project

Say = Callable[[str], None]
FOLDER = "data/windows"


def close_windows(root: Path, *, intend: Callable[[list[str]], None], say: Say) -> datetime | None:
    """Write the closed windows up to `data.as_of`, after `intend` was told their names; return the end of the newest that is cut by the calendar.

    The flights read their history themselves.
    """
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    project = Project(root)
    if project.params.data.history is not None:
        return None
    from keepfit.flows.rows.sources import live_rows
    from keepfit.integrations.tables import write_parquet
    from keepfit.tables.by_time import closed_parts

    data = project.params.data
    closed = closed_parts(live_rows(project, start=None, end=data.as_of), data.time, data.window, data.as_of)
    windows = [(window, part) for window, part in closed if part.num_rows]
    if not windows:
        what = f"no window of {project.params.data.window!r} with rows is closed by {project.params.data.as_of:%Y-%m-%d}"
        raise DataError(what, where="params.yaml: data.as_of", fix="a later date, or a smaller data.window")
    parts = {f"{FOLDER}/{window.id}.parquet": part for window, part in windows}
    intend(list(parts))
    for name, part in parts.items():
        write_parquet(part, root / name)
    say(f"{len(parts)} closed windows up to {project.params.data.as_of:%Y-%m-%d} are the first training data")
    return windows[-1][0].end
