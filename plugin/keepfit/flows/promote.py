"""`keepfit promote`: ask the server to let the champion alias stand on a version. The server decides."""

from __future__ import annotations

import os
from dataclasses import dataclass

from keepfit.errors import ProjectError
from keepfit.flows.project import Project, find_project
from keepfit.integrations.mlflow_client import Mlflow

ALIAS = "champion"


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
    """Move an alias and return what the server said about it."""
    previous = registry.alias(model, alias)
    registry.move_alias(model, alias, version)
    attested = str(registry.version(model, version).tags.get("kf.verdict.attested", ""))
    return Moved(model=model, alias=alias, version=version, previous=previous, attested=attested)


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
