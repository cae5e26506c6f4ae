r"""YAML as people write params.yaml, read by libyaml in a fifth of the time; anything unusual goes to ruamel, which decides what YAML 1.2 says of it.

Only what both read alike is taken here: one document of maps, lists and scalars that are plainly a text, a number, `true`, `false` or `null`. Anchors, tags,
dates, octal numbers, a key that stands twice, tabs and whatever libyaml refuses are left to ruamel, whose sentences people know.

>>> parse_yaml("window: 500 rows\nfeatures: {age: numeric}\nshare: 0.2\nwhen: 2013-02-01\n")
{'window': '500 rows', 'features': {'age': 'numeric'}, 'share': 0.2, 'when': datetime.date(2013, 2, 1)}
"""

from __future__ import annotations

import re
from typing import Any

from keepfit.errors import ParamsError

WORD = re.compile(r"(?:[A-Za-z_]|/|\.\.?/|[1-9][0-9]* [a-z])[^\x00-\x1f\x7f]*")
INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None, "~": None}
ODD = re.compile(r"[\t\r\x85\u2028\u2029\ufeff]|^[%?]|^(?:---|\.\.\.)", re.MULTILINE)
"""Where the two versions of YAML, or their readers, could read a line in two ways."""


class _UnusualError(Exception):
    """Something that is left to ruamel."""


def parse_yaml(text: str) -> Any:
    """Return what a YAML text holds, as plain values; raises ruamel's `YAMLError` for what is not YAML."""
    try:
        return _plain(text)
    except _UnusualError:
        from ruamel.yaml import YAML

        return YAML(typ="safe", pure=True).load(text)


def load_yaml(text: str, *, where: str) -> Any:
    """As `parse_yaml`; raises `ParamsError` with the parser's problem and its line for what is not YAML."""
    try:
        return parse_yaml(text)
    except Exception as bad:
        from ruamel.yaml.error import YAMLError

        if not isinstance(bad, YAMLError):
            raise
        raise ParamsError(f"not YAML: {_says(bad)}", where=where, fix="correct that line; a missing bracket or quotation mark is often above it") from bad


def _says(bad: Exception) -> str:
    """The parser's problem and its line, without its drawing of the place."""
    problem, mark = getattr(bad, "problem", None), getattr(bad, "problem_mark", None)
    return f"{problem} in line {mark.line + 1}" if problem and mark else " ".join(str(bad).split())[:200]


def _plain(text: str) -> Any:
    if ODD.search(text):
        raise _UnusualError
    import yaml

    if not yaml.__with_libyaml__:
        raise _UnusualError
    parser = yaml.CSafeLoader(text)
    try:
        return _document(parser)
    except (yaml.YAMLError, RecursionError) as bad:
        raise _UnusualError from bad
    finally:
        parser.dispose()


def _document(parser: Any) -> Any:
    """The one document of a stream; an empty stream holds nothing."""
    parser.get_event()
    if _name(start := parser.get_event()) == "StreamEndEvent":
        return None
    if start.explicit:
        raise _UnusualError
    found = _value(parser, parser.get_event())
    parser.get_event()
    if _name(parser.get_event()) != "StreamEndEvent":
        raise _UnusualError
    return found


def _value(parser: Any, event: Any) -> Any:
    kind = _name(event)
    if kind == "AliasEvent" or event.anchor is not None or event.tag is not None:
        raise _UnusualError
    if kind == "ScalarEvent":
        return event.value if event.style else _scalar(event.value)
    return _map(parser) if kind == "MappingStartEvent" else _list(parser)


def _map(parser: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    while _name(event := parser.get_event()) != "MappingEndEvent":
        if _name(event) != "ScalarEvent":
            raise _UnusualError
        key = _value(parser, event)
        if key in found:
            raise _UnusualError
        found[key] = _value(parser, parser.get_event())
    return found


def _list(parser: Any) -> list[Any]:
    found = []
    while _name(event := parser.get_event()) != "SequenceEndEvent":
        found.append(_value(parser, event))
    return found


def _scalar(text: str) -> Any:
    """What an unquoted scalar stands for."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INT.fullmatch(text):
        return int(text)
    if FLOAT.fullmatch(text):
        return float(text)
    if WORD.fullmatch(text) and text.lower() not in CONSTANTS:
        return text
    raise _UnusualError


def _name(event: Any) -> str:
    return type(event).__name__
