"""Questions about a model's errors class by class, counted beside its errors (`shares.py`): of three classes and more.

| name | question | of which rows | group |
|---|---|---|---|
| `errors of class=3` | is the model wrong? | labelled 3 | slices |
| `class=3 taken for 8` | does the model answer 8? | labelled 3 | confusions |

Evidence over time watches the classes; pairs, of which there are many, are counted to name what a class is taken for, and those that never happened are left
out. A class that is not in the list has no question of its own: its rows are wrong, and told by what was written. Classes are counted up to 200.
Blind to how sure an answer is.

>>> found = confusion_shares(np.array([0, 0, 1, np.nan]), np.array([[0.9, 0.1, 0], [0.2, 0.8, 0], [0, 1, 0], [1, 0, 0]]), ("a", "b", "c"))
>>> {name: (share.yes, share.n) for name, share in found.items()}
{'errors of class=a': (1, 2), 'class=a taken for b': (1, 2), 'errors of class=b': (0, 1)}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from keepfit.profiles.shares import WRONG
from keepfit.records import ShareCount
from keepfit.stats.classes import answered
from keepfit.tables.arrow import Floats

COUNTED_CLASSES = 200
CLASS = "class"


def confusion_shares(y: Floats, scores: Floats, classes: Sequence[str]) -> dict[str, ShareCount]:
    """Count what the rows of each class are taken for, among the rows with a label (NaN: none); classes without a row are left out."""
    if len(classes) > COUNTED_CLASSES:
        return {}
    matrix = confusion_matrix(y, scores, len(classes))
    found: dict[str, ShareCount] = {}
    for code in np.flatnonzero(matrix.sum(axis=1)).tolist():
        rows = int(matrix[code].sum())
        found[errors_of(classes[code])] = ShareCount(group="slices", yes=rows - int(matrix[code, code]), n=rows)
        others = [other for other in np.flatnonzero(matrix[code]).tolist() if other != code]
        found |= {taken_for(classes[code], classes[other]): ShareCount(group="confusions", yes=int(matrix[code, other]), n=rows) for other in others}
    return found


def without_classes(shares: Mapping[str, ShareCount], subjects: Collection[str]) -> Mapping[str, ShareCount]:
    """Return the shares without all that is asked class by class, if the errors of all rows or of a class are among the subjects.

    What is confused with what is counted whole or not at all: a pair that never happened is not there.
    """
    of_class = f"{WRONG} of {CLASS}="
    if not any(share.group == "confusions" for share in shares.values()) or not any(one == WRONG or one.startswith(of_class) for one in subjects):
        return shares
    return {name: share for name, share in shares.items() if share.group != "confusions" and not name.startswith(of_class)}


def confusion_matrix(y: Floats, scores: Floats, classes: int) -> Floats:
    """Return how many rows of each listed class (row) are answered as each (column)."""
    known = y < classes  # neither NaN nor the code of a class that is not listed
    places = y[known].astype(np.int64) * classes + answered(scores[known])
    return np.bincount(places, minlength=classes * classes).reshape(classes, classes).astype(np.float64)


def errors_of(name: str) -> str:
    """Return the question whether rows of a class are answered wrongly."""
    return f"{WRONG} of {CLASS}={name}"


def taken_for(name: str, other: str) -> str:
    """Return the question whether rows of a class are answered as the other."""
    return f"{CLASS}={name} taken for {other}"


def counted_of(shares: Mapping[str, ShareCount], classes: Sequence[str]) -> dict[tuple[str, str], ShareCount]:
    """Return the counts by class and answer, of every class that has rows; the answer is empty where any wrong one counts."""
    found: dict[tuple[str, str], ShareCount] = {}
    for name in classes:
        if (whole := shares.get(errors_of(name))) is None:
            continue
        found[name, ""] = whole
        for other in classes:
            pair = shares.get(taken_for(name, other)) if other != name else None
            if pair is not None:
                found[name, other] = ShareCount(group="confusions", yes=pair.yes, n=whole.n)
    return found
