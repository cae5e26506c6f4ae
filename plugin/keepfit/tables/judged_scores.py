"""What the judged model answered to the rows that judged it, before its refit learned from them: a fingerprint of each row, and the score.

A refit has trained on those rows, so its own scores of them say nothing of rows to come. These are kept beside it: a fixed sample by hash, no row's id.
Of many classes a column each is kept (`score_0` is the probability of the first), in the order of the model's own classes.

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
    kept = np.asarray(scores, dtype=np.float64)[order].astype(kind)
    columns = {_SCORE: kept} if kept.ndim == 1 else {f"{_SCORE}_{code}": kept[:, code] for code in range(kept.shape[1])}
    return pa.table({_ROW: rows[order], **columns})


def scores_known(kept: pa.Table, ids: Iterable[object]) -> npt.NDArray[np.float64]:
    """Return the kept score of each row (a row of scores where many classes were kept), NaN where none was kept."""
    names = [name for name in kept.column_names if name != _ROW]
    at = {row: place for place, row in enumerate(kept[_ROW].to_pylist())}
    places = np.fromiter((at.get(row, -1) for row in _fingerprints(ids).tolist()), dtype=np.int64)
    scores = np.column_stack([kept[name].to_numpy() for name in names]).astype(np.float64)
    found = np.full((len(places), len(names)), np.nan)
    found[places >= 0] = scores[places[places >= 0]]
    return found[:, 0] if names == [_SCORE] else found


def _fingerprints(ids: Iterable[object]) -> npt.NDArray[np.int64]:
    digests = (blake2b(str(one).encode(), digest_size=8).digest() for one in ids)
    return np.fromiter((int.from_bytes(digest, "big", signed=True) for digest in digests), dtype=np.int64)
