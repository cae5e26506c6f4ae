"""What several projects share (`extends` in params.yaml): whose value of a key holds, and which keys must not be shared.

A section's keys are taken one by one; a key that is a map of names (`hooks.subscribers`, `monitor.columns`) is put together from all files, each of its
entries as a whole from the first file that has it. Everything else, a list too, is one value.

>>> own, shared = {"monitor": {"min_effect": 0.02}}, {"monitor": {"min_effect": 0.05, "page_on_drift": True}}
>>> merged([own, shared])
{'monitor': {'min_effect': 0.02, 'page_on_drift': True}}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

Path = tuple[str, ...]
EXTENDS = "extends"
DEPTH = 3
"""section, key, name: what lies below is one value."""


def sources(files: Sequence[Mapping[str, Any]]) -> dict[Path, int]:
    """Return each value that holds by its path, with the number of the file that it is from: the first that has it wins."""
    return dict(_sources((), list(enumerate(files))))


def _sources(path: Path, holders: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[Path, int]]:
    for key in dict.fromkeys(str(key) for _, held in holders for key in held):
        having = [(number, held[key]) for number, held in holders if key in held]
        maps = list(takewhile(lambda one: isinstance(one[1], Mapping), having))  # a value that is none hides what lies below it
        here = (*path, key)
        if len(here) < DEPTH and any(value for _, value in maps):
            yield from _sources(here, maps)
        else:
            yield here, having[0][0]


def merged(files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what several files say together, the first one first; without `extends` of any but the first."""
    found: dict[str, Any] = {}
    for path, number in sources(files).items():
        if path != (EXTENDS,) or number == 0:
            below = found
            for part in path[:-1]:
                below = below.setdefault(part, {})
            below[path[-1]] = at(files[number], path)
    return found


def at(data: Any, path: Path) -> Any:
    """Return what lies at a path of a file that has it."""
    for part in path:
        data = data[part]
    return data


def staged_key(shared: Mapping[str, Any], staged: Iterable[str]) -> str | None:
    """Return the first key of a shared file that a stage of the pipeline reads, None if there is none.

    >>> staged_key({"monitor": {"min_effect": 0.1, "bins": 9}}, ["model", "monitor.bins"]), staged_key({"monitor": {"alpha": 0.1}}, ["monitor.bins"])
    ('monitor.bins', None)
    """
    wanted = [tuple(key.split(".")) for key in staged]
    for path in _leaves(shared):
        if any(path[: len(key)] == key or key[: len(path)] == path for key in wanted):
            return ".".join(path)
    return None


def _leaves(data: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*path, str(key)))
        else:
            yield (*path, str(key))
