"""Do labels exist only where the model's own answers let them? A loan that was refused is never repaid, and a gain on the others is not one on all.

Of the rows whose labels are due, the chance that one with a label scores above one without is .5 where labels are missing by chance. It is reported from the
effect on that is conventionally called large (d = .8, Cohen 1988: a chance of .71, or of .29), on at least a hundred rows of each kind, where chance alone
gives that in fewer than one window of a million. Blind to a selection by what no score follows, and to one that only widens or narrows the scores.

>>> rng = np.random.default_rng(0)
>>> scores = rng.random(1000)
>>> labels_follow_scores(np.where(scores < 0.4, 1.0, np.nan), scores) == NOTE, labels_follow_scores(np.where(rng.random(1000) < 0.4, 1.0, np.nan), scores)
(True, '')
"""

from __future__ import annotations

import numpy as np

from keepfit.stats.arrays import Array

LARGE = 0.714
ENOUGH = 100
NOTE = (
    "whether a row has a label follows the champion's score: if a decision lets only some rows have one, name it in evaluate.selected_labels, "
    "as gains are measured on those rows alone"
)


def labels_follow_scores(y: Array, scores: Array) -> str:
    """Return a note where labels (NaN: none) depend strongly on the scores, of many classes on the likeliest one's; else an empty text."""
    from scipy.stats import rankdata

    labelled, score = ~np.isnan(y), scores.max(axis=1) if scores.ndim == 2 else scores
    count, rest = int(labelled.sum()), int((~labelled).sum())
    if min(count, rest) < ENOUGH or not np.isfinite(score).all():
        return ""
    above = (float(rankdata(score)[labelled].sum()) - count * (count + 1) / 2) / (count * rest)
    return NOTE if max(above, 1 - above) >= LARGE else ""
