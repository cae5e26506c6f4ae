r"""A suite's text with some lines added or changed, and every other byte as it was: so that the diff shows what changed and nothing else.

A new line stands before the first one whose id comes after its own; the layout is that of the file: spread over lines as `keepfit init` writes it, or one
line of text an entry where the file's own entries are.

>>> was = '{"name": "rows", "expectations": [\n  {"type": "t", "kwargs": {"column": "x"}, "severity": "info", "meta": {"id": "b"}}\n]}\n'
>>> print(edited(was, "rows", [{"type": "t", "kwargs": {"column": "y"}, "severity": "info", "meta": {"id": "a"}}]), end="")
{"name": "rows", "expectations": [
  {"type": "t", "kwargs": {"column": "y"}, "severity": "info", "meta": {"id": "a"}},
  {"type": "t", "kwargs": {"column": "x"}, "severity": "info", "meta": {"id": "b"}}
]}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any

from keepfit.errors import ExpectationError
from keepfit.expect.suites import parse_suite

SPACE = re.compile(r"\s*")
LIST = "expectations"


def entries_of(text: str | None, name: str) -> list[dict[str, Any]]:
    """Return a suite's entries, none for no text; raises `ExpectationError` for what is no suite or has entries without an id to change them by."""
    if text is None:
        return []
    try:
        data = json.loads(text)
    except ValueError as bad:
        raise ExpectationError(f"not JSON: {bad}", where=f"suite {name}", fix="restore the file with git") from bad
    found = data.get(LIST) if isinstance(data, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) and isinstance(one.get("meta"), dict) and one["meta"].get("id") for one in found):
        fix = 'give each entry a "meta": {"id": …}: what a library exported has none of its own'
        raise ExpectationError("the suite's entries have no ids, so that no line of it can be named", where=f"suite {name}", fix=fix)
    return found


def edited(text: str | None, name: str, lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the suite's text with each line put in place of the one that has its id, or added; None for no text makes a new suite.

    Raises `ExpectationError` where the result would be no suite.
    """
    found = json.dumps({"name": name, LIST: []}, indent=2) + "\n" if text is None else text
    for line in sorted(lines, key=lambda one: str(one["meta"]["id"])):
        found = _put(found, dict(line))
    parse_suite(found, name, known={str(one.get("type")) for one in entries_of(found, name)})
    return found


def patch(path: str, before: str | None, after: str) -> str:
    """Return the change as a unified diff that `git apply` takes at the top of the work tree; '' for none."""
    old = [] if before is None else before.splitlines(keepends=True)
    diff = unified_diff(old, after.splitlines(keepends=True), "/dev/null" if before is None else f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in diff)


def _put(text: str, line: dict[str, Any]) -> str:
    spans = list(_spans(text))
    own = str(line["meta"]["id"])
    there = next((span for span in spans if span[2]["meta"]["id"] == own), None)
    if there is not None:
        start, end, _ = there
        return text[:start] + _written(line, text, start, end) + text[end:]
    after = next((span for span in spans if str(span[2]["meta"]["id"]) > own), None)
    if after is not None:
        start, end, _ = after
        return text[:start] + _written(line, text, start, end) + "," + _gap(text, start) + text[start:]
    if spans:
        start, end, _ = spans[-1]
        return text[:end] + "," + _gap(text, start) + _written(line, text, start, end) + text[end:]
    opened = text.index("[", text.index(f'"{LIST}"')) + 1
    shown = json.dumps(line, indent=2, ensure_ascii=False).replace("\n", "\n    ")
    return f"{text[:opened]}\n    {shown}\n  {text[opened:].lstrip()}"


def _gap(text: str, start: int) -> str:
    """What stands before an entry: a line's break and its indentation, or the space of a list on one line."""
    space = re.search(r"\s*$", text[:start])
    return space[0] if space and space[0] else " "


def _written(line: dict[str, Any], text: str, start: int, end: int) -> str:
    """The line as its neighbour in the text is written."""
    if "\n" not in text[start:end]:
        return json.dumps(line, ensure_ascii=False)
    indent = _gap(text, start).rpartition("\n")[2]
    return json.dumps(line, indent=2, ensure_ascii=False).replace("\n", f"\n{indent}")


def _spans(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Where each entry of the suite begins and ends in the text, and what it says."""
    decoder, at = json.JSONDecoder(), _skip(text, text.index("{") + 1)
    while text[at] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        if key != LIST:
            _, at = decoder.raw_decode(text, at)
            at = _skip(text, at)
            at = _skip(text, at + 1) if text[at] == "," else at
            continue
        at = _skip(text, at + 1)
        while text[at] != "]":
            entry, end = decoder.raw_decode(text, at)
            yield at, end, entry
            at = _skip(text, end)
            at = _skip(text, at + 1) if text[at] == "," else at
        return


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return at if found is None else found.end()
