"""The data of a project at a commit, or as they lie in the work tree: which files there are, their md5, and where their bytes are.

A commit's bytes are read from DVC's cache; what is not there is fetched from the remote. The user's checkout is only read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from keepfit.errors import ProjectError, UnknownNameError
from keepfit.flows.params_files import params_at
from keepfit.flows.project import Project
from keepfit.integrations.programs.dvc import DvcRepo, file_md5
from keepfit.integrations.programs.dvc_objects import TrackedFolder, fetch_folder, files_in, object_file, tracked_folder
from keepfit.integrations.programs.git import GitRepo
from keepfit.params import Params

Dataset = Literal["windows", "train", "evaluate", "holdout"]
WINDOWS, COMPOSED = "data/windows", "build/compose"
WORK_TREE = "the work tree"
SHORT = 10
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """A file of a data set: its md5, and where its bytes are (None: not on this machine)."""

    md5: str
    path: Path | None


@dataclass(frozen=True, kw_only=True)
class ProjectData:
    """A project's data at `revision`; None is the work tree."""

    project: Project
    revision: str | None
    say: Say = lambda _: None

    @cached_property
    def name(self) -> str:
        """How a report names it: the revision as it was typed, with its commit."""
        return WORK_TREE if self.revision is None else f"{self.revision} ({self.commit[:SHORT]})"

    @cached_property
    def commit(self) -> str:
        """The commit's id; raises `UnknownNameError` for a revision that git does not know."""
        git, revision = GitRepo(self.project.root), self.revision or "HEAD"
        try:
            return git.commit_of(revision)
        except ProjectError as unknown:
            if "no commit" not in unknown.what:
                raise
            raise UnknownNameError("revision", revision, known=["HEAD", *git.refs()], where=str(self.project.root)) from unknown

    @cached_property
    def params(self) -> Params:
        """The params.yaml of that time."""
        if self.revision is None:
            return self.project.params
        text = GitRepo(self.project.root).show(self.commit, "params.yaml")
        if text is None:
            raise ProjectError(f"{self.name} has no params.yaml", where=str(self.project.root), fix="name a commit after keepfit init")
        return params_at(GitRepo(self.project.root), self.commit, where=f"params.yaml of {self.name}")

    def files(self, dataset: Dataset) -> Mapping[str, DataFile]:
        """Return the Parquet files of a data set by name (windows: by their id); raises `ProjectError` where there is none."""
        found = self._lying_here(dataset) if self.revision is None else self._tracked(dataset)
        if dataset == "windows":
            return {Path(name).stem: file for name, file in found.items() if name.endswith(".parquet") and "/" not in name}
        return {name: file for name, file in found.items() if name.startswith((f"{dataset}.", f"{dataset}/")) and name.endswith(".parquet")}

    # -- the work tree --------------------------------------------------------------------------------------------------

    def _lying_here(self, dataset: Dataset) -> Mapping[str, DataFile]:
        folder = self.project.root / _folder(dataset)
        if not folder.is_dir():
            raise ProjectError(f"{_folder(dataset)} is not in the work tree", where=str(self.project.root), fix=f"dvc checkout {_folder(dataset)}")
        known = self._known_here(dataset)
        files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.parquet")) if not path.name.startswith(".")}
        return {name: DataFile(md5=_md5(path, known.get(name)), path=path) for name, path in files.items()}

    def _known_here(self, dataset: Dataset) -> Mapping[str, DataFile]:
        """What HEAD names: a file that DVC linked into the work tree need not be read to know that it is the same."""
        try:
            return ProjectData(project=self.project, revision="HEAD")._tracked(dataset, fetch=False)  # noqa: SLF001 - another state of the same project
        except (ProjectError, UnknownNameError):
            return {}

    # -- a commit -------------------------------------------------------------------------------------------------------

    def _tracked(self, dataset: Dataset, *, fetch: bool = True) -> Mapping[str, DataFile]:
        folder = self._named(dataset)
        if folder is None:
            return {}
        repo = DvcRepo(self.project.root)
        cache = repo.cache
        listed = files_in(cache, folder)
        if fetch and (listed is None or any(not object_file(cache, md5, old=folder.old).is_file() for md5 in listed.values())):
            self._fetch(repo, folder, dataset, needed=listed is None)
            listed = files_in(cache, folder)
        if listed is None:
            raise self._not_here(dataset, said="it has no list of its files")
        places = {name: object_file(cache, md5, old=folder.old) for name, md5 in listed.items()}
        return {name: DataFile(md5=md5, path=places[name] if places[name].is_file() else None) for name, md5 in listed.items()}

    def _named(self, dataset: Dataset) -> TrackedFolder | None:
        """The folder as git names it; None before the first window of a project whose history is not its own."""
        git, place = GitRepo(self.project.root), f"{WINDOWS}.dvc" if dataset == "windows" else "dvc.lock"
        text = git.show(self.commit, place)
        out = Path(WINDOWS).name if dataset == "windows" else COMPOSED
        found = None if text is None else tracked_folder(text.decode("utf-8", "replace"), out, where=f"{place} of {self.name}")
        if found is not None:
            return found
        if dataset == "windows" and self.params.data.history is not None:
            return None
        fix = f"name a commit that has it: git log -- {place}"
        raise ProjectError(f"{self.name} has no {place}" if text is None else f"{place} of {self.name} names no {out}", where=str(self.project.root), fix=fix)

    def _fetch(self, repo: DvcRepo, folder: TrackedFolder, dataset: Dataset, *, needed: bool) -> None:
        """Fetch what the cache lacks, if there is a remote; `needed`: nothing can be said without it."""
        if not repo.remotes():
            if needed:
                raise self._not_here(dataset)
            return
        self.say(f"fetching {_folder(dataset)} of {self.name} from the DVC remote")
        try:
            fetch_folder(repo, folder)
        except ProjectError as failed:
            raise self._not_here(dataset, said=failed.what) from failed

    def _not_here(self, dataset: Dataset, *, said: str = "") -> ProjectError:
        what = f"{_folder(dataset)} of {self.name} is not in DVC's cache"
        if said:
            return ProjectError(f"{what}, and its remote does not give it: {said}", where=str(self.project.root), fix="dvc push from where it was made")
        fix = "name the remote that has it (dvc remote add -d NAME URL), or restore the cache"
        return ProjectError(f"{what}, and there is no DVC remote", where=str(self.project.root), fix=fix)


def _md5(path: Path, known: DataFile | None) -> str:
    return known.md5 if known is not None and known.path is not None and path.samefile(known.path) else file_md5(path)


def _folder(dataset: Dataset) -> str:
    return WINDOWS if dataset == "windows" else COMPOSED
