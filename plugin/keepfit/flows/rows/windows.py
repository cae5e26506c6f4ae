"""What people decided on windows that failed their expectations: `expectations/windows.yaml`, a reviewed text file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.records import Validation, WindowValidation, from_json

FILE = "windows.yaml"
KEYS = ("verdict", "reason", "by")
Choice = Literal["exclude", "accept"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A person's word on a window: leave it out, or use it although it failed."""

    verdict: Choice
    reason: str
    by: str = ""


def window_decisions(project: Project) -> Mapping[str, Verdict]:
    """Return the decisions by window id; raises `ParamsError` for an entry that is none."""
    return read_decisions(project.suites / FILE)


def read_decisions(path: Path) -> Mapping[str, Verdict]:
    """Return the decisions of one file; an absent file holds none."""
    from keepfit.integrations.yaml_files import read_map

    return decisions_of(read_map(path))


def decisions_of(entries: Mapping[str, Any]) -> Mapping[str, Verdict]:
    """Return the decisions by window id from what the file holds."""
    return {window: _verdict(window, entry) for window, entry in entries.items()}


def _verdict(window: str, entry: Any) -> Verdict:
    where = f"{FILE}: {window}"
    if not isinstance(entry, dict):
        raise ParamsError("a decision is a map", where=where, fix="{verdict: exclude, reason: why}")
    for key in entry:
        if key not in KEYS:
            raise UnknownNameError("key", str(key), known=KEYS, where=where)
    verdict, reason = entry.get("verdict"), entry.get("reason")
    if verdict not in ("exclude", "accept"):
        raise ParamsError(f"the verdict {verdict!r} is neither exclude nor accept", where=where, fix="keepfit window exclude|accept WINDOW --reason …")
    if not isinstance(reason, str) or not reason.strip():
        raise ParamsError("a decision has no reason", where=where, fix="say why: somebody will read it in a year")
    return Verdict(verdict=cast("Choice", verdict), reason=" ".join(reason.split()), by=str(entry.get("by") or ""))


def decide_window(project: Project, window: str, verdict: Choice, reason: str, *, by: str | None = None) -> Path:
    """Write a decision and return the file it stands in; `by` is by default the name that git knows.

    Raises `DataError` for a window's id that names nothing, or to leave out a side table (only `accept` makes sense there).
    """
    from keepfit.integrations.yaml_files import put_entry

    if not reason.strip():
        raise ParamsError("a decision needs a reason", where="--reason", fix="say why: somebody will read it in a year")
    if (project.root / "build" / "ingest" / "tables" / f"{window}.parquet").is_file():
        if verdict == "exclude":
            raise DataError(f"{window!r} is a side table and cannot be left out", where="window exclude", fix=f"keepfit window accept {window} --reason …")
    else:
        from keepfit.tables.windows import parse_window_id

        parse_window_id(window)
    path = project.suites / FILE
    put_entry(path, window, {"verdict": verdict, "reason": " ".join(reason.split()), "by": _who(project) if by is None else by})
    return path


def failed_windows(project: Project) -> tuple[WindowValidation, ...]:
    """Return what the last validation said about windows that are blocked or lost rows; empty if none ran yet."""
    path = project.root / "reports" / "validation.json"
    if not path.is_file():
        return ()
    validation = from_json(Validation, path.read_bytes(), where="reports/validation.json")
    return tuple(one for one in validation.windows if one.blocked or one.quarantined)


def _who(project: Project) -> str:
    from keepfit.errors import ProjectError
    from keepfit.integrations.programs.git import GitRepo

    try:
        return GitRepo(project.repo).run("config", "user.name").strip()
    except ProjectError:
        return ""
