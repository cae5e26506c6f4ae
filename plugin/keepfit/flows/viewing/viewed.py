"""The files that a page about a training set is made of: in the work tree, or those of a commit, read from DVC's cache."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.data.revisions import COMPOSED, WORK_TREE, Dataset, ProjectData, Say
from keepfit.flows.project import Project
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.mlflow.client.tags import KEY_TAG
from keepfit.integrations.models.scorer import is_model
from keepfit.integrations.programs.dvc import DvcRepo
from keepfit.integrations.programs.dvc_objects import TrackedFolder, fetch_folder, files_in, object_file, tracked_folder
from keepfit.integrations.programs.git import GitRepo
from keepfit.params import Params
from keepfit.records import Baseline, Composition, Pin, from_json

CHAMPION, CANDIDATE = "models/champion", "models/candidate"
REGISTERED, COMPOSITION = "reports/registered.json", "reports/composition.json"
SHORT = 10


@dataclass(frozen=True, kw_only=True)
class Viewed:
    """A state of the project: its params, its composed tables, its models (None: there is none), and what it is called.

    `revision` None is the work tree.
    """

    name: str
    revision: str | None
    params: Params
    train: Path
    evaluate: Path
    composition: Composition
    candidate: Path | None
    champion: Path | None
    pin: Pin | None


def work_tree(project: Project) -> Viewed:
    """Return what lies in the work tree; raises `ProjectError` where nothing is composed, or the champion's files are not here."""
    folder, pin = project.root / COMPOSED, project.baseline.champion
    if not (folder / "train.parquet").is_file() or not (project.root / COMPOSITION).is_file():
        raise ProjectError("nothing is composed yet", where=str(folder), fix="dvc repro compose; or, where it was composed elsewhere, dvc pull build/compose")
    if pin is not None and not is_model(project.champion_dir):
        raise ProjectError(
            f"the champion, version {pin.version} of {pin.model}, is not here", where=str(project.champion_dir), fix="dvc pull models/champion, or keepfit sync"
        )
    candidate = project.root / CANDIDATE
    return Viewed(
        name=f"{project.params.model.name} in {WORK_TREE}",
        revision=None,
        params=project.params,
        train=folder / "train.parquet",
        evaluate=folder / "evaluate.parquet",
        composition=from_json(Composition, (project.root / COMPOSITION).read_bytes(), where=COMPOSITION),
        candidate=candidate if is_model(candidate) else None,
        champion=None if pin is None else project.champion_dir,
        pin=pin,
    )


def of_version(project: Project, number: str, scratch: Path, *, say: Say) -> Viewed:
    """Return what a registered version was made of, its files brought into `scratch`.

    Raises `ServerError` for a version that the registry does not know, `ProjectError` where no commit here registered it, or its files cannot be had.
    """
    model = project.params.model.name
    key = Mlflow(project.tracking_uri).version(model, number).tags.get(KEY_TAG, "")
    git = GitRepo(project.root)
    commit = git.first_with(key, REGISTERED) if key else None
    if commit is None:
        what = f"no commit here registered version {number} of {model}"
        raise ProjectError(what, where=str(project.root), fix="git fetch --all: it was made in another clone, or its branch is gone")
    data = ProjectData(project=project, revision=commit, say=say)
    baseline = from_json(Baseline, git.show(commit, "baseline.json") or b"{}", where=f"baseline.json of {commit[:SHORT]}")
    text = git.show(commit, COMPOSITION)
    if text is None:
        raise ProjectError(f"{commit[:SHORT]} has no {COMPOSITION}", where=str(project.root), fix="git log -- reports/composition.json")
    bring = _bringing(project, commit, scratch, say=say)
    return Viewed(
        name=f"version {number} of {model} ({commit[:SHORT]})",
        revision=commit,
        params=data.params,
        train=_table(data, "train", scratch),
        evaluate=_table(data, "evaluate", scratch),
        composition=from_json(Composition, text, where=f"{COMPOSITION} of {commit[:SHORT]}"),
        candidate=bring("dvc.lock", CANDIDATE, CANDIDATE),
        champion=None if baseline.champion is None else bring(f"{CHAMPION}.dvc", Path(CHAMPION).name, CHAMPION),
        pin=baseline.champion,
    )


def _table(data: ProjectData, dataset: Dataset, scratch: Path) -> Path:
    """A composed table under a name that says what it is: in the cache it has none."""
    found = next(iter(data.files(dataset).values()), None)
    if found is None or found.path is None:
        raise ProjectError(f"the rows of {data.name} ({dataset}) are not in DVC's cache", where=str(data.project.root), fix="dvc push from where it was made")
    scratch.mkdir(parents=True, exist_ok=True)
    named = scratch / f"{dataset}.parquet"
    named.symlink_to(found.path)
    return named


def _bringing(project: Project, commit: str, scratch: Path, *, say: Say) -> Callable[[str, str, str], Path]:
    git, repo = GitRepo(project.root), DvcRepo(project.root)

    def bring(place: str, out: str, name: str) -> Path:
        text = git.show(commit, place)
        folder = None if text is None else tracked_folder(text.decode("utf-8", "replace"), out, where=f"{place} of {commit[:SHORT]}")
        if folder is None:
            raise ProjectError(f"{place} of {commit[:SHORT]} names no {out}", where=str(project.root), fix=f"git log -- {place}")
        return _copied(repo, folder, scratch / name, say=say)

    return bring


def _copied(repo: DvcRepo, folder: TrackedFolder, to: Path, *, say: Say) -> Path:
    """Copy a tracked folder's files out of the cache, fetching first what is not in it."""

    def there() -> dict[str, Path] | None:
        listed = files_in(repo.cache, folder)
        places = None if listed is None else {name: object_file(repo.cache, md5, old=folder.old) for name, md5 in listed.items()}
        return places if places is not None and all(path.is_file() for path in places.values()) else None

    found = there()
    if found is None and repo.remotes():
        say(f"fetching {folder.path} from the DVC remote")
        fetch_folder(repo, folder)
        found = there()
    if found is None:
        raise ProjectError(f"{folder.path} is not in DVC's cache", where=f"md5 {folder.md5}", fix="dvc push from where it was made, and name that remote here")
    for name, path in found.items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to / name)
    return to


def champions_commit(project: Project, viewed: Viewed) -> str | None:
    """Return the commit that made the champion: the first whose dvc.lock names an out with the champion's md5; None where no commit here does."""
    git = GitRepo(project.root)
    text = git.show(viewed.revision or "HEAD", f"{CHAMPION}.dvc")
    folder = None if text is None else tracked_folder(text.decode("utf-8", "replace"), Path(CHAMPION).name, where=f"{CHAMPION}.dvc")
    return None if folder is None else git.first_with(folder.md5, "dvc.lock")
