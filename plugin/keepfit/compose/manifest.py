"""The manifest: each row's id, source, part, weight and reason; and its summary, the Composition.

Every row of every window is in it exactly once. Parts: `train` and `replay` train, `evaluate` judges, `holdout` never trains
(and judges a first model), `out` does nothing and says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.sources import SortedRows, Texts
from keepfit.records import Part

DIGITS = 6
ORDER = ("train", "replay", "evaluate", "holdout", "out")
TOLD = ("row_id", "source", "part", "weight", "reason")
"""The columns whose values the digest is of, in this order: one that comes later is no part of it."""


def manifest_table(rows: SortedRows, part: Texts, weight: npt.NDArray[np.float64], reason: Texts) -> pa.Table:
    """Return the manifest, sorted by row id as the rows are."""
    text = pa.string()
    columns = {
        "row_id": pa.array(rows.row_id, text),
        "source": pa.array(rows.window, text),
        "part": pa.array(part, text),
        "weight": pa.array(weight, pa.float64()),
        "reason": pa.array(reason, text),
    }
    return pa.table(columns)


def manifest_digest(manifest: pa.Table) -> str:
    """Return `sha256:` and the hex digest of the manifest's values: whether two compositions are the same, in one word."""
    columns = [manifest[name].to_pylist() for name in TOLD]
    content = "\n".join("\t".join(map(str, row)) for row in zip(*columns, strict=True))
    return "sha256:" + hashlib.sha256(content.encode()).hexdigest()


def summarise(rows: SortedRows, manifest: pa.Table) -> tuple[Part, ...]:
    """Return the rows of each window, part and reason: what a person reads of the manifest."""
    frame = manifest.to_pandas()
    frame["labelled"] = ~np.isnan(rows.label)
    groups = frame.groupby(["source", "part", "reason"], sort=False)
    parts = [
        Part(
            window=window, part=part, reason=reason, rows=len(group), labelled=int(group["labelled"].sum()), weight=round(float(group["weight"].mean()), DIGITS)
        )
        for (window, part, reason), group in groups
    ]
    order = {window.id: at for at, window in enumerate(rows.windows)}
    return tuple(sorted(parts, key=lambda one: (order[one.window], ORDER.index(one.part), one.reason)))


def class_shares(labels: npt.NDArray[np.float64]) -> Mapping[str, float]:
    """Return each class's share of the labels, by the class as text.

    >>> dict(class_shares(np.array([0.0, 0.0, 0.0, 1.0])))
    {'0': 0.75, '1': 0.25}
    """
    classes, counts = np.unique(labels, return_counts=True)
    return {f"{value:g}": round(int(count) / len(labels), DIGITS) for value, count in zip(classes, counts, strict=True)}
