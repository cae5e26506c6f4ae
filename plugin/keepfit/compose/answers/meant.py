"""What an answer means: which class or number the text of a cell says, after what spreadsheets do to it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from keepfit.tables.missing import MISSING_WORDS
from keepfit.tables.spreadsheet import NUMBER

DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+", re.ASCII)
TRUTH: Final = {"true": "1", "false": "0", "yes": "1", "no": "0"}


def is_empty(text: str, classes: Sequence[str]) -> bool:
    """Whether the text is no answer: nothing, or a word for a missing value that is no class.

    >>> is_empty("#N/A", ("no", "yes")), is_empty("NA", ("NA", "EU"))
    (True, False)
    """
    return text not in classes and text in MISSING_WORDS


def class_meant(text: str, classes: Sequence[str]) -> str | None:
    """Return the class that the text means; None where it is none, or could be two.

    As it is written; else without regard to accents' encoding, to letters' case (`TRUE`), or as the number (`1.0`) or truth that it says.

    >>> class_meant("TRUE", ("false", "true")), class_meant("1,0", ("0", "1")), class_meant("True", ("0", "1")), class_meant("maybe", ("no", "yes"))
    ('true', '1', '1', None)
    """
    if text in classes:
        return text
    return next((found for same in (_composed, _any_case, _number, _truth) if (found := _only(text, classes, same)) is not None), None)


def number_meant(text: str) -> str | None:
    """Return the number that the text says, as people write it; None where it says none that is finite.

    >>> number_meant("3,50"), number_meant("1e3"), number_meant("1.234,5"), number_meant("inf")
    ('3.5', '1000', None, None)
    """
    text = text.replace(",", ".") if DECIMAL_COMMA.fullmatch(text) else text
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return None if not math.isfinite(value) else f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)


def _only(text: str, classes: Sequence[str], same: Callable[[str], str | None]) -> str | None:
    """The one class that is the same as the text."""
    said = same(text)
    found = [one for one in classes if said is not None and same(one) == said]
    return found[0] if len(found) == 1 else None


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _any_case(text: str) -> str:
    return _composed(text).casefold()


def _number(text: str) -> str | None:
    return number_meant(text)


def _truth(text: str) -> str | None:
    return TRUTH.get(text.casefold(), text if text in ("0", "1") else None)
