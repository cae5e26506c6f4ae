"""What people decided on single rows: `curation.yaml` beside params.yaml, a reviewed text file; a project without one has no rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.flows.project import Project

if TYPE_CHECKING:
    from keepfit.compose.curation.rules import Curation


def curation(project: Project) -> Curation:
    """Return the rules of a project; raises `ParamsError` with the rule's place for one that is none."""
    from keepfit.compose.curation.rules import FILE, curation_of
    from keepfit.integrations.yaml_files import read_map

    return curation_of(read_map(project.root / FILE))
