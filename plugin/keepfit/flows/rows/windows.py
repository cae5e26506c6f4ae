"""What people decided on windows that failed their expectations: `expectations/windows.yaml`, a reviewed text file."""

from __future__ import annotations

from pathlib import Path

from keepfit.errors import DataError, ParamsError
from keepfit.flows.project import Project
from keepfit.records import Validation, WindowValidation, from_json
from keepfit.tables.window_decisions import FILE, WHY, Choice, Decisions, decisions_of


def window_decisions(project: Project) -> Decisions:
    """Return the decisions by window id; raises `ParamsError` for an entry that is none."""
    return read_decisions(project.suites / FILE)


def read_decisions(path: Path) -> Decisions:
    """Return the decisions of one file; an absent file holds none."""
    from keepfit.integrations.yaml_files import read_map

    return decisions_of(read_map(path))


def decide_window(project: Project, window: str, verdict: Choice, reason: str, *, by: str | None = None) -> Path:
    """Write a decision and return the file it stands in; `by` is by default the name that git knows.

    Raises `DataError` for a window's id that names nothing, or to leave out a side table (only `accept` makes sense there).
    """
    from keepfit.integrations.yaml_files import put_entry

    if not reason.strip():
        raise ParamsError("a decision needs a reason", where="--reason", fix=WHY)
    if (project.root / "build" / "ingest" / "tables" / f"{window}.parquet").is_file():
        if verdict == "exclude":
            raise DataError(f"{window!r} is a side table and cannot be left out", where="window exclude", fix=f"keepfit window accept {window} --reason …")
    else:
        from keepfit.tables.windows import parse_window_id

        parse_window_id(window)
    path = project.suites / FILE
    put_entry(path, window, {"verdict": verdict, "reason": " ".join(reason.split()), "by": author(project) if by is None else by})
    return path


def failed_windows(project: Project) -> tuple[WindowValidation, ...]:
    """Return what the last validation said about windows that are blocked or lost rows; empty if none ran yet."""
    path = project.root / "reports" / "validation.json"
    if not path.is_file():
        return ()
    validation = from_json(Validation, path.read_bytes(), where="reports/validation.json")
    return tuple(one for one in validation.windows if one.blocked or one.quarantined)


def author(project: Project) -> str:
    """Return the name that git knows of who works here; empty where it knows none."""
    from keepfit.errors import ProjectError
    from keepfit.integrations.programs.git import GitRepo

    try:
        return GitRepo(project.repo).run("config", "user.name").strip()
    except ProjectError:
        return ""
