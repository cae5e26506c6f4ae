"""What DVC keeps of a tracked folder at any revision: its list of files, and their bytes in the cache. Nothing is checked out.

A folder's md5 names a list of files with the md5 of each (`.dir`); so much of a revision is read from its `.dvc` file or dvc.lock. What the cache
lacks is fetched from the remote, into the cache, in a folder of its own: DVC itself fetches what is checked out, or every commit.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from keepfit.errors import ProjectError
from keepfit.integrations.programs.dvc import SHOWN, DvcRepo


@dataclass(frozen=True, kw_only=True)
class TrackedFolder:
    """A folder as a `.dvc` file or dvc.lock names it: its md5, and whether DVC 2 wrote it, whose cache is laid out in another way."""

    path: str
    md5: str
    old: bool = False


def tracked_folder(text: str, path: str, *, where: str) -> TrackedFolder | None:
    """Return what a `.dvc` file or a dvc.lock says of an out, None where it does not name it; raises `ProjectError` for what is no such file.

    >>> tracked_folder("outs: [{path: windows, md5: ab.dir, hash: md5}]", "windows", where="data/windows.dvc")
    TrackedFolder(path='windows', md5='ab.dir', old=False)
    """
    try:
        data = YAML(typ="safe", pure=True).load(text) or {}
        outs = [*(data.get("outs") or ()), *(out for stage in (data.get("stages") or {}).values() for out in stage.get("outs") or ())]
        found = next((out for out in outs if out["path"] == path), None)
    except Exception as bad:
        raise ProjectError(f"not a file of DVC: {' '.join(str(bad).split())[:SHOWN]}", where=where, fix="restore it with git") from bad
    if found is None:
        return None
    if not str(found.get("md5", "")).endswith(".dir"):
        raise ProjectError(f"DVC does not keep {path} as a folder by md5", where=where, fix=f"dvc add {path} again, without cloud versioning")
    return TrackedFolder(path=path, md5=str(found["md5"]), old=found.get("hash") != "md5")


def object_file(cache: Path, md5: str, *, old: bool = False) -> Path:
    """Return where the cache keeps an object, there or not.

    >>> object_file(Path("cache"), "abcdef.dir").as_posix(), object_file(Path("cache"), "abcdef", old=True).as_posix()
    ('cache/files/md5/ab/cdef.dir', 'cache/ab/cdef')
    """
    return (cache if old else cache / "files" / "md5") / md5[:2] / md5[2:]


def files_in(cache: Path, folder: TrackedFolder) -> Mapping[str, str] | None:
    """Return the md5 of each file of a folder by its relative path, None where the cache has no list of them; raises `ProjectError` for a broken list."""
    place = object_file(cache, folder.md5, old=folder.old)
    try:
        listed = json.loads(place.read_bytes())
        return {str(one["relpath"]): str(one["md5"]) for one in listed}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as bad:
        raise ProjectError("a list of files in DVC's cache cannot be read", where=str(place), fix="delete it, then dvc fetch") from bad


def fetch_folder(repo: DvcRepo, folder: TrackedFolder) -> None:
    """Download what the cache lacks of a folder's files; raises `ProjectError` with what DVC said."""
    with tempfile.TemporaryDirectory(prefix="keepfit-fetch-") as made:
        root = Path(made)
        (root / ".dvc").mkdir()
        if (repo.folder / "config").is_file():
            shutil.copyfile(repo.folder / "config", root / ".dvc" / "config")
        there = DvcRepo(root)
        there.share_cache_of(repo)
        _without_git(root / ".dvc" / "config.local")
        hashed = "" if folder.old else "  hash: md5\n"
        (root / "wanted.dvc").write_text(f"outs:\n- md5: {folder.md5}\n{hashed}  path: wanted\n", encoding="utf-8")
        there.run("fetch", "wanted.dvc", quiet=True)


def _without_git(config: Path) -> None:
    """Let DVC run where there is no git."""
    parsed = ConfigParser(interpolation=None, default_section="")
    parsed.read(config, encoding="utf-8")
    if not parsed.has_section("core"):
        parsed.add_section("core")
    parsed["core"]["no_scm"] = "true"
    with config.open("w", encoding="utf-8") as file:
        parsed.write(file)
