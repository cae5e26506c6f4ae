"""`keepfit init --as-of DATE` in a project that has no champion yet: its first model shall learn from other windows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.init import repo
from keepfit.flows.init.record import Record
from keepfit.flows.init.undo import take_back_unfinished
from keepfit.flows.init.windows import close_windows
from keepfit.flows.init.write import replace
from keepfit.flows.project import Project
from keepfit.integrations.programs.git import GitRepo
from keepfit.integrations.yaml_files import put

Say = Callable[[str], None]


def own_project(folder: Path) -> Path | None:
    """Return the project for an own table that lies in the folder, or in its `keepfit/`; None if there is none."""
    for root in (folder / "keepfit", folder):
        if (root / "params.yaml").is_file() and (root / "dvc.yaml").is_file() and Project(root).params.data.history is None:
            return root
    return None


def reopen(root: Path, *, as_of: datetime, say: Say) -> None:
    """Set `data.as_of` and bring the windows that closed by then; those that are tracked stay, compose leaves out what ends later.

    Raises `ProjectError` beside a champion, and `DataError` where the live source closes no window by then.
    """
    project = Project(root)
    if project.baseline.champion is not None:
        what = "a model serves already: its successors' windows come from monitor and improve"
        raise ProjectError(what, where="baseline.json", fix="keepfit monitor, then keepfit improve TICKET")
    text = put((root / "params.yaml").read_text(encoding="utf-8"), "data.as_of", as_of, comment="").encode()
    base = GitRepo(root).top
    prefix = "" if root == base else f"{root.relative_to(base).as_posix()}/"
    record = Record(base, root)
    try:
        record.begin({f"{prefix}params.yaml": text}, [f"{prefix}data/windows.dvc", f"{prefix}data/.gitignore"], git=False, dvc=False)
        replace(root / "params.yaml", text)
        newest = close_windows(root, intend=lambda names: record.extend(prefix + name for name in names), say=say)
        if newest is not None and newest < as_of:  # nothing came between: the date says what there is
            replace(root / "params.yaml", put(text.decode(), "data.as_of", newest).encode())
        repo.track(root)
        record.finish()
    except BaseException:
        take_back_unfinished(root)
        raise
