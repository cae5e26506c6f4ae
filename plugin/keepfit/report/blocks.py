r"""A report's Markdown read back as what it shows: lines and tables, for a terminal or a pipe, where nobody renders Markdown.

Reads the Markdown that this package writes (`inline`, `markdown_table`, headings, bullets, bold lines), not Markdown at large.

>>> print(plain_text("**drift: a\\|b &lt; 1**\n\n| column | effect |\n|---|--:|\n| a\\|b | 0.25 |\n| c | 12 |\n"), end="")
drift: a|b < 1
<BLANKLINE>
column  effect
a|b       0.25
c           12
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

GAP = "  "
RULE = "---"
_TOKEN = re.compile(r"\\(?P<mark>[\\`*\[\]~|_:.])|(?P<entity>&(?:amp|lt|gt|#36);)|\[(?P<label>(?:\\.|[^\]\\])*)\]\((?P<link>[^)]*)\)|(?P<dropped>\*\*|`)")
_CELLS = re.compile(r"((?:\\.|[^|\\])*)\|")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&#36;": "$"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of text as it is shown; `strong` is a heading or a line in bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class TableBlock:
    """A table: its cells as they are shown, and which columns align right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]


Block = Line | TableBlock


def blocks(markdown: str) -> Iterator[Block]:
    """Yield the lines and tables of a report in their order."""
    lines = markdown.rstrip("\n").split("\n") if markdown else []
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        found = list(group)
        if is_table and len(found) > 1 and found[1].startswith(("|---", "|--:")):
            yield _grid(found)
        else:
            yield from map(_line, found)


def plain_text(markdown: str) -> str:
    """Return the report as plain text: no marks, tables in columns, nothing wrapped or cut; ends in a newline unless it is empty."""
    lines = [text for block in blocks(markdown) for text in ([block.text] if isinstance(block, Line) else columns(block))]
    return "\n".join(line.rstrip() for line in lines) + "\n" if lines else ""


def shown(text: str) -> str:
    r"""Return what a piece of Markdown shows: the inverse of `inline`.

    >>> shown(r"\[click\](javascript:x) \*now\* &lt;b&gt;"), shown("**bold** `keepfit gate` [run](http://h/1)")
    ('[click](javascript:x) *now* <b>', 'bold keepfit gate run (http://h/1)')
    """
    return _TOKEN.sub(_showing, text)


def columns(grid: TableBlock) -> Iterator[str]:
    """Yield a table's lines with its columns in line; a cell is as wide as it is."""
    every = (grid.headers, *grid.rows)
    wide = [max(width(row[at]) for row in every) for at in range(len(grid.headers))]
    for row in every:
        yield GAP.join(padded(cell, wide[at], right=grid.right[at]) for at, cell in enumerate(row)).rstrip()


def width(text: str) -> int:
    """Return how many places of a terminal a text takes: wide characters take two, combining ones none.

    >>> width("Łódź"), width("東京"), width("e\u0301")
    (4, 4, 1)
    """
    return len(text) if text.isascii() else sum(_places(character) for character in text)


def _places(character: str) -> int:
    return 0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(cell: str, wide: int, *, right: bool) -> str:
    """Return a cell filled up to its column's width."""
    space = " " * (wide - width(cell))
    return space + cell if right else cell + space


def _showing(found: re.Match[str]) -> str:
    if found["link"] is not None:
        return f"{shown(found['label'])} ({found['link']})"
    return found["mark"] or _ENTITIES.get(found["entity"] or "", "")


def _line(text: str) -> Line:
    heading = re.match(r"#{1,6} ", text)
    if heading:
        return Line(text=shown(text[heading.end() :]), strong=True)
    return Line(text=shown(text), strong=text.startswith("**"))


def _grid(lines: Sequence[str]) -> TableBlock:
    headers, ruler, *rows = (tuple(_cells(line)) for line in lines)
    width_of = len(headers)
    return TableBlock(headers=headers, rows=tuple(_fitted(row, width_of) for row in rows), right=tuple(cell.endswith(":") for cell in ruler))


def _fitted(row: Sequence[str], size: int) -> tuple[str, ...]:
    return (*row[:size], *[""] * (size - len(row)))


def _cells(line: str) -> Iterable[str]:
    return (shown(cell.strip()) for cell in _CELLS.findall(line[1:]))
