"""`keepfit fleet --unmonitored`: models that serve and that nobody watches, whether they have a project that stopped or never had one."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keepfit.errors import KeepfitError
from keepfit.flows.fleet.overview import overview_of
from keepfit.flows.fleet.projects import FleetProject, fleet_projects
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.mlflow.database import without_password
from keepfit.records.fleet import FleetLine, Unwatched


@dataclass(frozen=True, kw_only=True)
class Unmonitored:
    """What nobody watches, and the errors of the servers that could not be asked."""

    unwatched: tuple[Unwatched, ...]
    away: tuple[KeepfitError, ...] = ()


def find_unmonitored(path: Path, *, until: datetime | None = None) -> Unmonitored:
    """Return the models with a champion that no project of the fleet watches, of every server that its projects name, then the projects that stopped.

    A project has stopped that cannot be read, or whose newest window ended more than two of its length ago. One that has no champion yet serves nothing.
    """
    projects = fleet_projects(path)
    strangers, away = _strangers(projects)
    stopped = [_stopped(line) for line in overview_of(projects, base=path.resolve().parent, until=until) if _has_stopped(line)]
    return Unmonitored(unwatched=(*strangers, *stopped), away=tuple(away))


def _has_stopped(line: FleetLine) -> bool:
    return line.state == "broken" or (line.state == "unmonitored" and line.version is not None)


def _stopped(line: FleetLine) -> Unwatched:
    return Unwatched(model=line.model, version=line.version, folder=line.folder, why=line.detail)


def _strangers(projects: Sequence[FleetProject]) -> tuple[list[Unwatched], list[KeepfitError]]:
    """Ask each server that projects name once for each alias that stands for its champions."""
    watched: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for uri, alias, model in _served(projects):
        watched[uri, alias].add(model)
    found: list[Unwatched] = []
    away: list[KeepfitError] = []
    for (uri, alias), mine in sorted(watched.items()):
        theirs = {model for (other, _), models in watched.items() if other == uri for model in models}
        try:
            serving = Mlflow(uri).standing(alias)
        except KeepfitError as bad:
            away.append(bad)
            continue
        why = f"no project of the fleet is of this model, which serves as {alias!r}"
        unknown = sorted(set(serving) - mine - theirs)
        found += [Unwatched(model=model, version=serving[model], server=without_password(uri), why=why) for model in unknown]
    return found, away


def _served(projects: Sequence[FleetProject]) -> Iterator[tuple[str, str, str]]:
    """The server, the champion's alias and the model of each project; `MLFLOW_TRACKING_URI` alone is a server, too."""
    named = [each.project for each in projects if each.project is not None]
    for project in named:
        yield project.tracking_uri, project.params.mlflow.alias, project.params.model.name
    if not named and (uri := os.environ.get("MLFLOW_TRACKING_URI")):
        yield uri, "champion", ""
