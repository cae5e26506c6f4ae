"""The projects of a fleet: each with its params, or with the sentence that says why it has none. One that is broken stops no other."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from keepfit.errors import KeepfitError, ProjectError, unforeseen
from keepfit.flows.fleet.promise import with_shares
from keepfit.flows.project import Project
from keepfit.params import load_model
from keepfit.params.fleet import FleetParams

FLEET = "fleet.yaml"
MAGIC = frozenset("*?[")
SQLITE = "sqlite:///"


@dataclass(frozen=True, kw_only=True)
class FleetProject:
    """One project of a fleet: `project` with params that fit, or the `error` (one sentence) and its `fix`.

    `name` is its model's; of one whose params cannot be read, its folder's, as fleet.yaml names it.
    """

    name: str
    root: Path
    weight: float = 1.0
    project: Project | None = None
    error: str | None = None
    fix: str | None = None

    @property
    def ledger(self) -> str | None:
        """The ledger's URI, the same text for all who share it; None where params cannot be read."""
        return None if self.project is None else same_ledger(self.project.ledger_uri)

    def broken(self, bad: KeepfitError) -> FleetProject:
        """Return it as one that cannot be used, for this reason."""
        said = f"{bad.what} ({bad.where})" if bad.where else bad.what
        return replace(self, project=None, error=" ".join(said.split())[:300], fix=bad.fix)


def find_fleet(named: Path | None = None, *, start: Path | None = None) -> Path:
    """Return the file that is named, else the `fleet.yaml` at or above `start` (default: the current folder); raises `ProjectError`."""
    if named is not None:
        return named / FLEET if named.is_dir() else named
    here = (start or Path.cwd()).resolve()
    found = next((folder / FLEET for folder in (here, *here.parents) if (folder / FLEET).is_file()), None)
    if found is None:
        raise ProjectError("no fleet.yaml here", where=str(here), fix="write one: projects: [models/*]   (docs/operate.md, 'Many models')")
    return found


def read_fleet(path: Path) -> FleetParams:
    """Return what a fleet.yaml says; raises `ProjectError` where it cannot be read, `ParamsError` where it does not fit."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise ProjectError(
            f"{path.name} cannot be read: {getattr(bad, 'strerror', None) or bad}", where=str(path), fix="name the file: keepfit fleet overview FLEET.yaml"
        ) from bad
    return load_model(FleetParams, text, where=path.name)


def fleet_projects(path: Path, params: FleetParams | None = None) -> tuple[FleetProject, ...]:
    """Return the projects that the fleet.yaml at `path` names, in the order of their folders; `params` where it was read already.

    Of a promise that is given for all of them each has its share (`promise.py`). A folder that is gone, a pattern that finds nothing, params that do not
    fit and two projects of one model on one ledger have an error each.
    """
    says, base = params or read_fleet(path), path.resolve().parent
    found: dict[Path, FleetProject] = {}
    for pattern, entry in sorted(says.projects.items(), key=lambda item: _is_pattern(item[0])):  # what is named by itself says more than a pattern
        for each in _places(base, pattern):
            found.setdefault(each.root, replace(each, weight=entry.weight))
    listed = sorted(found.values(), key=lambda each: each.root)
    ledger = None if says.ledger.uri is None else same_ledger(says.ledger.uri, below=base)
    return with_shares(_alone([_on(_read(each), ledger) for each in listed]), says.false_alerts_per_1000_windows)


def same_ledger(uri: str, *, below: Path | None = None) -> str:
    """Return a ledger's URI as one text for all who share it: a path of SQLite without detours, a relative one `below` a folder.

    >>> same_ledger("sqlite:////models/a/../ledger.db"), same_ledger("postgresql://db/keepfit")
    ('sqlite:////models/ledger.db', 'postgresql://db/keepfit')
    """
    if not uri.startswith(SQLITE) or uri in (SQLITE, f"{SQLITE}:memory:"):
        return uri
    return SQLITE + os.path.normpath((below or Path("/")) / uri.removeprefix(SQLITE))


def _is_pattern(place: str) -> bool:
    return bool(MAGIC & set(place))


def _places(base: Path, pattern: str) -> Iterator[FleetProject]:
    """The folders that a line of fleet.yaml means; of a pattern those only that hold a params.yaml."""
    if not _is_pattern(pattern):
        folder = Path(os.path.normpath(base / pattern))
        root = _root(folder)
        found = FleetProject(name=pattern, root=root or folder)
        missing = "it holds no params.yaml" if folder.is_dir() else "the folder is gone"
        fix = f"keepfit init there, or take {pattern} out of fleet.yaml"
        yield found if root else found.broken(ProjectError(missing, where=str(folder), fix=fix))
        return
    roots = sorted({root for folder in _matching(base, pattern) if (root := _root(folder))})
    yield from (FleetProject(name=os.path.relpath(root, base), root=root) for root in roots)
    if not roots:
        nothing = ProjectError("no folder of this pattern holds a params.yaml", where=str(base / pattern), fix="correct the pattern in fleet.yaml")
        yield FleetProject(name=pattern, root=base / pattern).broken(nothing)


def _matching(base: Path, pattern: str) -> Iterator[Path]:
    for name in glob.iglob(pattern, root_dir=base, recursive=True):  # noqa: PTH207 - Path.glob takes no absolute pattern
        folder = Path(os.path.normpath(base / name))
        if folder.is_dir():
            yield folder


def _root(folder: Path) -> Path | None:
    """Where the project's params lie: in the folder, or below it in an adopted repository."""
    return next((root.resolve() for root in (folder, folder / "keepfit") if (root / "params.yaml").is_file()), None)


def _read(found: FleetProject) -> FleetProject:
    """Read its params: it is called by its model's name then."""
    if found.error is not None:
        return found
    project = Project(found.root)
    try:
        named = replace(found, name=project.params.model.name, project=project)
        project.baseline  # noqa: B018 - it is missing, or was edited: each command would stop at it
    except KeepfitError as bad:
        return found.broken(bad)
    except Exception as bad:  # noqa: BLE001 - one project stops no other, whatever is wrong with it
        return found.broken(unforeseen(bad))
    return named


def _on(found: FleetProject, ledger: str | None) -> FleetProject:
    """Hold a project to the fleet's ledger: on another one it would be overlooked."""
    if ledger is None or found.ledger in (None, ledger):
        return found
    fix = "set ledger.uri in the file that the projects extend, or take it out of fleet.yaml"
    return found.broken(ProjectError("its ledger is another than the fleet's", where=str(found.root / "params.yaml: ledger.uri"), fix=fix))


def _alone(found: list[FleetProject]) -> tuple[FleetProject, ...]:
    """Refuse all projects of one model that share a ledger: each would take the other's windows for its own."""
    sharing: defaultdict[tuple[str, str], list[FleetProject]] = defaultdict(list)
    for each in found:
        if each.ledger is not None:
            sharing[each.name, each.ledger].append(each)
    return tuple(_among(each, sharing[each.name, each.ledger]) if each.ledger is not None else each for each in found)


def _among(each: FleetProject, sharing: list[FleetProject]) -> FleetProject:
    other = next((one.root for one in sharing if one.root != each.root), None)
    if other is None:
        return each
    what = f"{other} is of the model {each.name!r} too, and on the same ledger"
    return each.broken(ProjectError(what, where=str(each.root), fix="give one of them another model.name, or a ledger of its own"))
