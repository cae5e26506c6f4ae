"""Rows as points of one space, in which two rows are far apart where many of their features differ.

Each feature counts the same: a number by its place among the others (so that no unit and no outlier decides), a category as alike or not, a text by the
words and three-letter pieces that it shares. What is missing is like what is missing, and unlike the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from keepfit.params import FeatureKind

Space = npt.NDArray[np.float32]
CATEGORIES, PIECES, READ = 24, 256, 2000
"""Categories that are told apart, dimensions that a text gets, and how many of its characters are read."""
NUMBERS = "numeric"
TEXTS = "text"


def row_space(features: pa.Table, kinds: Mapping[str, FeatureKind]) -> Space:
    """Return a point a row; rows without a feature lie in one place.

    >>> near = row_space(pa.table({"n": [1.0, 2.0, 900.0], "c": ["a", "a", "b"]}), {"n": "numeric", "c": "categorical"})
    >>> ((near[0] - near[1]) ** 2).sum() < ((near[0] - near[2]) ** 2).sum()
    np.True_
    """
    parts = [part for name, kind in kinds.items() if name in features.column_names for part in _parts(features[name], str(kind))]
    return np.column_stack(parts).astype(np.float32) if parts else np.zeros((features.num_rows, 1), np.float32)


def _parts(column: pa.ChunkedArray, kind: str) -> Iterator[npt.NDArray[np.floating]]:
    values = column.combine_chunks()
    if kind == NUMBERS and _holds_numbers(values.type):
        yield from _of_numbers(np.asarray(pc.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64))
    elif kind == TEXTS:
        yield _of_texts(values)
    else:
        yield _of_categories(values)


def _holds_numbers(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def _of_numbers(values: npt.NDArray[np.float64]) -> Iterator[npt.NDArray[np.float64]]:
    """The place of each number among the others, 0 to 1, equal numbers in one place; and whether it is missing."""
    known = np.isfinite(values)
    places = np.full(len(values), 0.5)
    if known.any():
        _, at, counts = np.unique(values[known], return_inverse=True, return_counts=True)
        middle = np.cumsum(counts) - counts / 2
        places[known] = middle[at] / known.sum()
    yield places
    if not known.all():
        yield (~known).astype(np.float64)


def _of_categories(values: pa.Array) -> npt.NDArray[np.float64]:
    """One column a frequent category, at a distance of 1 from each other one."""
    if not pa.types.is_dictionary(values.type):
        values = pc.dictionary_encode(values if not pa.types.is_nested(values.type) else pa.array(map(str, values.to_pylist())), null_encoding="encode")
    codes = np.asarray(values.indices.fill_null(len(values.dictionary)).to_numpy(zero_copy_only=False), np.int64)
    words = np.array([*map(str, values.dictionary.to_pylist()), ""])
    counts = np.bincount(codes, minlength=len(words))
    frequent = np.lexsort((words, -counts))[:CATEGORIES]
    alike: npt.NDArray[np.float64] = (codes[:, None] == frequent[None, :]) / np.sqrt(2)
    return alike


def _of_texts(values: pa.Array) -> npt.NDArray[np.float32]:
    """Three-letter pieces, hashed: languages without spaces have them as well."""
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = [str(text)[:READ] if text is not None else "" for text in values.to_pylist()]
    pieces = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 3), n_features=PIECES, dtype=np.float32)
    found: npt.NDArray[np.float32] = pieces.transform(texts).toarray() / np.float32(np.sqrt(2))
    return found
