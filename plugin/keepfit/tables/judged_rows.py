"""Which rows judged: a digest of their ids and labels, by which a server counts how many models the same rows have judged, and their windows' holdout.

Neither the rows' order nor what ids and labels are stored as changes it, nor do features, scores or columns beside them.

>>> judged_digest([7, 8], np.array([1.0, 0.0])) == judged_digest(["8", "7"], np.array([False, True]))
True
>>> judged_digest([7, 8], np.array([1.0, 0.0])) == judged_digest([7, 8], np.array([0.0, 1.0]))
False

Blind to rows that are nearly the same: with one row left out, renamed or labelled otherwise they are others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.columns import WINDOW
from keepfit.tables.ids import key_texts

SEPARATOR = "\x1f"


def judged_digest(ids: Iterable[object], labels: npt.ArrayLike) -> str:
    """Return `sha256:` and the digest of the rows, by their ids' texts (`tables/ids.py`) and their labels as numbers, a code for each of many classes."""
    column = ids if isinstance(ids, pa.Array) else pa.array(list(ids))
    named = zip(key_texts(column).to_pylist(), np.asarray(labels, dtype=np.float64).tolist(), strict=True)
    lines = sorted(f"{one}{SEPARATOR}{label!r}" for one, label in named)
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()


def judged_windows(judging: pa.Table) -> tuple[str, ...]:
    """Return the ids of the windows that rows are of, sorted; none where the rows do not say."""
    return tuple(sorted(filter(None, pc.unique(judging[WINDOW]).to_pylist()))) if WINDOW in judging.column_names else ()


def of_windows(rows: pa.Table, windows: Iterable[str]) -> pa.Table:
    """Return the rows of these windows; none where the rows do not say of which they are."""
    if WINDOW not in rows.column_names:
        return rows.slice(0, 0)
    return rows.filter(pc.is_in(rows[WINDOW], value_set=pa.array(list(windows), pa.string())))
