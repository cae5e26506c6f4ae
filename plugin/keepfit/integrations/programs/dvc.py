"""DVC: the program beside this Python, in a process group of its own, and the hashes that dvc.lock holds.

The program rather than its Python: repro, push and checkout have no public functions. A group of its own, because a signal
that reaches only dvc leaves the stage's process behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from keepfit.errors import ProjectError
from keepfit.integrations.programs.group import end_group, interrupted_by_signals, start_group

PATIENCE_SECONDS = 8
TAIL_LINES = 200
SHOWN = 300
CHUNK = 1 << 20


@dataclass(frozen=True)
class DvcRepo:
    """DVC run in the folder `root` (the one with dvc.yaml); `env` is added to the environment of every command."""

    root: Path
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, quiet: bool = False, through: str | None = None) -> str:
        """Run dvc, show its output on stderr as it comes (`quiet`: not at all), return it; raises `ProjectError` with the last sentence said.

        `dvc --quiet` would keep its errors to itself as well. Ctrl-C and SIGTERM end dvc and all it started before they end us.
        `through`: a module whose `main` runs the command that its arguments name.
        """
        process = start_group(
            [*(_main_of(through) if through else ()), *_program(), *arguments],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        with _ended_with_us(process):
            for line in process.stdout or ():
                tail.append(line)
                if not quiet:
                    sys.stderr.write(line)
            code = process.wait()
        if code != 0:
            raise _failure(arguments, tail, where=str(self.root), code=code)
        return "".join(tail)

    # -- verbs ----------------------------------------------------------------------------------------------------------

    def add(self, path: str) -> None:
        """Track a file or folder: its content goes to the cache, `path.dvc` beside it names the md5."""
        self.run("add", path, quiet=True)

    def repro(self, *, through: str | None = None) -> None:
        """Bring the pipeline of this folder up to date; `through` as for `run`."""
        self.run("repro", through=through)

    def checkout(self, *targets: str) -> None:
        """Bring tracked files from the cache into the work tree; fetches from the remote what the cache lacks."""
        self._checkout("--force", *targets)

    def checkout_kept(self) -> None:
        """Bring all tracked files, but overwrite none whose content the cache does not have: a `ProjectError` names it."""
        self._checkout()

    def _checkout(self, *arguments: str) -> None:
        try:
            self.run("checkout", *arguments, quiet=True)
        except ProjectError:
            if not self.remotes():
                raise
            self.run("pull", *arguments, quiet=True)

    def pull(self) -> None:
        """Download what the lock names."""
        self.run("pull")

    def push(self) -> None:
        """Upload what the lock names and the run cache."""
        self.run("push", "--run-cache")

    def remotes(self) -> tuple[str, ...]:
        """Return the names of the configured remotes."""
        listed = (line.split("=", 1)[0].split(".") for line in self._quiet("config", "--list").splitlines())
        return tuple(dict.fromkeys(".".join(parts[1:-1]) for parts in listed if parts[0] == "remote" and len(parts) > 2))

    # -- places ---------------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """The `.dvc` folder at or above `root`; raises `ProjectError` if DVC is not initialised."""
        for above in (self.root, *self.root.parents):
            if (above / ".dvc").is_dir():
                return above / ".dvc"
            if (above / ".git").exists():
                break
        raise ProjectError("DVC is not initialised here", where=str(self.root), fix="dvc init, then git commit .dvc")

    @property
    def cache(self) -> Path:
        """The cache's folder, as configured; DVC is started only where a file of its configuration speaks of caches, and the one that wins does not."""
        placed = Path(_config(self.folder / "config.local").get("cache", "dir", fallback=""))
        if placed.is_absolute():
            return placed
        if _speaks_of_caches(self.folder):
            return Path(self._quiet("cache", "dir").strip())
        return self.folder.resolve() / "cache"

    def share_cache_of(self, other: DvcRepo) -> None:
        """Let this work tree use the cache, the remotes and the local credentials of another one, without telling home.

        Git leaves config.local behind, and a remote's relative path would lead elsewhere from here.
        """
        local = _config(other.folder / "config.local")
        for section, url in _relative_urls(other.folder, local):
            _put(local, section, url=str((other.folder / url).resolve()))
        _put(local, "cache", dir=str(other.cache))
        _put(local, "core", analytics="false", check_update="false")
        place = self.folder / "config.local"
        place.touch(mode=0o600)
        with place.open("w", encoding="utf-8") as file:
            local.write(file)

    def _quiet(self, *arguments: str) -> str:
        self.folder  # noqa: B018 - raises if there is no DVC here
        done = subprocess.run(
            [*_program(), *arguments],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode != 0:
            raise _failure(arguments, (done.stdout + done.stderr).splitlines(), where=str(self.root), code=done.returncode)
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """Stages say `python`: it must be this one, whatever else is first on PATH."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        outer = {key: value for key, value in os.environ.items() if key not in {"DVC_ROOT", "DVC_STAGE"}}
        return {**outer, "PATH": path, "DVC_NO_ANALYTICS": "true", "PYTHONUNBUFFERED": "1", **self.env}


# -- what dvc.lock says -------------------------------------------------------------------------------------------------


def stages_of(text: str, *, where: str = "dvc.lock") -> dict[str, dict[str, Any]]:
    """Read the stages of a dvc.lock or dvc.yaml: name to deps, params, outs as DVC wrote them."""
    try:
        data = YAML(typ="safe", pure=True).load(text) or {}
        return {str(name): dict(stage) for name, stage in (data.get("stages") or {}).items()}
    except Exception as bad:
        raise ProjectError(f"not a file of DVC: {' '.join(str(bad).split())[:SHOWN]}", where=where, fix="restore it with git, or run dvc repro") from bad


def out_md5(text: str, path: str) -> str | None:
    """Return the md5 that a dvc.lock (or a .dvc file) names for an out, None if it names none.

    >>> out_md5("stages: {train: {cmd: t, outs: [{path: models/candidate, md5: ab.dir}]}}", "models/candidate")
    'ab.dir'
    """
    data = YAML(typ="safe", pure=True).load(text) or {}
    outs = [*(data.get("outs") or ()), *(out for stage in (data.get("stages") or {}).values() for out in stage.get("outs") or ())]
    return next((str(out["md5"]) for out in outs if out["path"] == path and "md5" in out), None)


def file_md5(path: Path) -> str:
    """Return the md5 of a file's bytes, as DVC 3 takes it."""
    found = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def directory_md5(folder: Path) -> str:
    """Return the md5 that DVC gives a folder: of the sorted list of its files' md5s and relative paths, with `.dir`."""
    files = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    listed = [{"md5": file_md5(path), "relpath": name} for name, path in files]
    return hashlib.md5(json.dumps(listed, sort_keys=True).encode(), usedforsecurity=False).hexdigest() + ".dir"


# -- the program --------------------------------------------------------------------------------------------------------


def _speaks_of_caches(folder: Path) -> bool:
    """Whether a file of DVC's configuration does: one of the `.dvc` folder, the user's, the machine's; True where they cannot be read."""
    try:
        from dvc.dirs import global_config_dir, system_config_dir
    except ImportError:  # DVC is on PATH only, in a Python of its own
        return True
    places = [folder / "config", folder / "config.local", Path(global_config_dir()) / "config", Path(system_config_dir()) / "config"]
    try:
        return any(b"cache" in place.read_bytes() for place in places if place.is_file())
    except OSError:
        return True


def _config(path: Path) -> ConfigParser:
    """Read one of DVC's config files; a missing one is empty."""
    config = ConfigParser(interpolation=None, default_section="")
    config.read(path, encoding="utf-8")
    return config


def _put(config: ConfigParser, section: str, **values: str) -> None:
    if not config.has_section(section):
        config.add_section(section)
    config[section].update(values)


def _relative_urls(folder: Path, local: ConfigParser) -> list[tuple[str, str]]:
    """Return section and url of the remotes that are named by a path relative to `.dvc/`."""
    both = [(section, found.get(section, "url", fallback="")) for found in (_config(folder / "config"), local) for section in found.sections()]
    return [(section, url) for section, url in both if url and "://" not in url and not Path(url).is_absolute()]


def _program() -> list[str]:
    """DVC as it is installed beside this Python, started by it; else the program on PATH."""
    if (Path(sys.executable).parent / "dvc").is_file() and find_spec("dvc") is not None:
        return _main_of("keepfit.integrations.programs.dvc_program")
    found = shutil.which("dvc")
    if not found:
        raise ProjectError("DVC is not installed", where=sys.executable, fix="pip install 'keepfit[pipeline]'")
    return [found]


def _main_of(module: str) -> list[str]:
    """Start a module's `main` in this Python; `-m` would let files of the project come before what is installed."""
    return [sys.executable, "-c", f"import sys; sys.path.pop(0); from {module} import main; sys.exit(main())"]


def _failure(arguments: tuple[str, ...], lines: deque[str] | list[str], *, where: str, code: int) -> ProjectError:
    said = [line.strip() for line in lines if line.strip()]
    text = "\n".join(said)
    if "not inside of a DVC repository" in text or "you are not inside" in text:
        return ProjectError("DVC is not initialised here", where=where, fix="dvc init, then git commit .dvc")
    if "Unable to acquire lock" in text or "is busy" in text:
        return ProjectError("another dvc command is busy in this folder", where=where, fix="wait for it to end, then run the same command again")
    ours = [index for index, line in enumerate(said) if line.startswith("keepfit: ")]
    if ours:
        sentence = said[ours[-1]].removeprefix("keepfit: ")
        fix = next((line.removeprefix("fix: ") for line in said[ours[-1] + 1 :] if line.startswith("fix: ")), None)
        return ProjectError(f"dvc {arguments[0]} stopped: {sentence}", where=where, fix=fix)
    if not said:
        ended = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        return ProjectError(f"dvc {arguments[0]} {ended} and said nothing", where=where, fix=f"dvc {' '.join(arguments)} --verbose")
    error = next((line for line in reversed(said) if line.startswith("ERROR:")), said[-1])
    return ProjectError(f"dvc {arguments[0]} failed: {error.removeprefix('ERROR: ')[:SHOWN]}", where=where, fix=f"dvc {' '.join(arguments)} says more")


@contextmanager
def _ended_with_us(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever ends the block early ends dvc's whole group."""
    try:
        with interrupted_by_signals():
            yield
    except BaseException:
        end_group(process, ask=[signal.SIGINT, signal.SIGTERM], patience=PATIENCE_SECONDS)
        raise
