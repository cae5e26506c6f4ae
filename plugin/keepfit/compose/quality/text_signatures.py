"""Signatures of texts, by which texts that share most of their letters are found without comparing each with each.

A text's shingles are its runs of eight bytes, in lower case, of the first `BYTES` (so a language without spaces has them too, and a cell of megabytes costs
as much as a page). Each shingle is hashed; of those that fall into one of `PLACES` places the smallest is kept (one-permutation MinHash: Li, Owen & Zhang
2012; an empty place takes that of its right neighbour: Shrivastava & Li 2014). The share of places in which two signatures agree estimates the share of
shingles that the texts have in common (Jaccard), with a standard error of at most .0625.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes, mixed

Signatures = npt.NDArray[np.uint32]
BYTES = 4000
SHINGLE = 8
PLACES = 64
BANDS = 16
"""Texts are held against each other that agree in all 4 places of one of 16 bands: of those that share .8 of their shingles all but 1 in 3,000."""
SHIFT = np.uint64(58)
EMPTY = np.uint32(0xFFFFFFFF)


def signatures(texts: pa.ChunkedArray | pa.Array) -> Signatures:
    """Return a row of `PLACES` numbers for each text; a missing one is an empty text.

    >>> a, b = signatures(pa.array(["the invoice of march was charged twice", "The invoice of March was charged twice!"]))
    >>> float(resemblance(a[None], b[None])[0]) > 0.8
    True
    """
    prepared = pc.utf8_lower(pc.fill_null(pc.cast(texts, pa.large_string()), ""))
    prepared = pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.utf8_slice_codeunits(prepared, 0, BYTES), r"\s+", " "))
    chunks = prepared.chunks if isinstance(prepared, pa.ChunkedArray) else [prepared]
    found = np.full((len(prepared), PLACES), EMPTY, np.uint32)
    at = 0
    for chunk in chunks:
        for text in chunk:
            found[at] = _signature(text.as_buffer())
            at += 1
    return found


def _signature(text: pa.Buffer) -> Signatures:
    bytes_ = np.frombuffer(text, np.uint8)[:BYTES] if text is not None else np.zeros(0, np.uint8)
    padded = np.concatenate([bytes_, np.zeros(max(0, SHINGLE - len(bytes_)), np.uint8)])
    shingles = np.ndarray((len(padded) - SHINGLE + 1,), "<u8", padded, strides=(1,)).astype(np.uint64)
    hashes = mixed(shingles)
    kept = np.full(PLACES, EMPTY, np.uint32)
    np.minimum.at(kept, (hashes >> SHIFT).astype(np.intp), hashes.astype(np.uint32))
    empty = kept == EMPTY
    if empty.any():
        filled = np.flatnonzero(~empty)
        kept = kept[filled[np.searchsorted(filled, np.arange(PLACES)) % len(filled)]]
    return kept


def band_keys(texts: Sequence[Signatures], band: int) -> Hashes:
    """Return a key of each row's band of all its texts."""
    found = np.zeros(len(texts[0]), np.uint64)
    width = PLACES // BANDS
    for one in texts:
        for column in one[:, band * width : (band + 1) * width].T:
            found = mixed(found ^ column.astype(np.uint64))
    return found


def resemblance(a: Signatures, b: Signatures) -> npt.NDArray[np.float64]:
    """Return the share of places in which signatures agree, a number a row."""
    return np.asarray((a == b).mean(axis=1), dtype=np.float64)
