"""What of a judged candidate is shipped: its refit, or the very bytes that were judged; and the sentence that says so.

A promoted candidate that was judged on a window is one window older than a model trained today. So what is judged is the recipe, on rows later than
its training, and what is shipped is the same recipe fitted once more with those rows. Of the shipped bytes nothing is proven by that
(docs/trust.md): the sentence says so wherever somebody decides.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from keepfit.evaluate.compare import ScoredRows
from keepfit.records import Composition, Scorecard, Shipped

IGNORES = "the training left the same model though {rows:,} rows were added: does the command read the table that $KEEPFIT_TRAIN names?"


def is_failed(card: Scorecard) -> bool:
    """Whether a row or a critical expectation speaks against the candidate; one that too few rows left undecided has not failed."""
    rows = any(row.status in ("fail", "error") for row in card.candidate_rows)
    return rows or any(one.severity == "critical" and one.status in ("fail", "error") for one in card.expectations)


def as_judged(card: Scorecard, *, wanted: bool, decided: bool) -> str:
    """Return why the judged bytes are shipped as they are, empty if they are to be refitted.

    `wanted` is params.yaml's word (`update.refit`), `decided` decision.json's (`refit`).
    """
    if card.basis == "same-period":
        return "a first model has trained on all rows but the permanent holdout, which judged it"
    if is_failed(card):
        return "a candidate that failed is not refitted"
    if not wanted:
        return "update.refit is false"
    return "" if decided else "newer rows have not helped on the last windows (decision.json: refit is false)"


def copied(judged: Composition, why: str) -> Shipped:
    """Return what is said of a candidate that is shipped as it was judged."""
    text = f"judged and shipped are the same bytes, trained on rows before {moment(judged.trained_until)}: {why}"
    return Shipped(refit=False, text=text, judged_until=judged.trained_until, trained_until=judged.trained_until)


def refitted(judged: Composition, *, notes: tuple[str, ...] = ()) -> Shipped:
    """Return what is said of a refit."""
    span = f"on the rows from {moment(judged.evaluated_from)} to before {moment(judged.evaluated_until)}"
    text = (
        f"judged: the model trained on rows before {moment(judged.trained_until)}, {span}; shipped: its refit, the same recipe fitted once more on rows before "
        f"{moment(judged.evaluated_until)}, which proves nothing about its own bytes: they are provisional until their first labelled window"
    )
    return Shipped(refit=True, text=text, judged_until=judged.trained_until, trained_until=judged.evaluated_until, notes=notes)


def unchanged(judged: Composition, composed: Composition, *, same_files: bool, smoke: ScoredRows) -> tuple[str, ...]:
    """Return the note on a training that ignored new rows: it left the same files, or a model that answers every row as the judged one does."""
    new = {part.window for part in judged.parts if part.part == "evaluate"}
    added = sum(part.rows for part in composed.parts if part.window in new and part.part in ("train", "replay"))
    before, after = smoke.champion, smoke.challenger
    same = same_files or (before is not None and len(before) > 0 and np.array_equal(before, after))
    return (IGNORES.format(rows=added),) if added and same else ()


def moment(time: datetime | None) -> str:
    """Return a date, with the time of day where it is not midnight.

    >>> moment(datetime(2013, 3, 1)), moment(datetime(2013, 3, 1, 6, 30)), moment(None)
    ('2013-03-01', '2013-03-01 06:30', 'a time that is not known')
    """
    if time is None:
        return "a time that is not known"
    return f"{time:%Y-%m-%d}" if (time.hour, time.minute, time.second, time.microsecond) == (0, 0, 0, 0) else f"{time:%Y-%m-%d %H:%M}"
