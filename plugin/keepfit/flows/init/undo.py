"""`keepfit init --undo`: take back exactly what init wrote, also after a run that was killed.

Files that a person has changed since are kept and named; what stood there before is restored. `.git` goes only if init made it and it
holds nothing: no commit, and nothing staged that init did not write.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.init.record import BEFORE, PENDING, STATE, State, digest, drafts, kept_name, load, save
from keepfit.flows.init.write import draft, replace
from keepfit.integrations.programs.git import GitRepo


@dataclass(frozen=True)
class Undone:
    """What `undo` did: paths removed (or restored), and changed ones that were kept."""

    removed: tuple[str, ...]
    kept: tuple[str, ...]


def undo(root: Path, *, changed_too: bool) -> Undone:
    """Remove what init wrote into the project at `root`; changed files are kept unless `changed_too`."""
    begun = take_back_unfinished(root, changed_too=changed_too)
    state = load(root)
    if state is None:
        if begun is None:
            raise ProjectError("nothing here was written by keepfit init", where=str(root), fix="run it in the folder of the project")
        return begun
    removed, kept = list(begun.removed if begun else ()), []
    for name, left in sorted(state.files.items()):
        now = digest(state.base / name)
        if now is None:
            continue
        if now != left and not changed_too:
            kept.append(name)
            continue
        _take_back(state.base / name, root / BEFORE / kept_name(name))
        removed.append(name)
    if not kept:
        _clean_up(root, state, removed)
    _remove_empty(root, state)
    return Undone(tuple(dict.fromkeys(removed)), tuple(kept))


def take_back_unfinished(root: Path, *, changed_too: bool = False) -> Undone | None:
    """Take back what a run of init that was cut short has written, and nothing of the runs before it; None if there was none.

    What somebody has changed since then counts as written by init, and is kept.
    """
    left = draft(root / STATE)
    begun = left.exists()
    left.unlink(missing_ok=True)
    state = load(root)
    if state is None or not state.pending:
        if begun and state is None:
            _remove_if_empty([left.parent])
        return Undone((), ()) if begun else None
    removed = []
    for name, one in state.pending.items():
        path, before = state.base / name, root / PENDING / kept_name(name)
        for each in drafts(path):
            each.unlink(missing_ok=True)
        now = digest(path)
        if now is None or now == one.stood:
            continue
        if one.planned in (None, now) or changed_too:
            _take_back(path, before)
            removed.append(name)
        else:
            state.files.setdefault(name, one.planned or now)
            if before.exists() and not (root / BEFORE / kept_name(name)).exists():
                replace(root / BEFORE / kept_name(name), before.read_bytes())
    kept = tuple(name for name in state.pending if name in state.files and name not in removed and digest(state.base / name) != state.files[name])
    state.pending = {}
    if state.files:
        save(root, state)
        shutil.rmtree(root / PENDING, ignore_errors=True)
    else:
        _clean_up(root, state, removed)
    _remove_empty(root, state)
    return Undone(tuple(removed), kept)


def _take_back(target: Path, before: Path) -> None:
    if before.exists():
        before.replace(target)
    else:
        target.unlink()


def _clean_up(root: Path, state: State, removed: Iterable[str]) -> None:
    """Remove init's own memory, and what it initialised: DVC unless a pipeline has run on it, git if it holds nothing."""
    made_dvc = state.dvc if state.dvc is not None else os.path.relpath(root / ".dvc" / "config", state.base) in state.files
    if made_dvc and not (root / "dvc.lock").exists():
        shutil.rmtree(root / ".dvc", ignore_errors=True)
    _unstage(state.base, removed)
    if state.git and _holds_nothing(state.base / ".git"):
        shutil.rmtree(state.base / ".git")
    for folder in (BEFORE, PENDING):
        shutil.rmtree(root / folder, ignore_errors=True)
    (root / STATE).unlink(missing_ok=True)


def _unstage(base: Path, names: Iterable[str]) -> None:
    """Take files that are gone out of the index, unless a commit holds them: somebody, or DVC, has staged them."""
    gone = [name for name in names if not (base / name).exists()]
    git = GitRepo(base)
    if not gone or not base.is_dir() or not git.succeeds("rev-parse", "--git-dir"):
        return
    born = git.succeeds("rev-parse", "--verify", "--quiet", "HEAD")
    listed = ("diff", "--cached", "--relative", "--name-only", "--diff-filter=A", "-z", "--") if born else ("ls-files", "-z", "--")
    staged = [name for name in git.run(*listed, *gone).split("\0") if name]
    if staged:
        git.run("rm", "--cached", "--quiet", "--force", "--", *staged)


def _holds_nothing(folder: Path) -> bool:
    """Whether a repository has no commit, no reference and nothing staged; one that was cut short while it was made has none."""
    if not folder.is_dir():
        return False
    git, here = GitRepo(folder.parent), f"--git-dir={folder}"
    asked = (("rev-parse", "--verify", "--quiet", "HEAD"), ("show-ref",))
    staged = git.run(here, "ls-files") if git.succeeds(here, "ls-files") else ""
    return not any(git.succeeds(here, *each) for each in asked) and not staged.strip()


def _remove_empty(root: Path, state: State) -> None:
    """Remove the folders that init made and that are empty again; records of older keepfits do not say which these are."""
    if state.folders is not None:
        _remove_if_empty((state.base / name).resolve() for name in state.folders)
        return
    named = [*state.files, os.path.relpath(root / STATE, state.base), os.path.relpath(root / "data" / "windows" / "x", state.base)]
    _remove_if_empty({folder for name in named for folder in (state.base / name).parents if folder != state.base and state.base in folder.parents})


def _remove_if_empty(folders: Iterable[Path]) -> None:
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
