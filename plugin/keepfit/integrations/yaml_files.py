r"""YAML that people comment: one value or one entry is changed, every other byte or comment stays, so that a diff shows one line.

Texts are edited by key as lines: block style, two spaces, one key a line, as keepfit's templates are. Blind to anchors,
multi-line scalars and lists of maps.

>>> print(put("model:\n  name: a   # which\n", "model.name", "churn"), end="")
model:
  name: churn  # which
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from keepfit.errors import ParamsError

LINE = re.compile(r"^(?P<indent> *)(?P<key>'[^']*'|\"[^\"]*\"|[^\s#:'\"][^#:]*):(?P<value>( [^#]*?)?)(?P<comment> *#.*)?$")
PLAIN = re.compile(r"^[A-Za-z_./][A-Za-z0-9_./ -]*(?<! )$")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "."}
COMMENT_COLUMN = 32
Scalar = str | int | float | bool | datetime | date | None


# -- texts ------------------------------------------------------------------------------------------------------------


def scalar(value: object) -> str:
    """Return a value as YAML on one line; text is quoted only where YAML would read it as something else.

    >>> [scalar(v) for v in (None, "late", "yes", "3 rows", 0.5, True, ["mse"])]
    ['null', 'late', '"yes"', '"3 rows"', '0.5', 'true', '[mse]']
    """
    if isinstance(value, datetime):
        # quoted: DVC refuses params that YAML reads as dates
        return f"'{value.date() if value == datetime(value.year, value.month, value.day) else value.isoformat()}'"
    if isinstance(value, str):
        return value if PLAIN.match(value) and value.lower() not in WORDS else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(scalar(each) for each in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {scalar(each)}" for key, each in value.items()) + "}"
    return json.dumps(value)


def put(text: str, dotted: str, value: object, *, comment: str | None = None) -> str:
    """Return the text with the key's value on its line replaced; a `comment` replaces the one that stands there."""
    lines = text.split("\n")
    at = _find(lines, dotted)
    found = LINE.match(lines[at])
    if found is None:
        raise ParamsError(f"the line of {dotted!r} cannot be edited: {lines[at].strip()[:80]!r}", fix="write it as `key: value  # comment`")
    said = (found["comment"] or "") if comment is None else (f"  # {comment}" if comment else "")
    head = f"{found['indent']}{found['key']}: {scalar(value)}"
    column = len(found[0]) - len(found["comment"].lstrip()) if found["comment"] else COMMENT_COLUMN
    lines[at] = _aligned(head, said.strip(), column) if said else head
    return "\n".join(lines)


def put_or_add(text: str, dotted: str, value: object) -> str:
    r"""As `put`, but a key `section.name` that has no line yet gets one, below its section's; a missing section is added at the end.

    Raises `ParamsError` for a section that is written on one line: it cannot take another.

    >>> print(put_or_add("update:\n  scout: true\n", "update.grounds", ["age"]), end="")
    update:
      grounds: [age]
      scout: true
    """
    section, _, name = dotted.partition(".")
    lines = text.split("\n")
    there = {key: number - 1 for key, number in key_lines(text).items()}
    head = there.get((section,))
    if head is None:
        return f"{text.rstrip(chr(10))}\n{section}:\n  {name}: {scalar(value)}\n"
    if lines[head].split("#")[0].strip() != f"{section}:":
        raise ParamsError(f"the key {dotted!r} has no line of its own", where=section, fix=f"write `{section}:`, and below it one key a line")
    if (section, name) in there:
        return put(text, dotted, value)
    return "\n".join([*lines[: head + 1], f"  {name}: {scalar(value)}", *lines[head + 1 :]])


def without(text: str, dotted: str) -> str:
    r"""Return the text without a key and what lies below it.

    >>> print(without("compose:\n  sampler: mine\n  depths:\n    - 1\n  seed: 0\n", "compose.depths"), end="")
    compose:
      sampler: mine
      seed: 0
    """
    lines = text.split("\n")
    at = _find(lines, dotted)
    return "\n".join([*lines[:at], *lines[_end(lines, at) :]])


def put_block(text: str, dotted: str, block: Sequence[str]) -> str:
    """Return the text with what lies below the key replaced by `block`, whose lines are relative to the key's own indent."""
    lines = text.split("\n")
    at = _find(lines, dotted)
    indent, end = _indent(lines[at]), _end(lines, at)
    head = lines[at].split("#")[0].rstrip()
    head = head if head.endswith(":") else head[: head.index(":", indent) + 1]
    body = [" " * (indent + 2) + line for line in block]
    return "\n".join([*lines[:at], head if body else f"{head} {{}}", *body, *lines[end:]])


def commented(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return `key: value` lines with their comments in one column."""
    return [_aligned(head, f"# {said}" if said else "", COMMENT_COLUMN - 4) for head, said in pairs]


# -- files ------------------------------------------------------------------------------------------------------------


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
    except (YAMLError, ValueError) as bad:  # a ValueError is of 2013-02-30
        raise _no_yaml(bad, path.name) from bad
    if data is not None and not isinstance(data, dict):
        raise ParamsError("not a map", where=path.name, fix="{}, or NAME: {key: value}")
    return {str(key): value for key, value in (data or {}).items()}


# -- lines --------------------------------------------------------------------------------------------------------------

Keys = tuple[str, ...]


def key_lines(text: str, *, depth: int = 8) -> dict[Keys, int]:
    r"""Return the line (from 1) of each key of a YAML text by its path, in block and flow style; empty for what is no map.

    A key below `depth` others is not seen, so that a map that holds itself ends.

    >>> key_lines("a:\n  b: {c: 1,\n      d: 2}")
    {('a',): 1, ('a', 'b'): 2, ('a', 'b', 'c'): 2, ('a', 'b', 'd'): 3}
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError:
        return {}
    return dict(_lines_below(root, (), depth))


def _lines_below(node: object, path: Keys, depth: int) -> Iterable[tuple[Keys, int]]:
    for key, value in node.value if isinstance(node, MappingNode) and depth else ():
        if isinstance(key, ScalarNode):
            here = (*path, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _lines_below(value, here, depth - 1)


# -- inside -----------------------------------------------------------------------------------------------------------


def _aligned(head: str, comment: str, column: int) -> str:
    return f"{head.ljust(column)}{'' if len(head) < column else '  '}{comment}" if comment else head


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end(lines: Sequence[str], at: int) -> int:
    """Return the line after a key and what lies below it."""
    end = at + 1
    while end < len(lines) and lines[end].strip() and _indent(lines[end]) > _indent(lines[at]):
        end += 1
    return end


def _find(lines: Sequence[str], dotted: str) -> int:
    """Return the line number of a key such as `evaluate.rules.floor.bound`; map keys may hold no dot."""
    wanted = dotted.split(".")
    path: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith(("#", "-")):
            continue
        indent = _indent(line)
        path = [step for step in path if step[0] < indent] + [(indent, line.strip().split(":")[0].strip("'\""))]
        if [key for _, key in path] == wanted:
            return number
    raise ParamsError(f"no line for {dotted!r} in the template", fix="reinstall keepfit: its template and its code do not belong together")


def _no_yaml(bad: YAMLError | ValueError, where: str) -> ParamsError:
    return ParamsError(f"not YAML: {' '.join(str(bad).split())[:200]}", where=where, fix="mend the line named above")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise ParamsError(f"cannot be read: {bad}", where=path.name, fix="restore it with git") from bad


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
