"""Write a set of files with consent, remember exactly what was written, and take it back.

What existed and differs is shown as a unified diff and only replaced if `ask` says so. `.keepfit/init.json` lists every file that
`init` wrote with its sha256, and what stood there before lies in `.keepfit/before/`: `undo` removes or restores, and keeps what a
person has changed since. Blind to files that other programs made.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ProjectError

Ask = Callable[[str, str], bool]
STATE = ".keepfit/init.json"
BEFORE = ".keepfit/before"
DIFF_LINES = 40


@dataclass(frozen=True)
class Undone:
    """What `undo` did: paths removed (or restored), and changed ones that were kept."""

    removed: tuple[str, ...]
    kept: tuple[str, ...]


def write_files(base: Path, files: Mapping[str, bytes], *, ask: Ask) -> list[str]:
    """Write `files` (path below `base` to content); return the paths that were declined and so kept as they are."""
    declined = []
    for name, content in files.items():
        path = base / name
        if path.is_dir():
            raise ProjectError(f"{name} is a folder where a file should be", where=str(base), fix="move it away")
        if path.exists() and path.read_bytes() != content and not ask(name, difference(name, path.read_bytes(), content)):
            declined.append(name)
            continue
        if not path.exists() or path.read_bytes() != content:
            replace(path, content)
    return declined


def difference(name: str, old: bytes, new: bytes) -> str:
    """Return a unified diff of at most forty lines; bytes that are not UTF-8 are only measured."""
    try:
        before, after = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        return f"{name}: {len(old)} bytes are there, {len(new)} bytes would be written"
    lines = list(difflib.unified_diff(before, after, f"{name} (as it is)", f"{name} (as init would write it)", lineterm=""))
    more = [f"… {len(lines) - DIFF_LINES} more lines"] if len(lines) > DIFF_LINES else []
    return "\n".join([*lines[:DIFF_LINES], *more])


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


class Record:
    """The list of what init writes below `base`; `root` is the project's folder (the same, or `keepfit/` in it)."""

    def __init__(self, base: Path, root: Path) -> None:
        """Nothing is read or written yet."""
        self.base = base
        self.root = root
        self.path = root / STATE
        self._stood: dict[str, bytes | None] = {}

    def watch(self, names: Iterable[str]) -> None:
        """Remember what stands at these paths before anything is written."""
        for name in names:
            path = self.base / name
            self._stood.setdefault(name, path.read_bytes() if path.is_file() else None)

    def add(self, names: Iterable[str]) -> None:
        """Count files as written by init although they were not watched: they are made anew each time."""
        for name in names:
            self._stood.setdefault(name, None)

    def save(self) -> None:
        """Write the list: every watched file that is now there and was not, or not so; earlier entries stay."""
        known = self._load()
        for name, stood in self._stood.items():
            path = self.base / name
            if not path.is_file() or path.read_bytes() == stood:
                continue
            if name not in known and stood is not None:
                replace(self.root / BEFORE / name.replace("/", "__"), stood)
            known[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        state = {"schema": 1, "base": os.path.relpath(self.base, self.root), "files": known}
        replace(self.path, (json.dumps(state, indent=2, sort_keys=True) + "\n").encode())

    def _load(self) -> dict[str, str]:
        return dict(json.loads(self.path.read_text())["files"]) if self.path.exists() else {}


def undo(root: Path, *, changed_too: bool) -> Undone:
    """Remove what init wrote into the project at `root`; changed files are kept unless `changed_too`."""
    path = root / STATE
    if not path.exists():
        raise ProjectError("nothing here was written by keepfit init", where=str(root), fix="run it in the folder of the project")
    state = json.loads(path.read_text())
    base = (root / state["base"]).resolve()
    removed, kept = [], []
    for name, digest in sorted(state["files"].items()):
        target = base / name
        if not target.is_file():
            continue
        if not changed_too and hashlib.sha256(target.read_bytes()).hexdigest() != digest:
            kept.append(name)
            continue
        _take_back(target, root / BEFORE / name.replace("/", "__"))
        removed.append(name)
    _clean_up(root, base, state["files"], everything=not kept)
    return Undone(tuple(removed), tuple(kept))


def _take_back(target: Path, before: Path) -> None:
    if before.exists():
        before.replace(target)
    else:
        target.unlink()


def _clean_up(root: Path, base: Path, files: Mapping[str, str], *, everything: bool) -> None:
    """Remove folders that became empty, deepest first, and init's own memory; DVC's cache only if DVC itself came with init."""
    dvc = root / ".dvc"
    if everything:
        (root / STATE).unlink()
        shutil.rmtree(root / BEFORE, ignore_errors=True)
        if os.path.relpath(dvc / "config", base) in files and not (root / "dvc.lock").exists():
            shutil.rmtree(dvc, ignore_errors=True)
    named = [*files, os.path.relpath(root / STATE, base), os.path.relpath(root / "data" / "windows" / "x", base)]
    folders = {parent for name in named for parent in (base / name).parents}
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        if folder != base and base in folder.parents and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
