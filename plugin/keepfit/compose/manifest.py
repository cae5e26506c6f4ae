"""The manifest: each row's id, source, part, weight and reason; and its summary, the Composition.

Every row of every window is in it exactly once. Parts: `train` and `replay` train, `evaluate` judges, `holdout` never trains
(and judges a first model), `out` does nothing and says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.fates import PARTS, Fates
from keepfit.compose.sources import SortedRows
from keepfit.records import Part
from keepfit.tables.from_numpy import from_numpy

DIGITS = 6
BLOCK = 1 << 17
ORDER = ("train", "replay", "evaluate", "holdout", "out")
TOLD = ("row_id", "source", "part", "weight", "reason")
"""The columns whose values the digest is of, in this order: one that comes later is no part of it."""
TEXT = pa.string()
SCHEMA = pa.schema([("row_id", TEXT), ("source", TEXT), ("part", TEXT), ("weight", pa.float64()), ("reason", TEXT)])
CODED = pa.schema([field.with_type(pa.dictionary(pa.int32(), TEXT)) if field.name in {"source", "part", "reason"} else field for field in SCHEMA])
"""The manifest as it streams: what repeats is a code, and text again where it is read."""


def manifest_blocks(rows: SortedRows, fates: Fates, weight: npt.NDArray[np.float64]) -> Iterator[pa.Table]:
    """Yield the manifest, sorted by row id as the rows are, a block of rows at a time, `CODED`."""
    sources, parts, reasons = (pa.array(list(names), TEXT) for names in (rows.names.tolist(), PARTS, fates.reasons))

    def coded(codes: npt.NDArray[Any], names: pa.Array) -> pa.Array:
        return pa.DictionaryArray.from_arrays(from_numpy(codes.astype(np.int32)), names)

    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        columns = [
            rows.row_id.slice(start, BLOCK),
            coded(rows.window[block], sources),
            coded(fates.part[block], parts),
            from_numpy(weight[block]),
            coded(fates.reason[block], reasons),
        ]
        yield pa.table(columns, schema=CODED).combine_chunks()


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
    ids = block["row_id"].combine_chunks()
    whole = pc.binary_join_element_wise(pc.fill_null(ids, "None") if ids.null_count else ids, _rests(block), "\t")
    _, offsets, data = whole.buffers()
    ends = np.frombuffer(offsets, np.int32)[whole.offset : whole.offset + len(whole) + 1]
    return memoryview(data)[ends[0] : ends[-1] - 1]


def _rests(block: pa.Table) -> pa.Array:
    """What stands after the id in each line, and its end: written once for all rows that say the same."""
    same, names = np.zeros(block.num_rows, np.int64), []
    for name in TOLD[1:]:
        values = block[name].combine_chunks()
        coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode(null_encoding="encode")
        names.append([str(value) for value in coded.dictionary.to_pylist()])
        same = same * len(names[-1]) + coded.indices.to_numpy()
    found = from_numpy(same).dictionary_encode()
    places = np.unravel_index(found.dictionary.to_numpy(), [len(each) for each in names])
    rests = ["\t".join(each[at] for each, at in zip(names, row, strict=True)) + "\n" for row in zip(*(place.tolist() for place in places), strict=True)]
    return pa.array(rests, TEXT).take(found.indices)


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


def class_shares(labels: npt.NDArray[np.float64], listed: Sequence[str] = ()) -> Mapping[str, float]:
    """Return each class's share of the labels, by the class as text; of all that are `listed`, where there are more than two.

    >>> dict(class_shares(np.array([0.0, 0.0, 0.0, 1.0])))
    {'0': 0.75, '1': 0.25}
    """
    if listed:
        rows = np.bincount(labels.astype(np.int64), minlength=len(listed))
        return {name: round(int(rows[code]) / len(labels), DIGITS) for code, name in enumerate(listed)}
    classes, counts = np.unique(labels, return_counts=True)
    return {f"{value:g}": round(int(count) / len(labels), DIGITS) for value, count in zip(classes, counts, strict=True)}
