"""What a candidate is held to remember: `expectations/past.yaml`, a reviewed text file; a project without one remembers every window and no incident."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.project import Project
from keepfit.slices.past_entries import FILE, PastEntries, past_of


def past_entries(project: Project) -> PastEntries:
    """Return the entries of a project; raises `ParamsError` for one that is none."""
    from keepfit.integrations.yaml_files import read_map

    return past_of(read_map(past_file(project)))


def past_file(project: Project) -> Path:
    """Return where the file lies, or would."""
    return project.suites / FILE
