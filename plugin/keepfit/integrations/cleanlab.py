"""cleanlab's ranking of labels by out-of-fold scores, in place of our own. A ranking only: which labels are wrong is for people to say.

Its plain scores order rows of two classes as our own do, so the one is used that holds each class against its own mean confidence (Northcutt, Jiang & Chuang
2021), which may help where classes are rare or hard to different degrees. On the flights it finds fewer planted errors than our own (docs/benchmarks.md), and
its verdicts (`find_label_issues`) call 13 % of the labels wrong, of which one in seven is: they are not used.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from keepfit.errors import ProjectError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def doubtfulness(scores: Floats, label: Floats, *, numbers: bool) -> Floats:
    """Return how doubtful each label is, 0 to 1: 1 − cleanlab's quality score; NaN where the row has no score.

    Raises `ProjectError` where cleanlab is not installed.
    """
    import numpy as np

    rank = _rank(numbers=numbers)
    judged = np.isfinite(scores).all(axis=1) if scores.ndim > 1 else np.isfinite(scores)
    found = np.full(len(label), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if numbers:
            found[judged] = 1 - np.asarray(rank(label[judged], scores[judged]))
            return found
        probabilities = scores[judged] if scores.ndim > 1 else np.column_stack([1 - scores[judged], scores[judged]])
        found[judged] = 1 - np.asarray(rank(label[judged].astype(int), probabilities, method="self_confidence", adjust_pred_probs=True))
    return found


def _rank(*, numbers: bool) -> Any:
    try:
        if numbers:
            from cleanlab.regression.rank import get_label_quality_scores as of_numbers

            return of_numbers
        from cleanlab.rank import get_label_quality_scores as of_classes

        return of_classes
    except ImportError as missing:
        raise ProjectError("cleanlab is not installed", where="--rank cleanlab", fix="pip install 'keepfit[cleanlab]', or leave --rank out") from missing
