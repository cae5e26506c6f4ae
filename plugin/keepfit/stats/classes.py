"""Labels of more than two classes as codes, and what a model answers on them.

A code is the place of a class in the list; the length of the list is the code of *a class that is not in it*, which no answer can get right. Answers are
one column of probabilities of class 1 where there are two classes, else a row of probabilities for each row, in the order of the codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.stats.arrays import Array

    Codes = npt.NDArray[np.int64]

THRESHOLD = 0.5


def answered(s: Array) -> Codes:
    """Return the code of the class that each row's answer names: the likeliest (the first of equals), of two classes class 1 from .5 on.

    >>> import numpy as np
    >>> answered(np.array([0.2, 0.5])).tolist(), answered(np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]])).tolist()
    ([0, 1], [1, 0])
    """
    import numpy as np

    return np.asarray(s.argmax(axis=1) if s.ndim == 2 else s >= THRESHOLD, dtype=np.int64)


def columns(s: Array) -> Array:
    """Return a column for each class, also of the two whose answer is one column.

    >>> import numpy as np
    >>> columns(np.array([0.25])).tolist()
    [[0.75, 0.25]]
    """
    import numpy as np

    return s if s.ndim == 2 else np.stack([1 - s, s], axis=1)


def one_hot(codes: npt.ArrayLike, classes: int) -> Array:
    """Return the answers of a model that names a class and no probability: 1 in its column, 0 elsewhere.

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    import numpy as np

    return np.asarray(np.asarray(codes, dtype=np.int64)[:, None] == np.arange(classes), dtype=np.float64)


def checked_codes(y: Array, classes: int) -> Codes:
    """Return labels as whole codes; raises `DataError` for what is neither a class nor the code of one that is not listed."""
    import numpy as np

    codes = y.astype(np.int64)
    if not ((codes == y) & (codes >= 0) & (codes <= classes)).all():
        raise DataError(f"labels of {classes} classes must be codes from 0 to {classes} (not in the list)", fix="name the target's classes: model.classes")
    return codes


def with_rows(codes: Codes, classes: int) -> list[int]:
    """Return the listed classes that have a row."""
    import numpy as np

    return [int(code) for code in np.flatnonzero(np.bincount(codes, minlength=classes + 1)[:classes])]
