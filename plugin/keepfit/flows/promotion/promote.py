"""`keepfit promote`: ask the server to let the champion alias stand on a version. The server decides."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic, sleep

from keepfit.errors import ProjectError
from keepfit.flows.project import Project, find_project
from keepfit.integrations.mlflow.client import Mlflow

ALIAS = "champion"
ROW_TAG = "kf.verdict.row"
PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05
UNTOLD = "and no verdict stands on its page yet: is this server gated (keepfit doctor)?"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What moved: the alias of a model, from a version (None: it stood nowhere) to a version."""

    model: str
    alias: str
    version: str
    previous: str | None
    attested: str


def promote(model: str, version: str) -> Moved:
    """Move the champion alias; raises `RefusedError` with the server's sentence."""
    registry, alias = the_registry()
    return move(registry, model, alias, version)


def move(registry: Mlflow, model: str, alias: str, version: str) -> Moved:
    """Move an alias and return what the server wrote about it."""
    previous, tags = registry.alias(model, alias), registry.version(model, version).tags
    registry.move_alias(model, alias, version)
    if previous != version:  # else nothing was judged
        tags = _told(registry, model, version, before=tags.get(ROW_TAG))
    return Moved(model=model, alias=alias, version=version, previous=previous, attested=str(tags.get("kf.verdict.attested", UNTOLD)))


def _told(registry: Mlflow, model: str, version: str, *, before: object) -> Mapping[str, str]:
    """Return the version's tags as soon as they are of another of the journal's rows than `before`: the gate writes them after its answer."""
    until = monotonic() + PATIENCE_SECONDS
    while True:
        tags = registry.version(model, version).tags
        if tags.get(ROW_TAG) != before:
            return tags
        if monotonic() > until:
            return {}
        sleep(PAUSE_SECONDS)


def the_registry() -> tuple[Mlflow, str]:
    """Return the project's registry and protected alias; outside of a project, those of `MLFLOW_TRACKING_URI`."""
    project = project_or_none()
    if project is not None:
        return Mlflow(project.tracking_uri), project.params.mlflow.alias
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    if not uri:
        raise ProjectError("which MLflow server?", fix="run this inside a project, or set MLFLOW_TRACKING_URI")
    return Mlflow(uri), ALIAS


def project_or_none() -> Project | None:
    """Return the project around the current folder, None if there is none."""
    try:
        return find_project()
    except ProjectError:
        return None
