"""Area under the ROC curve of each class against the rest, averaged over classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.stats.classes import columns
from keepfit.stats.mean_of_classes import MeanOfClasses, there
from keepfit.stats.metric import Metric, Sound
from keepfit.stats.metrics import RocAuc, checked
from keepfit.stats.one_vs_rest import OneVsRest
from keepfit.stats.over_classes import ClassMean, OfClass

if TYPE_CHECKING:
    from keepfit.stats.arrays import Array


class AreaOfClass(OneVsRest):
    """The area of one class against the rest."""

    two = RocAuc()
    name: ClassVar[str] = RocAuc.name
    of_labels: ClassVar[bool] = False
    sound: ClassVar[Sound] = RocAuc.sound
    words: ClassVar[str] = RocAuc.words


@dataclass(frozen=True)
class RocAucOvr(MeanOfClasses):
    """Mean over classes of the chance that a row of the class is given a higher probability of it than a row of another, ties counting half.

    Each area is DeLong's (Biometrics 44, 1988), from midranks. Blind to calibration, and to confusions of two classes that leave the ranks as they are.

    >>> round(RocAucOvr().value([0, 1, 2], [[0.6, 0.2, 0.2], [0.3, 0.5, 0.2], [0.1, 0.6, 0.3]]), 4)
    0.8333
    """

    name: ClassVar[str] = "roc_auc_ovr"
    of_labels: ClassVar[bool] = False
    sound: ClassVar[Sound] = Sound(low=0.5, high=1.0, above=True, below=True)
    words: ClassVar[str] = "the mean chance that a row of a class is given more of it than one of another"

    def of_class(self, code: int) -> Metric:
        """Return the area of this class against the rest."""
        return AreaOfClass(code)

    def values(self, labels: Sequence[Array], s: Array) -> list[float]:
        """Return the metric on each of several labels of the same rows: the scores are ranked once."""
        from scipy.stats import rankdata

        if not labels:
            return []
        scores = columns(checked(labels[0], s, many=True)[1])
        ranks = rankdata(scores, axis=0)
        return [_mean_area(checked(y, scores, many=True)[0], ranks) for y in labels]

    def classes(self, y: Array, s: Array) -> Iterator[OfClass]:
        """Yield each class's area: its rows' and the others' shares of beaten rows are a mean each."""
        import numpy as np
        from scipy.stats import rankdata

        (codes, found), scores = there(y, s), columns(s)
        for code in found:
            own, score = codes == code, scores[:, code]
            m, n = int(own.sum()), int((~own).sum())
            ranks = rankdata(score)
            above, below = (ranks[own] - rankdata(score[own])) / n, 1 - (ranks[~own] - rankdata(score[~own])) / m
            area = float(above.mean())
            beaten, unbeaten = np.zeros(len(own)), np.zeros(len(own))
            beaten[own], unbeaten[~own] = (above - area) / m, (below - area) / n
            weight = own.astype(np.float64)
            means = (ClassMean(influence=beaten, weight=weight), ClassMean(influence=unbeaten, weight=1 - weight))
            yield OfClass(value=area, share=1 / len(found), rows=m, means=means, own=weight)


def _mean_area(y: Array, ranks: Array) -> float:
    """Mann-Whitney's U of each class as a share of all pairs, averaged."""
    import numpy as np

    codes, found = there(y, ranks)
    listed = np.flatnonzero(codes < ranks.shape[1])
    sums = np.bincount(codes[listed], weights=ranks[listed, codes[listed]], minlength=ranks.shape[1])[found]
    rows = np.bincount(codes)[found]
    return float(np.mean((sums - rows * (rows + 1) / 2) / (rows * (len(y) - rows))))
