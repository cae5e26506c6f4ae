"""What the judged model answered to the rows that judged it, before its refit learned from them: a fingerprint of each row, and the score.

A refit has trained on those rows, so its own scores of them say nothing of rows to come. These are kept beside it: a fixed sample by hash, no row's id.

>>> kept = judged_scores(["a", "b"], np.array([0.25, 0.75]))
>>> scores_known(kept, ["b", "of another day", "a"]).tolist()
[0.75, nan, 0.25]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt

FILE = "judged.parquet"
MOST = 10_000
_ROW, _SCORE = "row", "score"


def judged_scores(ids: Iterable[object], scores: Sequence[float] | npt.NDArray[np.float64], *, most: int | None = None) -> pa.Table:
    """Return fingerprint and score, sorted by the former; with `most` no more rows than that, to seven digits, the same whatever other rows there are."""
    kind = np.float64 if most is None else np.float32
    rows = _fingerprints(ids)
    order = np.argsort(rows, kind="stable")[:most]
    return pa.table({_ROW: rows[order], _SCORE: np.asarray(scores, dtype=np.float64)[order].astype(kind)})


def scores_known(kept: pa.Table, ids: Iterable[object]) -> npt.NDArray[np.float64]:
    """Return the kept score of each row, NaN where none was kept."""
    known = dict(zip(kept[_ROW].to_pylist(), kept[_SCORE].to_pylist(), strict=True))
    return np.fromiter((known.get(row, np.nan) for row in _fingerprints(ids).tolist()), dtype=np.float64)


def _fingerprints(ids: Iterable[object]) -> npt.NDArray[np.int64]:
    digests = (blake2b(str(one).encode(), digest_size=8).digest() for one in ids)
    return np.fromiter((int.from_bytes(digest, "big", signed=True) for digest in digests), dtype=np.int64)
