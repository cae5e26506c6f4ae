"""What a column of texts is counted on, learned in one pass: the words that it knows, and the quantiles of its texts' lengths in words.

>>> sketch = TextSketch(rows=3, bins=15)
>>> sketch.add(pa.array(["pay the bill", "the bill", None]))
>>> layout = sketch.layout()
>>> layout.lengths.edges, layout.known == TextSketch(rows=0, bins=15).layout().known
((1.9999999999999998, 2.0, 3.0), False)
"""

from __future__ import annotations

from copy import copy

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.profiles.known_words import STRETCHES, WordsLearner, digest_of
from keepfit.profiles.number_sketch import NumberSketch
from keepfit.profiles.texts import BUCKETS, SHARES, blocks_of, pieces_of
from keepfit.records import NumericProfile, TextProfile


class TextSketch:
    """Learns a column's words and lengths from batches in the table's order; `rows` is how many the table has at most, `first_row` where the part starts."""

    def __init__(self, rows: int, bins: int, *, first_row: int = 0) -> None:
        self._words, self._lengths = WordsLearner(whole=not first_row), NumberSketch(bins)
        self._rows, self._seen = max(rows, 1), first_row

    def __add__(self, other: TextSketch) -> TextSketch:
        """Return the sketch of this part and the next one; neither is changed."""
        found = copy(self)
        found._words, found._lengths = self._words + other._words, self._lengths + other._lengths
        found._seen = max(self._seen, other._seen)
        return found

    def add(self, values: pa.ChunkedArray | pa.Array, picked: npt.NDArray[np.int64] | None = None) -> None:
        """Take in a batch, of which the rows `picked` are in the sample (default: all)."""
        lengths = np.full(len(values), np.nan)
        for stretch, start, end in self._stretches(len(values)):
            part = values.slice(start, end - start)
            counted = []
            for texts, _, _ in blocks_of(part):
                pieces = pieces_of(texts)
                self._words.add(pieces.words, stretch)
                counted.append(pieces.summed(pieces.sizes))
            lengths[start:end][known_of(part)] = np.concatenate(counted) if counted else []
        self._lengths.add(lengths, np.arange(len(values)) if picked is None else picked)
        self._seen += len(values)

    def _stretches(self, rows: int) -> list[tuple[int, int, int]]:
        """The stretches that the next rows lie in, each with its rows from where to where."""
        bounds = [-(-self._rows * number // STRETCHES) - self._seen for number in range(STRETCHES + 1)]
        bounds[-1] = max(bounds[-1], rows)  # more rows than were said are the last stretch's
        parts = [(number, max(0, bounds[number]), min(rows, bounds[number + 1])) for number in range(STRETCHES)]
        return [part for part in parts if part[1] < part[2]]

    def layout(self) -> TextProfile:
        """Return what was learned, with nothing counted."""
        seen, shared = self._words.filters()
        return TextProfile(
            lengths=self._lengths.layout(),
            unknown=NumericProfile(
                edges=SHARES, counts=(0,) * (len(SHARES) + 1), n=0, missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=None, high=None
            ),
            buckets=(0,) * BUCKETS,
            n=0,
            missing=0,
            words=0,
            unseen=0,
            known=digest_of(seen),
            seen=seen,
            shared=shared,
        )


def known_of(values: pa.ChunkedArray | pa.Array) -> npt.NDArray[np.bool_]:
    """Return which values are there, read from Arrow's buffers."""
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    return np.concatenate([_known(chunk) for chunk in chunks]) if chunks else np.zeros(0, np.bool_)


def _known(chunk: pa.Array) -> npt.NDArray[np.bool_]:
    if pa.types.is_null(chunk.type):
        return np.zeros(len(chunk), np.bool_)
    mask = chunk.is_valid()
    bits = np.unpackbits(np.frombuffer(mask.buffers()[1], np.uint8), bitorder="little") if len(mask) else np.zeros(0, np.uint8)
    return bits[mask.offset : mask.offset + len(mask)].astype(np.bool_)
