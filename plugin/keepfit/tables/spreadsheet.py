"""Cells that a spreadsheet shows as they are: a text that it would take for a formula gets an apostrophe before it, which is taken away when it comes back.

>>> guarded("=1+1"), unguarded(guarded("=1+1")), guarded("-5"), guarded("yes")
("'=1+1", '=1+1', '-5', 'yes')
"""

from __future__ import annotations

import re
from typing import Final

AS_TEXT: Final = "id:"
WORD: Final = re.compile(r"[A-Za-z_][\w.:/ -]*", re.ASCII)
DATE_LIKE: Final = re.compile(r"(true|false|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
"""What a text may begin with that a spreadsheet takes for a truth value or a month."""
FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet computes it; a number stays one. `unguarded` gives back what it was, whatever it was."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute the text."""
    return not text.startswith("'") and bool(FORMULA.match(text)) and not NUMBER.fullmatch(text)


def id_cell(text: str) -> str:
    """Return an id as a cell that no spreadsheet turns into a number, a date or a truth value; `id_of_cell` gives back what it was.

    Whatever begins like a word stays as it is; all else (`007`, `1e5`, `2013-02-01`, `MAR1`, and an id that begins with the mark itself) gets `id:` before it.

    >>> id_cell("r00017"), id_cell("00017"), id_cell("12e4"), id_cell("MAR1"), id_of_cell(id_cell("id:7"))
    ('r00017', 'id:00017', 'id:12e4', 'id:MAR1', 'id:7')
    """
    return text if WORD.fullmatch(text) and not DATE_LIKE.match(text) and not text.startswith(AS_TEXT) else f"{AS_TEXT}{text}"


def id_of_cell(text: str) -> str:
    """Return the id that a cell was made of; a cell without the mark is the id."""
    return text.removeprefix(AS_TEXT)
