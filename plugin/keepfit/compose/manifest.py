"""The manifest: each row's id, source, part, weight and reason; and its summary, the Composition.

Every row of every window is in it exactly once. Parts: `train` and `replay` train, `evaluate` judges, `holdout` never trains
(and judges a first model), `out` does nothing and says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.fates import PARTS, Fates
from keepfit.compose.sources import SortedRows
from keepfit.records import Part
from keepfit.tables.from_numpy import from_numpy, texts

DIGITS = 6
BLOCK = 1 << 17
ORDER = ("train", "replay", "evaluate", "holdout", "out")
TOLD = ("row_id", "source", "part", "weight", "reason")
"""The columns whose values the digest is of, in this order: one that comes later is no part of it."""
TEXT = pa.string()
SCHEMA = pa.schema([("row_id", TEXT), ("source", TEXT), ("part", TEXT), ("weight", pa.float64()), ("reason", TEXT)])


def manifest_blocks(rows: SortedRows, fates: Fates, weight: npt.NDArray[np.float64]) -> Iterator[pa.Table]:
    """Yield the manifest, sorted by row id as the rows are, a block of rows at a time."""
    sources, parts, reasons = (pa.array(list(names), TEXT) for names in (rows.names, PARTS, fates.reasons))
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        columns = [
            rows.row_id.slice(start, BLOCK),
            texts(rows.window[block], sources),
            texts(fates.part[block], parts),
            from_numpy(weight[block]),
            texts(fates.reason[block], reasons),
        ]
        yield pa.table(columns, schema=SCHEMA).combine_chunks()


def manifest_digest(manifest: pa.Table) -> str:
    """Return `sha256:` and the hex digest of the manifest's values: whether two compositions are the same, in one word."""
    digest = ManifestDigest()
    for start in range(0, manifest.num_rows, BLOCK):
        digest.add(manifest.slice(start, BLOCK))
    return digest.told


class ManifestDigest:
    """The digest of a manifest that passes by: a line a row, its values between tabs, as Python writes them."""

    def __init__(self) -> None:
        self._hash, self._begun = hashlib.sha256(), False

    @property
    def told(self) -> str:
        """`sha256:` and the hex digest of what has passed."""
        return "sha256:" + self._hash.hexdigest()

    def add(self, block: pa.Table) -> None:
        """Take in the next rows."""
        if block.num_rows:
            self._hash.update(b"\n" if self._begun else b"")
            self._hash.update(_lines(block))
            self._begun = True


def _lines(block: pa.Table) -> memoryview:
    """The lines of a block, the last without its end."""
    lines = pc.binary_join_element_wise(*(_written(block[name]) for name in TOLD), "\t")
    whole = pc.binary_join_element_wise(lines, "", "\n")
    _, offsets, data = whole.buffers()
    ends = np.frombuffer(offsets, np.int32)[whole.offset : whole.offset + len(whole) + 1]
    return memoryview(data)[ends[0] : ends[-1] - 1]


def _written(column: pa.ChunkedArray) -> pa.Array:
    """Each value as `str` writes it."""
    values = column.combine_chunks()
    if pa.types.is_string(values.type):
        return pc.fill_null(values, "None") if values.null_count else values
    coded = values.dictionary_encode(null_encoding="encode")
    return pa.array([str(value) for value in coded.dictionary.to_pylist()], TEXT).take(coded.indices)


def summarise(rows: SortedRows, fates: Fates, weight: npt.NDArray[np.float64]) -> tuple[Part, ...]:
    """Return the rows of each window, part and reason: what a person reads of the manifest."""
    shape = (len(rows.windows), len(PARTS), len(fates.reasons))
    group = np.ravel_multi_index((rows.window, fates.part, fates.reason), shape)
    size = int(np.prod(shape))
    counted = np.bincount(group, minlength=size)
    labelled = np.bincount(group[~np.isnan(rows.label)], minlength=size)
    weighed = np.bincount(group, weights=weight, minlength=size)
    found = []
    for at in np.flatnonzero(counted):
        window, part, reason = np.unravel_index(at, shape)
        n = int(counted[at])
        mean = round(float(weighed[at]) / n, DIGITS)
        told = Part(
            window=rows.windows[window].id, part=cast("Any", PARTS[part]), reason=fates.reasons[reason], rows=n, labelled=int(labelled[at]), weight=mean
        )
        found.append((int(window), ORDER.index(told.part), told.reason, told))
    return tuple(told for *_, told in sorted(found, key=lambda one: one[:3]))


def class_shares(labels: npt.NDArray[np.float64]) -> Mapping[str, float]:
    """Return each class's share of the labels, by the class as text.

    >>> dict(class_shares(np.array([0.0, 0.0, 0.0, 1.0])))
    {'0': 0.75, '1': 0.25}
    """
    classes, counts = np.unique(labels, return_counts=True)
    return {f"{value:g}": round(int(count) / len(labels), DIGITS) for value, count in zip(classes, counts, strict=True)}
