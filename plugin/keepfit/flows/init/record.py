"""What init writes, recorded before it is written: whatever cuts init short, each file that it made is known, and what stood there before.

`.keepfit/init.json` holds the `files` of finished runs (name to sha256 as init left it) and the `pending` ones of a run under way, each with
what stood there before (null: nothing) and what is to be written (null: another program or a later step says). Contents that will be
replaced lie in `.keepfit/pending/` until the run is finished, then those of before keepfit in `.keepfit/before/`. Blind to files that other
programs made.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keepfit.errors import ProjectError
from keepfit.flows.effects import effect
from keepfit.flows.init.write import draft, replace

STATE = ".keepfit/init.json"
BEFORE = ".keepfit/before"
PENDING = ".keepfit/pending"


@dataclass(frozen=True)
class Pending:
    """A file that a run under way writes: the sha256 of what `stood` there (None: nothing) and of what is `planned` (None: not known yet)."""

    stood: str | None
    planned: str | None


@dataclass(kw_only=True)
class State:
    """What `.keepfit/init.json` says; `git` and `dvc`: init made the repository's `.git`, the project's `.dvc`; `folders` are those that it made."""

    base: Path
    files: dict[str, str] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    folders: list[str] | None = None
    git: bool = False
    dvc: bool | None = None


def load(root: Path) -> State | None:
    """Return what init recorded in the project at `root`; None if there is no record, or one that had not been begun."""
    path = root / STATE
    if not path.exists():
        return None
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        pending = {name: Pending(*pair) for name, pair in data.get("pending", {}).items()}
        known = {key: data[key] for key in ("files", "folders", "git", "dvc") if key in data}
        return State(base=(root / data["base"]).resolve(), pending=pending, **known)
    except (ValueError, KeyError, TypeError) as bad:
        raise ProjectError(f"init's record cannot be read: {bad}", where=str(path), fix="restore it, or remove keepfit's files by hand") from bad


def save(root: Path, state: State) -> None:
    """Write the record, whole or not at all."""
    data: dict[str, Any] = {"schema": 1, "base": os.path.relpath(state.base, root), "files": state.files, "git": state.git}
    optional = {"folders": state.folders, "dvc": state.dvc, "pending": {name: [one.stood, one.planned] for name, one in state.pending.items()} or None}
    data |= {key: value for key, value in optional.items() if value is not None}
    replace(root / STATE, (json.dumps(data, indent=2, sort_keys=True) + "\n").encode())


class Record:
    """The record of one run of init below `base`; `root` is the project's folder (the same, or `keepfit/` in it)."""

    def __init__(self, base: Path, root: Path) -> None:
        """Nothing is read or written yet."""
        self.root = root
        self.state = load(root) or State(base=base.resolve(), folders=[], dvc=False)

    def begin(self, files: Mapping[str, bytes], others: Iterable[str], *, git: bool, dvc: bool) -> None:
        """Write down what will be written before anything is: `files` with their contents, `others` by name; `git`, `dvc`: what will be initialised."""
        state = self.state
        planned = {**dict.fromkeys(others), **{name: digest_of(content) for name, content in files.items()}}
        state.git, state.dvc = state.git or git, True if dvc else state.dvc
        if state.folders is not None:
            state.folders = sorted({*state.folders, *_missing_folders(self.root, state.base, planned)})
        self._intend(planned)

    def extend(self, names: Iterable[str]) -> None:
        """Write down more files that will be written."""
        self._intend(dict.fromkeys(names))

    def _intend(self, planned: Mapping[str, str | None]) -> None:
        state = self.state
        state.pending |= {name: Pending(digest(state.base / name), content) for name, content in planned.items()}
        save(self.root, state)
        effect("init", "intent")
        for name in planned:
            if state.pending[name].stood is not None:
                replace(self.root / PENDING / kept_name(name), (state.base / name).read_bytes())
        effect("init", "kept")

    def finish(self) -> None:
        """Count what is there now and was not, or not so, as written by init; what earlier runs wrote stays recorded."""
        state = self.state
        for name, one in state.pending.items():
            now = digest(state.base / name)
            if now is None or now == one.stood:
                continue
            if name not in state.files and one.stood is not None:
                replace(self.root / BEFORE / kept_name(name), (self.root / PENDING / kept_name(name)).read_bytes())
            state.files[name] = now
        effect("init", "before")
        state.pending = {}
        save(self.root, state)
        effect("init", "finished")
        shutil.rmtree(self.root / PENDING, ignore_errors=True)


def digest(path: Path) -> str | None:
    """Return the sha256 of a file, None if there is none."""
    return digest_of(path.read_bytes()) if path.is_file() else None


def digest_of(content: bytes) -> str:
    """Return the sha256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def kept_name(name: str) -> str:
    """Return the name under which a file's former content is kept."""
    return name.replace("/", "__")


def drafts(path: Path) -> Iterator[Path]:
    """What a write of the file leaves behind that was cut short."""
    yield draft(path)
    if path.suffix == ".parquet" and path.parent.is_dir():
        yield from path.parent.glob(f".{path.name}.*.tmp")


def _missing_folders(root: Path, base: Path, names: Iterable[str]) -> set[str]:
    """The folders that are not there yet and will be, relative to `base` (`.` for itself, `..` above it)."""
    files = [root / STATE, root / "data" / "windows" / "*", *(base / name for name in names)]
    return {os.path.relpath(folder, base) for file in files for folder in file.parents if not folder.exists()}
