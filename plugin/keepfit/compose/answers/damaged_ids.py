"""Ids that a spreadsheet turned into numbers, times or truth: which id it was, if only one can have been.

It is said, never assumed: the wrong row's label would be worse than none.

>>> meant_id("1.23457E+19", ["12345678901234567890"]), meant_id("7", ["007", "8"]), meant_id("7", ["07", "007"])
('12345678901234567890', '007', None)
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from keepfit.tables.spreadsheet import NUMBER

KEPT: Final = 15
"""Digits that a spreadsheet keeps of a number."""


def meant_id(text: str, ids: Collection[str]) -> str | None:
    """Return the one id of these that a spreadsheet would have turned into the text; None where it is none or could be several."""
    for same in (_any_case, _as_number, _cut, _rounded):
        said = same(text)
        found = {one for one in ids if same(one) == said} if said is not None else set[str]()
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def _any_case(text: str) -> str:
    return text.strip().casefold()


def _as_number(text: str) -> str | None:
    """Without leading zeros, or a fraction of nothing."""
    text = text.replace(",", ".")
    return text.lstrip("+0").split(".")[0] or "0" if NUMBER.fullmatch(text) and re.fullmatch(r"\+?\d+(\.0*)?", text) else None


def _rounded(text: str) -> str | None:
    """As `1.23457E+19`."""
    text = text.replace(",", ".")
    return f"{float(text):.5E}" if NUMBER.fullmatch(text) else None


def _cut(text: str) -> str | None:
    """As `12345678901234600000`: fifteen digits, then zeros."""
    return f"{float(text):.{KEPT - 1}E}" if text.isascii() and text.isdigit() and len(text) > KEPT else None
