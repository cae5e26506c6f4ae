"""A report laid out by rich for the terminal that it is printed on: bold headings, tables as wide as there is room.

A table too wide for the terminal loses its empty columns and wraps its longest ones, between words; one that would still break words
is shown row by row. Commands are left on one line, so that they can be copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from keepfit.report.blocks import GAP, Line, TableBlock, blocks, padded, width
from keepfit.report.tables import NOTHING

if TYPE_CHECKING:
    from rich.console import Console

READABLE = 20  # a wrapped column narrower than this is hard to read
EMPTY = ("", NOTHING)
LOUD = frozenset({"DRIFT", "BLOCKS"})
_BULLET = re.compile(r" *- ")


def laid_out(markdown: str) -> str:
    """Return the report as the terminal shows it, with its colours unless NO_COLOR is set; as wide as the terminal is."""
    from rich.console import Console

    console = Console(highlight=False)
    with console.capture() as captured:
        for block in blocks(markdown):
            if isinstance(block, Line):
                _print_line(console, block)
            else:
                _print_table(console, block)
    return captured.get()


def _print_line(console: Console, line: Line) -> None:
    """Print a line of text, folded under its own bullet; what is only indented is a command and stays whole."""
    bullet = _BULLET.match(line.text)
    if bullet is not None:
        _print_hanging(console, bullet.group(), line.text[bullet.end() :])
    elif line.text.startswith(" "):
        _print_whole(console, line.text)
    else:
        for part in _wrapped(console, line.text, console.width):
            _print_whole(console, part, style="bold" if line.strong else "")


def _print_whole(console: Console, text: str, *, style: str = "") -> None:
    """Print a line that is not to be wrapped any more."""
    from rich.text import Text

    console.print(Text(text, style=style), soft_wrap=True)


def _print_hanging(console: Console, mark: str, text: str) -> None:
    """Print a text behind its mark, wrapped to what is right of it."""
    for number, part in enumerate(_wrapped(console, text, console.width - width(mark))):
        _print_whole(console, (mark if number == 0 else " " * width(mark)) + part)


def _print_table(console: Console, grid: TableBlock) -> None:
    shown = grid if _room_for(console, _widths(grid)) >= 0 else _without_empty(grid)
    if _room_for(console, _narrowest(shown)) >= 0:
        _print_columns(console, shown)
    else:
        _print_rows(console, shown)


def _room_for(console: Console, widths: list[int]) -> int:
    """How many places are left beside columns as wide as these; below 0 if they do not fit."""
    return console.width - sum(widths) - len(GAP) * (len(widths) - 1)


def _widths(grid: TableBlock) -> list[int]:
    return [max(map(width, column)) for column in _columns_of(grid)]


def _narrowest(grid: TableBlock) -> list[int]:
    """Each column's width as it can still be read: no word is broken, and a long text keeps some room."""
    longest = [max(width(word) for cell in column for word in (cell.split() or [""])) for column in _columns_of(grid)]
    texts = [min(max(map(width, column[1:]), default=0), READABLE) for column in _columns_of(grid)]
    return [max(both) for both in zip(longest, texts, strict=True)]


def _columns_of(grid: TableBlock) -> tuple[tuple[str, ...], ...]:
    """The cells of each column, its header first."""
    return tuple(zip(grid.headers, *grid.rows, strict=True))


def _without_empty(grid: TableBlock) -> TableBlock:
    kept = [at for at, (_, *cells) in enumerate(_columns_of(grid)) if not cells or any(cell not in EMPTY for cell in cells)]
    rows = tuple(tuple(row[at] for at in kept) for row in grid.rows)
    return TableBlock(headers=tuple(grid.headers[at] for at in kept), rows=rows, right=tuple(grid.right[at] for at in kept))


def _fitted(console: Console, grid: TableBlock) -> list[int]:
    """The columns' widths in the room that there is: the widest gives way first, none below what can be read."""
    widths, least = _widths(grid), _narrowest(grid)
    for _ in range(-_room_for(console, widths)):
        at = max((at for at in range(len(widths)) if widths[at] > least[at]), key=lambda at: widths[at])
        widths[at] -= 1
    return widths


def _print_columns(console: Console, grid: TableBlock) -> None:
    """Print a table with its columns in line, a cell that is too long over several lines; the header and what is loud in bold."""
    widths = _fitted(console, grid)
    for number, row in enumerate((grid.headers, *grid.rows)):
        style = "bold" if number == 0 or LOUD & set(row) else ""
        cells = [_wrapped(console, cell, wide) for cell, wide in zip(row, widths, strict=True)]
        for line in zip_longest(*cells, fillvalue=""):
            parts = (padded(part, wide, right=right) for part, wide, right in zip(line, widths, grid.right, strict=True))
            _print_whole(console, GAP.join(parts).rstrip(), style=style)


def _wrapped(console: Console, text: str, wide: int) -> list[str]:
    from rich.text import Text

    return [part.plain.rstrip() for part in Text(text).wrap(console, max(wide, 1))] or [""]


def _print_rows(console: Console, grid: TableBlock) -> None:
    """Print each row as its first two cells (one, if the second is a number), and below it what the others hold, each with its header."""
    first = 1 if any(grid.right[1:2]) else 2
    for row in grid.rows:
        for part in _wrapped(console, GAP.join(row[:first]), console.width):
            _print_whole(console, part, style="bold")
        _print_hanging(console, GAP, "; ".join(_named(grid.headers[first:], row[first:])))


def _named(headers: tuple[str, ...], cells: tuple[str, ...]) -> Iterator[str]:
    return (f"{header}: {cell}" if header else cell for header, cell in zip(headers, cells, strict=True) if cell not in EMPTY)
