"""What a candidate is held to remember: `expectations/past.yaml`, a reviewed text file; a project without one remembers every window and no incident."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import author
from keepfit.slices.past_entries import FILE, INCIDENT, PastEntries, PastStatus, past_of, window_slice


def past_entries(project: Project) -> PastEntries:
    """Return the entries of a project; raises `ParamsError` for one that is none."""
    from keepfit.integrations.yaml_files import read_map

    return past_of(read_map(past_file(project)))


def past_file(project: Project) -> Path:
    """Return where the file lies, or would."""
    return project.suites / FILE


def put_past(project: Project, name: str, entry: Mapping[str, str | int], *, by: str | None = None) -> None:
    """Write an entry under its slice's name; `by` is by default the name that git knows."""
    from keepfit.integrations.yaml_files import put_entry

    put_entry(past_file(project), name, {**entry, "by": author(project) if by is None else by})


def decide_past(project: Project, name: str, status: PastStatus, reason: str, *, by: str | None = None) -> Path:
    """Retire a past window or an incident (`incident=NAME`), or let it judge again; return the file it stands in.

    Raises `ParamsError` without a reason, `DataError` for what names no window, `UnknownNameError` for an incident that nobody wrote down.
    """
    if not reason.strip():
        raise ParamsError("a decision needs a reason", where="--reason", fix="say why: somebody will read it in a year")
    said: dict[str, str | int] = {"status": status, "reason": " ".join(reason.split())}
    if name.startswith(f"{INCIDENT}="):
        incidents = {one.name: one for one in past_entries(project).incidents}
        if name not in incidents:
            raise UnknownNameError("incident", name, known=sorted(incidents), where=str(past_file(project).name))
        put_past(project, name, incidents[name].entry | said, by=by)
        return past_file(project)
    from keepfit.tables.windows import parse_window_id

    past_entries(project)  # a file that cannot be read is not written to
    put_past(project, window_slice(parse_window_id(name).id), said, by=by)
    return past_file(project)
