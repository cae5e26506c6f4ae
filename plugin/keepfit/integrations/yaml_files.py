r"""YAML files that people wrote: one value or one entry is changed, every other byte or comment stays.

>>> edited("a: 1  # one\nb: {c: x}\n", "b.c", None)
'a: 1  # one\nb: {c: null}\n'
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node

from keepfit.errors import ParamsError, did_you_mean

TRAPS = {"yes", "no", "on", "off", "y", "n"}  # booleans to readers of YAML 1.1
Scalar = str | int | float | bool | datetime | date | None


def set_key(path: Path, dotted: str, value: Scalar | list[Scalar]) -> None:
    """Write `value` where the dotted key stands in the file: a one-line diff. The key must be there."""
    _replace(path, edited(_text(path), dotted, value, where=path.name))


def edited(text: str, dotted: str, value: Scalar | list[Scalar], *, where: str = "YAML") -> str:
    """Return the text with the value of one key replaced, nothing else touched; raises `ParamsError` if the key is not there.

    Times are written quoted, as ISO 8601: DVC takes no YAML dates.
    """
    node = _compose(text, where)
    walked: list[str] = []
    for key in dotted.split("."):
        entries = {one.value: (one, below) for one, below in node.value} if isinstance(node, MappingNode) else {}
        walked.append(key)
        if key not in entries:
            raise ParamsError(f"no key {key!r} to edit", where=f"{where}: {'.'.join(walked)}", fix=did_you_mean(key, map(str, entries)))
        name, node = entries[key]
    assert node is not None, "a key was found, so there is a value"
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, MappingNode) or "\n" in text[start:end]:
        raise ParamsError(f"{dotted} holds more than one line", where=f"{where}: {dotted}", fix="edit it by hand")
    if start == end:  # nothing was written: the value goes right after the key's colon
        start = end = text.index(":", name.end_mark.index) + 1
    gap = " " if text[start - 1 : start] == ":" else ""
    return f"{text[:start]}{gap}{_line(value)}{text[end:]}"


def put_entry(path: Path, key: str, entry: Mapping[str, Scalar]) -> None:
    """Add or replace one entry of a file that maps names to small maps; comments and the other entries stay."""
    yaml = YAML()
    yaml.width = 4096
    try:
        data = yaml.load(_text(path)) if path.is_file() else None
    except YAMLError as bad:
        raise _no_yaml(bad, path.name) from bad
    data = CommentedMap() if data is None else data
    if not isinstance(data, CommentedMap):
        raise ParamsError("not a map of names to entries", where=path.name, fix="{}, or NAME: {key: value}")
    data.fa.set_block_style()
    data[key] = dict(entry)
    stream = io.StringIO()
    yaml.dump(data, stream)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, stream.getvalue())


def read_map(path: Path) -> dict[str, Any]:
    """Read a YAML map of plain values, keys as text; an absent or empty file is an empty map."""
    if not path.is_file():
        return {}
    try:
        data = YAML(typ="safe", pure=True).load(_text(path))
    except YAMLError as bad:
        raise _no_yaml(bad, path.name) from bad
    if data is not None and not isinstance(data, dict):
        raise ParamsError("not a map", where=path.name, fix="{}, or NAME: {key: value}")
    return {str(key): value for key, value in (data or {}).items()}


def _compose(text: str, where: str) -> Node | None:
    try:
        node: Node | None = YAML(pure=True).compose(text)
    except YAMLError as bad:
        raise _no_yaml(bad, where) from bad
    return node


def _no_yaml(bad: YAMLError, where: str) -> ParamsError:
    return ParamsError(f"not YAML: {' '.join(str(bad).split())[:200]}", where=where, fix="mend the line named above")


def _line(value: Scalar | list[Scalar]) -> str:
    """The value as YAML on one line."""
    if isinstance(value, list):
        return f"[{', '.join(_line(one) for one in value)}]"
    if isinstance(value, datetime):
        midnight = value == datetime(value.year, value.month, value.day)
        value = value.date().isoformat() if midnight else value.isoformat()
    elif isinstance(value, date):
        value = value.isoformat()
    if value is None:
        return "null"
    if isinstance(value, str) and value.lower() in TRAPS:
        return f"'{value}'"
    yaml = YAML(typ="safe", pure=True)
    yaml.width = 4096
    yaml.default_flow_style = True
    stream = io.StringIO()
    yaml.dump([value], stream)
    return stream.getvalue().strip()[1:-1]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise ParamsError(f"cannot be read: {bad}", where=path.name, fix="restore it with git") from bad


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
