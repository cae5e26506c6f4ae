r"""Edit a commented YAML text by key and leave every other byte as it was, so that a diff shows one line a change.

Made for texts that keepfit itself wrote: block style, two spaces, one key a line. Blind to anchors, multi-line scalars and lists of maps.

>>> print(put("model:\n  name: a   # which\n", "model.name", "churn"), end="")
model:
  name: churn  # which
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from keepfit.errors import ParamsError

LINE = re.compile(r"^(?P<indent> *)(?P<key>'[^']*'|\"[^\"]*\"|[^\s#:'\"][^#:]*):(?P<value>( [^#]*?)?)(?P<comment> *#.*)?$")
PLAIN = re.compile(r"^[A-Za-z_./][A-Za-z0-9_./ -]*(?<! )$")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "."}
COMMENT_COLUMN = 32


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


def put_block(text: str, dotted: str, block: Sequence[str]) -> str:
    """Return the text with what lies below the key replaced by `block`, whose lines are relative to the key's own indent."""
    lines = text.split("\n")
    at = _find(lines, dotted)
    indent = _indent(lines[at])
    end = at + 1
    while end < len(lines) and lines[end].strip() and _indent(lines[end]) > indent:
        end += 1
    head = lines[at].split("#")[0].rstrip()
    head = head if head.endswith(":") else head[: head.index(":", indent) + 1]
    body = [" " * (indent + 2) + line for line in block]
    return "\n".join([*lines[:at], head if body else f"{head} {{}}", *body, *lines[end:]])


def commented(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return `key: value` lines with their comments in one column."""
    return [_aligned(head, f"# {said}" if said else "", COMMENT_COLUMN - 4) for head, said in pairs]


def _aligned(head: str, comment: str, column: int) -> str:
    return f"{head.ljust(column)}{'' if len(head) < column else '  '}{comment}" if comment else head


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


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
