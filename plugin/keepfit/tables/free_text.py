"""Is a column free text, to be read as words, or names of categories?

Free text has several words (or, without spaces, a dozen characters) and hardly repeats itself. Blind to short remarks ("ok", "call back"), which stay
categories, and to addresses and full names of things, which are texts by this rule: a person says otherwise in params.yaml.

>>> is_free_text(pa.chunked_array([[f"my parcel number {row} never arrived" for row in range(30)]]))
True
>>> is_free_text(pa.chunked_array([["never arrived", "came late"] * 15])), is_free_text(pa.chunked_array([[f"A{row}" for row in range(30)]]))
(False, False)
"""

from __future__ import annotations

from statistics import median
from typing import Any

import pyarrow as pa

from keepfit.tables.number_text import is_text
from keepfit.tables.words import words_of

LOOKED_AT, FEWEST = 1_000, 20
WORDS, DISTINCT = 4, 0.5


def is_free_text(values: pa.ChunkedArray | pa.Array) -> bool:
    """Whether a column's first known values are texts of several words, most of them different; a column of fewer than 20 values is not."""
    known = first_texts(values)
    return len(known) >= FEWEST and len(set(known)) > DISTINCT * len(known) and usual_words(known) >= WORDS


def first_texts(values: pa.ChunkedArray | pa.Array) -> list[str]:
    """Return the first known values of a column of text, none of any other."""
    if not is_text(values.type):
        return []
    found: list[Any] = []
    for start in range(0, min(len(values), 20 * LOOKED_AT), LOOKED_AT):  # text becomes Python's slowly: no more of it than is looked at
        found += [value for value in values.slice(start, LOOKED_AT).to_pylist() if value is not None]
        if len(found) >= LOOKED_AT:
            break
    return found[:LOOKED_AT]


def usual_words(texts: list[str]) -> float:
    """Return how many words the texts have, the median."""
    return median([len(words_of(text[:LOOKED_AT])) for text in texts] or [0])
