r"""Markdown tables of values that nobody vouches for: column names, categories, reasons typed by people.

A cell can neither break the table nor become a link, an image, HTML, emphasis or code; tables are bounded on any data.

>>> print(markdown_table(["column", "effect"], [("dep_delay", 0.1234567), ("a|b<script>", None)]), end="")
| column | effect |
|---|--:|
| dep_delay | 0.1235 |
| a\|b&lt;script&gt; | – |
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

NOTHING = "–"
MAX_ROWS = 200
MAX_CHARS = 160
SENTENCE = 600
DIGITS = 4

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})  # MLflow's pages show the backslash of \\$
_MARKS = re.compile(r"[\\`*\[\]~|]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|:(?=//)|(?<=www)\.", re.IGNORECASE)


class Raw(str):
    """Markdown that the caller wrote itself (a link, a code span): kept as it is on one line, pipes escaped."""

    __slots__ = ()


def number(value: float | None, *, digits: int = DIGITS) -> str:
    """Return a number for people: whole numbers with thousands separators, others with `digits` significant ones.

    >>> number(1234567), number(0.000123456), number(12.0), number(None), number(float("nan")), number(-5e-324)
    ('1,234,567', '0.0001235', '12', '–', '–', '0')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if abs(value) < sys.float_info.min:  # what lies a hair beside zero
        return "0"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if 10**digits <= abs(value) < 1e15 else f"{value:.{digits}g}"


def plain(value: object) -> str:
    """Return a value as text on one line, without control or direction characters; None is a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return _INVISIBLE.sub(" ", str(value)).strip()


def shorten(text: str, max_chars: int = MAX_CHARS) -> str:
    """Cut a text to at most `max_chars` characters, the last an ellipsis; between words, unless that would lose more than half of it.

    >>> shorten("abcdef", 4), shorten("not before Monday", 12)
    ('abc…', 'not before…')
    """
    if len(text) <= max_chars:
        return text
    kept = text[: max(max_chars - 1, 0)]
    end = len(kept) if text[len(kept)] == " " else kept.rfind(" ")
    return (kept[:end].rstrip(" ,;:") if end > len(kept) // 2 else kept) + "…"


def bounded(text: str) -> str:
    """Cut a name at `MAX_CHARS`, and what has several words at `SENTENCE`, which none of keepfit's own sentences reaches."""
    return shorten(text, SENTENCE if " " in text else MAX_CHARS)


def inline(value: object, *, max_chars: int | None = None) -> str:
    r"""Return a value as Markdown that shows exactly its text and does nothing else, in a cell, a heading or a sentence.

    It is bounded by `bounded`, or cut at `max_chars`.

    >>> print(inline("[click](javascript:x) *now* snake_case"))
    \[click\](javascript:x) \*now\* snake_case
    """
    if isinstance(value, Raw):
        return _INVISIBLE.sub(" ", value).replace("|", "\\|")
    whole = plain(value)
    text = (shorten(whole, max_chars) if max_chars else bounded(whole)).translate(_ENTITIES)
    return _MARKS.sub(r"\\\g<0>", text)


def markdown_table(headers: Sequence[object], rows: Iterable[Sequence[object]], *, max_rows: int = MAX_ROWS, max_chars: int | None = None) -> str:
    """Return a GitHub-flavoured Markdown table that ends in a newline; columns that hold only numbers align right.

    Rows past `max_rows` are counted in a line below the table, cells are cut as `inline` does;
    a row with too few cells is filled up with dashes, one with too many is a `ValueError`. No rows: the header alone.
    """
    width = len(headers)
    shown, left_off = _bounded(rows, max_rows)
    filled = [_filled(row, width) for row in shown]
    align = ["--:" if _numeric(column) else "---" for column in zip(*filled, strict=True)] if filled else ["---"] * width
    lines = [_line(inline(head, max_chars=max_chars) for head in headers), f"|{'|'.join(align)}|"]
    lines += [_line(inline(cell, max_chars=max_chars) for cell in row) for row in filled]
    if left_off:
        lines += ["", f"… and {number(left_off)} more rows"]
    return "\n".join(lines) + "\n"


def _bounded(rows: Iterable[Sequence[object]], max_rows: int) -> tuple[list[Sequence[object]], int]:
    every = iter(rows)
    return list(islice(every, max_rows)), sum(1 for _ in every)


def _filled(row: Sequence[object], width: int) -> tuple[object, ...]:
    if len(row) > width:
        raise ValueError(f"a row of {len(row)} cells in a table of {width} columns")
    return (*row, *[None] * (width - len(row)))


def _numeric(column: Sequence[object]) -> bool:
    values = [value for value in column if value is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
