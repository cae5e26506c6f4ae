"""`keepfit params`: every key with the value that holds, and the file and line that it is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keepfit.errors import UnknownNameError
from keepfit.flows.params_files import ParamsFile
from keepfit.flows.project import Project
from keepfit.integrations.yaml_files import Keys, key_lines
from keepfit.params import Params
from keepfit.params.shared import at, sources
from keepfit.records.effective import EffectiveKey

REQUIRED: dict[str, tuple[str, ...]] = {"model": ("name", "task", "target"), "data": ("live", "time")}
"""The keys without a default: what the other defaults are is read from params that say these alone."""


def effective_params(project: Project, key: str | None = None) -> tuple[EffectiveKey, ...]:
    """Return the keys of a project in the order of docs/params.md, or those at and below one.

    Raises `UnknownNameError` for a key that is not there, and what params themselves raise.
    """
    params, files = project.params, project.params_files
    says = params.model_dump(mode="json")
    usual = dict(leaves(_defaults(says)))
    written, lines = sources([one.data for one in files]), [key_lines(one.text) for one in files]
    found = [_one(path, value, usual, _origin(path, files, written, lines)) for path, value in leaves(says)]
    chosen = [one for one in found if key is None or one.key == key or one.key.startswith(f"{key}.")]
    if not chosen:
        raise UnknownNameError("key", str(key), known=[*says, *(one.key for one in found)], where=str(project.root / "params.yaml"))
    return tuple(chosen)


def leaves(data: Mapping[str, Any], path: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Yield each value by its path; an empty map is a value.

    >>> list(leaves({"a": {"b": 1, "c": {}}, "d": [2]}))
    [(('a', 'b'), 1), (('a', 'c'), {}), (('d',), [2])]
    """
    for name, value in data.items():
        here = (*path, str(name))
        if isinstance(value, Mapping) and value:
            yield from leaves(value, here)
        else:
            yield here, value


def _defaults(says: Mapping[str, Any]) -> dict[str, Any]:
    """All keys with their defaults, of params that say only what must be said."""
    least = {section: {name: says[section][name] for name in names} for section, names in REQUIRED.items()}
    least["model"]["task"] = says["model"]["task"]
    return Params.model_validate(least).model_dump(mode="json")


def _one(path: Keys, value: Any, usual: Mapping[Keys, Any], origin: str | None) -> EffectiveKey:
    required = len(path) > 1 and path[1] in REQUIRED.get(path[0], ())
    return EffectiveKey(key=".".join(path), value=value, origin=origin, changed=required or path not in usual or usual[path] != value)


def _origin(path: Keys, files: Sequence[ParamsFile], written: Mapping[Keys, int], lines: Sequence[Mapping[Keys, int]]) -> str | None:
    """Where the value of a key is written: at the key itself, or at one above it whose value says it in short."""
    whole = next((path[:depth] for depth in range(1, len(path) + 1) if path[:depth] in written), None)
    if whole is None:
        return None
    number = written[whole]
    there = [path[:depth] for depth in range(len(whole), len(path) + 1) if path[:depth] in lines[number]]
    if not there or (there[-1] != path and isinstance(at(files[number].data, there[-1]), Mapping)):
        return None  # the map is written, and does not say this key
    return f"{files[number].where}:{lines[number][there[-1]]}"
