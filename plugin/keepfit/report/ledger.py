"""What a ledger holds, as a table, and what of it can go, as a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from keepfit.report.tables import markdown_table, number

MEGA = 1_000_000


def sizes_table(tables: Iterable[tuple[str, int, int]]) -> str:
    """Return rows and megabytes of each table.

    >>> print(sizes_table([("windows", 12, 320_000)]), end="")
    | table | rows | MB |
    |---|--:|---|
    | windows | 12 | 0.32 |
    """
    return markdown_table(("table", "rows", "MB"), [(name, rows, megabytes(characters)) for name, rows, characters in tables])


def gone_sentence(*, windows: int, steps: int, messages: int, characters: int) -> str:
    """Return what can go, or went.

    >>> gone_sentence(windows=31, steps=60, messages=4, characters=2_500_000)
    '31 windows of former champions, 60 policy steps and 4 settled messages, 2.5 MB'
    """
    return f"{windows:,} windows of former champions, {steps:,} policy steps and {messages:,} settled messages, {megabytes(characters)} MB"


def megabytes(characters: int) -> str:
    """Return a size in megabytes."""
    return number(characters / MEGA, digits=2)
