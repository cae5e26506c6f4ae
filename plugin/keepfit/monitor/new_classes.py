"""Labels of a class that is not in the list: an event, told by what was written, a class each.

No model has learned to answer such a class, so its rows are wrong answers whatever the model does; a retraining helps once it is listed. A class asks for
a person from five rows of a window on: below, it is told, as people mistype. Blind to a class that is written as one of the list is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from keepfit.records import Evidence
from keepfit.tables.classes import unlisted

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

NEW_CLASS = "class not in the list"
ASKS_FROM, SHOWN, WORD_CHARS = 5, 5, 40


def new_classes(params: Params, table: pa.Table) -> tuple[Evidence, ...]:
    """Return evidence on each class among the labels that is not in `model.classes`, the most frequent first: at most five.

    `effect` is its share of the labels, 0 for fewer than five rows; the subject is `target=its text`.
    """
    found = unlisted(table, params)
    if not found:
        return ()
    labels = len(table) - table[params.model.target].null_count
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    more = f"; {len(ordered) - SHOWN} more classes are not listed either" if len(ordered) > SHOWN else ""
    return tuple(_evidence(params.model.target, name, rows, labels, more) for name, rows in ordered[:SHOWN])


def _evidence(target: str, name: str, rows: int, labels: int, more: str) -> Evidence:
    said = f"{rows:,} of {labels:,} labels ({rows / labels:.1%}) are of a class that is not in model.classes; no answer to them is right until it is listed"
    return Evidence(
        kind="target",
        subject=f"{target}={name[:WORD_CHARS]}",
        detector=NEW_CLASS,
        statistic=float(rows),
        effect=rows / labels if rows >= ASKS_FROM else 0.0,
        n=labels,
        n_reference=0,
        detail=f"{said}{more}",
    )


def is_new_class(one: Evidence) -> bool:
    """Whether the evidence is of a class that is not in the list."""
    return one.kind == "target" and one.detector == NEW_CLASS


def asking(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence of new classes that asks for a person."""
    return tuple(one for one in evidence if is_new_class(one) and one.effect)
