"""`keepfit doctor --fleet`: the checks of a project that read its own files, over all projects; what several have in common is one line.

Servers and their rules are asked by `keepfit doctor` in a project: one look at them is enough.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from keepfit.errors import KeepfitError, unforeseen
from keepfit.flows.doctor import behaviour, curation, labels, machine, past, pipeline, subscribers
from keepfit.flows.fleet.projects import FleetProject, fleet_projects, read_fleet
from keepfit.flows.project import Project
from keepfit.integrations import signing
from keepfit.params.fleet import FleetParams
from keepfit.report.doctor import Check, FleetCheck, folded


def diagnose_fleet(path: Path) -> tuple[FleetCheck, ...]:
    """Return what is found of the projects of the fleet.yaml at `path`, what failed first; raises what reading that file raises."""
    says = read_fleet(path)
    found = [(each.name, check) for each in fleet_projects(path, says) for check in _of(each, says, path.resolve().parent)]
    return folded([*((None, check) for check in _machine()), *found])


def _machine() -> Iterator[Check]:
    for package, range_ in machine.supported().items():
        yield machine.package_version(package, machine.installed(package), range_)


def _of(each: FleetProject, says: FleetParams, base: Path) -> Iterator[Check]:
    """Every check of a project; where one cannot be made, that is one."""
    if each.project is None:
        yield Check(name="project", status="fail", found=each.error or "it cannot be read", fix=each.fix or "")
        return
    try:
        for check in (*_own(each.project), *_shared(each.project, says, base)):
            yield _without_place(check, each.root)
    except KeepfitError as bad:
        yield Check(name="project", status="fail", found=" ".join(bad.what.split())[:300], fix=bad.fix or "")
    except Exception as bad:  # noqa: BLE001 - one project stops no other, whatever is wrong with it
        yield Check(name="project", status="fail", found=unforeseen(bad).what)


def _own(project: Project) -> Iterable[Check]:
    yield from pipeline.examine(project)
    yield from curation.examine(project)
    yield from labels.examine(project)
    yield from behaviour.examine(project)
    yield from past.examine(project)
    yield from subscribers.examine(project)
    yield machine.ledger(project.ledger_uri, ci=bool(os.environ.get("CI")))
    yield machine.key(project.params.certify.key, signing.keys_folder(), served=None, trains=True)


def _shared(project: Project, says: FleetParams, base: Path) -> Iterator[Check]:
    """Whether it extends the file that every project of the fleet is meant to."""
    if says.defaults is None:
        return
    meant = (base / says.defaults).resolve()
    if not meant.is_file():
        yield Check(name="shared params", status="fail", found=f"fleet.yaml names {says.defaults}, which is not there", fix="correct defaults in fleet.yaml")
    elif meant in [(project.root / one.name).resolve() for one in project.params_files[1:]]:
        yield Check(name="shared params", status="ok", found=f"extends {says.defaults}")
    else:
        way = os.path.relpath(meant, project.root)
        yield Check(name="shared params", status="warn", found=f"does not extend {says.defaults}", fix=f"extends: {way} in params.yaml")


def _without_place(check: Check, root: Path) -> Check:
    """The check without the project's own folder, so that the same of two projects reads the same."""
    own = str(root)
    return Check(name=check.name, status=check.status, found=check.found.replace(own, "."), fix=check.fix.replace(own, "."))
