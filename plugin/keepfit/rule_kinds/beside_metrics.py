"""What is measured beside the rows that judge, by basis: names that are no metrics of labels and scores, with the lowest and highest value each can have.

The gate looks a rule's metric up here where the rule names such a basis; `certify` alone measures what needs the registered files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from keepfit.records import RowBasis

FAILURE_RATE: Final = "failure_rate"
SIZE: Final = "size_mb"
DETERMINISTIC: Final = "deterministic"
LOADS: Final = "loads"
ANSWERS: Final = "answers"
SIGNATURE: Final = "signature"
LATENCY: Final = "latency_ms"
RATIO: Final = "latency_ratio"
OF_BASIS: Mapping[RowBasis, Mapping[str, tuple[float, float]]] = {
    "behaviour": {FAILURE_RATE: (0.0, 1.0)},
    "serving": dict.fromkeys((DETERMINISTIC, LOADS, ANSWERS, SIGNATURE), (0.0, 1.0)) | dict.fromkeys((SIZE, LATENCY, RATIO), (0.0, math.inf)),
}
CERTIFIED: Final = frozenset({LOADS, ANSWERS, SIGNATURE, LATENCY, RATIO})
"""Those that are measured when a version is certified: no file of a commit says them."""


def basis_of(metric: str) -> RowBasis | None:
    """Return the basis whose rows have this metric, None for a metric of labels and scores.

    >>> basis_of("failure_rate"), basis_of("roc_auc")
    ('behaviour', None)
    """
    return next((basis for basis, metrics in OF_BASIS.items() if metric in metrics), None)
