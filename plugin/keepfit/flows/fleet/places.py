"""Where each column of a project comes from: what two models read from one place changes for both at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keepfit.flows.project import Project
from keepfit.params.row_source import EngineSource, RowSource, SqlParams


def places_of(project: Project) -> Mapping[str, Collection[str]]:
    """Return the place of each column that a feature table brings, and under the name "" that of all others."""
    data = project.params.data
    found: dict[str, Collection[str]] = {"": (_place(project, data.live),)}
    for table in data.features_from.values():
        found |= dict.fromkeys(table.columns or (), (_place(project, table.source),))
    return found


def _place(project: Project, source: RowSource) -> str:
    """A path without detours, or a query with the variable that says of which database."""
    if isinstance(source, SqlParams):
        return f"{source.url_env}: {' '.join(source.sql.split())}"
    if isinstance(source, EngineSource):  # a table of an engine that is no file here goes by its name
        return _place(project, source.table) if (project.root / source.table).exists() else f"{source.engine}: {source.table}"
    return source if source == "flights" else str((project.root / source).resolve())
