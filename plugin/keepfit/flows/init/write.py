"""Write a set of files with consent: what exists and differs is shown as a unified diff and only replaced if `ask` says so."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.effects import effect

Ask = Callable[[str, str], bool]
DIFF_LINES = 40
DRAFT = ".keepfit-draft"


def write_files(base: Path, files: Mapping[str, bytes], *, ask: Ask) -> list[str]:
    """Write `files` (path below `base` to content); return the paths that were declined and so kept as they are."""
    declined = []
    for name, content in files.items():
        path = base / name
        if path.exists() and path.read_bytes() != content and not ask(name, difference(name, path.read_bytes(), content)):
            declined.append(name)
            continue
        if not path.exists() or path.read_bytes() != content:
            replace(path, content)
            effect("init", "file")
    return declined


def refuse_folders(base: Path, names: Mapping[str, bytes]) -> None:
    """Raise `ProjectError` if a folder, or a file for a folder, stands where one of the files should be."""
    for name in names:
        if (base / name).is_dir():
            raise ProjectError(f"{name} is a folder where a file should be", where=str(base), fix="move it away")
        blocked = next((folder for folder in (base / name).parents if base in folder.parents and folder.exists() and not folder.is_dir()), None)
        if blocked is not None:
            raise ProjectError(f"{blocked.relative_to(base)} is a file where a folder should be", where=str(base), fix="move it away")


def added_to(base: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files, each `.gitignore` that exists with its own lines kept and only what it lacks added."""
    return {name: _added(base / name, content) if name.rpartition("/")[2] == ".gitignore" else content for name, content in files.items()}


def _added(path: Path, content: bytes) -> bytes:
    if not path.is_file():
        return content
    stands = path.read_bytes()
    lacks = [line for line in content.splitlines(keepends=True) if line.rstrip() not in {each.rstrip() for each in stands.splitlines()}]
    patterns = [line for line in lacks if not line.startswith(b"#")]
    end = b"" if not stands or stands.endswith(b"\n") else b"\n"
    return stands + end + b"".join(lacks) if patterns else stands


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
    """Write a file whole or not at all; cut short, it leaves at most its `draft`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft(path).write_bytes(content)
    draft(path).replace(path)


def draft(path: Path) -> Path:
    """Return where a file is written before it takes its name."""
    return path.with_name(f".{path.name}{DRAFT}")
