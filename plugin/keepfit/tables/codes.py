"""Codes among integers: Arrow reads `01234` and `0x1F` as whole numbers, though a leading zero says that the digits are a name."""

from __future__ import annotations

import re

import pyarrow as pa

from keepfit.tables.number_text import signs_of

PADDED = re.compile(rb"[,;|\t\n\"][-+]?0[0-9xX]")


def may_hold_codes(type_: pa.DataType) -> bool:
    """Whether a reader that guessed this type may have made numbers of codes: of integers, or with a fraction somewhere among them; NULL so far."""
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_null(type_))


def code_columns(texts: pa.Table) -> list[str]:
    """Return the names of the text columns whose digits are names: postcodes, padded ids, hexadecimal numbers.

    >>> code_columns(pa.table({"zip": ["01234", "90210"], "n": ["1", "0"]}))
    ['zip']
    """
    return [name for name in texts.column_names if signs_of(texts[name]).padded]
