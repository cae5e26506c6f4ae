"""What the judged model answered to the rows that judged it, before its refit learned from them: a fingerprint of each row, and the score.

A refit has trained on those rows, so its own scores of them say nothing of rows to come. These are kept beside it: a fixed sample by hash, no row's id.
Of many classes a column each is kept, named for it (`score.billing`), so that they can be read in whatever order the classes are listed by then.

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


def judged_scores(
    ids: Iterable[object], scores: Sequence[float] | npt.NDArray[np.float64], *, most: int | None = None, classes: Sequence[str] | None = None
) -> pa.Table:
    """Return fingerprint and score, sorted by the former; with `most` no more rows than that, to seven digits, the same whatever other rows there are.

    `classes` are those whose probabilities each row of scores holds, where there are more than two.
    """
    kind = np.float64 if most is None else np.float32
    rows = _fingerprints(ids)
    order = np.argsort(rows, kind="stable")[:most]
    if classes is None:
        return pa.table({_ROW: rows[order], _SCORE: np.asarray(scores, dtype=np.float64)[order].astype(kind)})
    kept = np.asarray(scores, dtype=np.float64).reshape(len(rows), len(classes))[order].astype(kind)
    return pa.table({_ROW: rows[order], **{f"{_SCORE}.{name}": kept[:, code] for code, name in enumerate(classes)}})


def scores_known(kept: pa.Table, ids: Iterable[object], classes: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
    """Return the kept score of each row, NaN where none was kept; with `classes` a row of probabilities in their order, 0 for a class that nobody knew.

    >>> kept = judged_scores(["a"], np.array([[0.25, 0.75]]), classes=("billing", "outage"))
    >>> scores_known(kept, ["a", "b"], ("outage", "legal", "billing")).tolist()
    [[0.75, 0.0, 0.25], [nan, nan, nan]]
    """
    at = {row: place for place, row in enumerate(kept[_ROW].to_pylist())}
    places = np.fromiter((at.get(row, -1) for row in _fingerprints(ids).tolist()), dtype=np.int64)
    names = [_SCORE] if classes is None else [f"{_SCORE}.{name}" for name in classes]
    scores = np.column_stack([kept[name].to_numpy() if name in kept.column_names else np.zeros(kept.num_rows) for name in names]).astype(np.float64)
    found = np.full((len(places), len(names)), np.nan)
    found[places >= 0] = scores[places[places >= 0]]
    return found[:, 0] if classes is None else found


def _fingerprints(ids: Iterable[object]) -> npt.NDArray[np.int64]:
    digests = (blake2b(str(one).encode(), digest_size=8).digest() for one in ids)
    return np.fromiter((int.from_bytes(digest, "big", signed=True) for digest in digests), dtype=np.int64)
