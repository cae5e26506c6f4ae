"""Cells that a spreadsheet shows as they are: a text that it would take for a formula gets an apostrophe before it, which is taken away when it comes back.

>>> guarded("=1+1"), unguarded(guarded("=1+1")), guarded("-5"), guarded("yes")
("'=1+1", '=1+1', '-5', 'yes')
"""

from __future__ import annotations

import re
from typing import Final

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
