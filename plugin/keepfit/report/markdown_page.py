r"""A report's Markdown as pieces for a page: headings, paragraphs, lists and tables, each with plain text, which the page escapes.

>>> [(piece.kind, piece.lines) for piece in pieces("# Title\n\nOne.\n\n- a\n- b\n")]
[('heading', ('Title',)), ('text', ('One.',)), ('list', ('a', 'b'))]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from keepfit.report.blocks import Block, TableBlock, blocks

Kind = Literal["heading", "text", "list", "table"]


@dataclass(frozen=True, kw_only=True)
class PagePiece:
    """A piece of a page; `table` of the kind table only."""

    kind: Kind
    lines: tuple[str, ...] = ()
    table: TableBlock | None = None


def pieces(markdown: str) -> tuple[PagePiece, ...]:
    """Return the report's pieces in their order; empty lines are left out."""
    return tuple(_pieces(blocks(markdown)))


def _pieces(found: Iterable[Block]) -> Iterator[PagePiece]:
    for kind, group in groupby(found, key=_kind):
        if kind == "table":
            yield from (PagePiece(kind="table", table=one) for one in group if isinstance(one, TableBlock))
            continue
        lines = tuple(one.text for one in group if not isinstance(one, TableBlock) and one.text.strip())
        if kind == "list":
            yield PagePiece(kind="list", lines=tuple(line.removeprefix("- ") for line in lines))
        else:
            yield from (PagePiece(kind=kind, lines=(line,)) for line in lines)


def _kind(block: Block) -> Kind:
    if isinstance(block, TableBlock):
        return "table"
    return "list" if block.text.startswith("- ") else "heading" if block.strong else "text"
