"""The files that params.yaml is made of: its own, and those that it extends (`extends: ../shared.yaml`), nearest first.

A shared file can hold what commands read; what the stages of dvc.yaml read stands in params.yaml, as DVC looks there, and a change that it does not see
would leave a candidate that nobody can make again.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from keepfit.errors import ParamsError, ProjectError
from keepfit.params import Params
from keepfit.params.plain_yaml import load_yaml
from keepfit.params.shared import EXTENDS, merged, staged_key
from keepfit.plugins import read_params

if TYPE_CHECKING:
    from keepfit.integrations.programs.git import GitRepo

PARAMS = "params.yaml"
Read = Callable[[str], str | None]
"""A file's text by its path relative to the project's root, `..` allowed; None where there is none."""


class Take(Protocol):
    """Reads the text of a params.yaml over what lies below it."""

    def __call__(self, text: str, /, *, where: str, below: Mapping[str, Any] | None = None) -> Params:
        """Return the params; raises `ParamsError`."""


@dataclass(frozen=True, kw_only=True)
class ParamsFile:
    """One of the files: `name` is its path relative to the project's root, `where` what errors call it."""

    name: str
    where: str
    text: str
    data: Mapping[str, Any]


def extends(text: str) -> bool:
    """Whether a params.yaml may name a shared file; most do not, and are read once."""
    return EXTENDS in text


def params_files(text: str, read: Read, *, where: str = PARAMS) -> tuple[ParamsFile, ...]:
    """Return the files of a params.yaml with this text, itself first.

    Raises `ParamsError` for one that is not there, that is no map, or that extends itself.
    """
    found = [_file(text, PARAMS, where)]
    while (named := found[-1].data.get(EXTENDS)) is not None:
        name = _name(named, found[-1])
        if name in [one.name for one in found]:
            way = " → ".join([*(one.name for one in found), name])
            raise ParamsError(f"{name} extends itself: {way}", where=f"{found[-1].where}: {EXTENDS}", fix="take one of these lines out")
        below = read(name)
        if below is None:
            raise ParamsError(f"no file {name}", where=f"{found[-1].where}: {EXTENDS}", fix="name a file relative to this one: extends: ../shared.yaml")
        found.append(_file(below, name, name if where == PARAMS else where.replace(PARAMS, name)))
    return tuple(found)


def params_of(files: Sequence[ParamsFile], *, staged: Sequence[str] = (), take: Take = read_params) -> Params:
    """Return what the files say together; `staged` are the keys that stages read, which only the first may hold; `take` reads the first over the others.

    Raises `ParamsError` that names the file in which a key does not fit.
    """
    own, *shared = files
    for one in shared:
        key = staged_key({name: value for name, value in one.data.items() if name != EXTENDS}, staged)
        if key is not None:
            what = f"{key} is read by a stage of dvc.yaml, and DVC looks into params.yaml alone"
            raise ParamsError(what, where=f"{one.where}: {key}", fix=f"write {key} into params.yaml, and take it out of {one.name}")
    if not shared:
        return take(own.text, where=own.where)
    try:
        return take(own.text, where=own.where, below=merged([one.data for one in shared]))
    except ParamsError as bad:
        raise _blamed(bad, own, shared) from bad


def params_at(git: GitRepo, commit: str, *, where: str, take: Take = read_params) -> Params:
    """Return what params.yaml says at a commit, with what it extended then; raises `ParamsError` as `params_of`, and for a commit without one."""
    return params_of(files_at(git, commit, where=where), staged=staged_keys(_shown(git, commit, "dvc.yaml")), take=take)


def files_at(git: GitRepo, commit: str, *, where: str) -> tuple[ParamsFile, ...]:
    """Return params.yaml and the files that it extends as they lie at a commit, itself first."""
    text = _shown(git, commit, PARAMS)
    if text is None:
        raise ParamsError("no params.yaml", where=where, fix="name a commit after keepfit init")
    return params_files(text, lambda name: _shown(git, commit, name), where=where)


def _shown(git: GitRepo, commit: str, path: str) -> str | None:
    found = git.show(commit, path)
    return None if found is None else found.decode("utf-8", "replace")


def staged_keys(pipeline: str | None) -> tuple[str, ...]:
    """Return the keys of params.yaml that the stages of a dvc.yaml read; none where there is no pipeline."""
    data = None if pipeline is None else load_yaml(pipeline, where="dvc.yaml")
    stages = data.get("stages") if isinstance(data, Mapping) else None
    return tuple(dict.fromkeys(key for stage in (stages or {}).values() if isinstance(stage, Mapping) for key in _keys_of(stage)))


def _keys_of(stage: Mapping[str, Any]) -> Iterator[str]:
    for one in stage.get("params") or ():
        yield from (one.get(PARAMS) or ()) if isinstance(one, Mapping) else (str(one),)


def _file(text: str, name: str, where: str) -> ParamsFile:
    data = load_yaml(text, where=where)
    if data is not None and not isinstance(data, Mapping):
        raise ParamsError("not a map of sections", where=where, fix="write sections and their keys, as in params.yaml")
    return ParamsFile(name=name, where=where, text=text, data=data or {})


def _name(named: Any, by: ParamsFile) -> str:
    if not isinstance(named, str) or not named or posixpath.isabs(named) or "\\" in named or "\0" in named:
        what = f"{str(named)[:80]!r} is no path relative to this file"
        raise ParamsError(what, where=f"{by.where}: {EXTENDS}", fix="extends: ../shared.yaml")
    return posixpath.normpath(posixpath.join(posixpath.dirname(by.name), named))


def _blamed(bad: ParamsError, own: ParamsFile, shared: Sequence[ParamsFile]) -> ParamsError:
    """The refusal with the name of the file that has the key, where that is a shared one."""
    place, _, key = (bad.where or "").partition(": ")
    if place != own.where or not key or _has(own.data, key):
        return bad
    holder = next((one for one in shared if _has(one.data, key)), None)
    return bad if holder is None else ParamsError(bad.what, where=f"{holder.where}: {key}", fix=bad.fix)


def _has(data: Any, key: str) -> bool:
    for part in key.split("."):
        if not isinstance(data, Mapping) or part not in data:
            return False
        data = data[part]
    return True


def inside(name: str, prefix: str) -> str:
    """Return a shared file's path below the repository that the project lies at `prefix` of; raises `ProjectError` for one outside.

    >>> inside("../shared.yaml", "models/churn")
    'models/shared.yaml'
    """
    path = posixpath.normpath(posixpath.join(prefix, name))
    if path == ".." or path.startswith("../"):
        fix = "copy it into the repository: what it says could change without a commit, and a work tree of another branch would not find it"
        raise ProjectError(f"{name} lies outside of the git repository", where="params.yaml: extends", fix=fix)
    return path
