"""What may be composed at all: blocked windows, quarantined rows, labels, classes — and the weights that balance classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from keepfit.errors import BlockedError, DataError, KeepfitError
from keepfit.records import ExpectationOutcome, Task, Validation, WindowValidation
from keepfit.tables.window_decisions import Decisions, undecided

Floats = npt.NDArray[np.float64]
SHOWN = 5


def check_blocked(validation: Validation, decisions: Decisions) -> None:
    """Raise `BlockedError` for the first blocked window that nobody has decided on."""
    waiting = undecided((one.window for one in validation.windows if one.blocked), decisions)
    first = next((one for one in validation.windows if one.window in waiting), None)
    if first is not None:
        raise _blocked(first, others=len(waiting) - 1)


def _blocked(window: WindowValidation, *, others: int) -> KeepfitError:
    broken = [one for one in window.outcomes if one.blocks]
    more = f" (and {others} more windows)" if others else ""
    sentence = "; ".join(_sentence(one) for one in broken[:2])
    return BlockedError(
        f"the window {window.window} is blocked{more}: {sentence}",
        where="reports/validation.md",
        fix=f"keepfit window exclude {window.window} --reason '…'  (or accept, to use it as it is)",
    )


def _sentence(one: ExpectationOutcome) -> str:
    """Suite, expectation, column, what was observed, how many rows, five of them."""
    column = f" on {one.column}" if one.column else ""
    said = ", ".join(text for text in (one.observed, one.detail) if text)
    rows = f"; {one.unexpected} rows, such as {', '.join(one.sample[:SHOWN])}" if one.sample else ""
    return f"{one.suite}/{one.expectation}{column}: {said}{rows}"


def check_training(labels: Floats, *, task: Task, target: str, listed: Sequence[str] = ()) -> None:
    """Raise `DataError` for training labels that nothing can be learned from; `listed` are the classes that they are codes of, where there are many."""
    where = f"params.yaml: model.target ({target})"
    if not len(labels):
        raise DataError("no labelled row may train", where=where, fix="wait for labels, add windows, or lower data.holdout_share")
    if not np.isfinite(labels).all():
        raise DataError(f"{int((~np.isfinite(labels)).sum())} labels are infinite", where=where, fix="mend them, or quarantine them by a row-level expectation")
    classes = np.unique(labels)
    if task == "classification" and len(classes) < 2:
        name = listed[int(classes[0])] if listed else f"{classes[0]:g}"
        raise DataError(
            f"all {len(labels)} training rows have the class {name}", where=where, fix="compose more windows (compose.use, or compose.recent_windows)"
        )


def class_weights(labels: Floats, given: Floats | None = None) -> Floats:
    """Weights that give each class the same sum, with mean 1; `given` are weights that rows of one class keep in proportion.

    >>> class_weights(np.array([0.0, 0.0, 0.0, 1.0])).round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    >>> class_weights(np.array([0.0, 0.0, 1.0]), np.array([1.0, 2.0, 6.0])).round(2).tolist()
    [0.5, 1.0, 1.5]
    """
    classes, position, counts = np.unique(labels, return_inverse=True, return_counts=True)
    own = np.ones(len(labels)) if given is None else given
    sums = counts if given is None else np.bincount(position, weights=given)
    weights: Floats = own * (len(labels) / (len(classes) * sums[position]))
    return weights
