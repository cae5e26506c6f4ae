"""How far an estimate may be off: from rows taken as independent, or from clusters of rows that vary together (a customer's, a day's).

Every metric is, up to what vanishes with many rows, a mean of *influences*: what each row adds to its error. Rows of one cluster share what is
not theirs alone (a storm, a customer), so the variance is that of the clusters' sums (Liang & Zeger, Biometrika 73, 1986; for the area under
the ROC curve Obuchowski, Biometrics 53, 1997). With few clusters, or unequal ones, those sums come out too small, as each pulls the
estimate towards itself: a cluster's sum is divided by what the others weigh, which is the delete-one-cluster jackknife (CR3 of Bell & McCaffrey,
Survey Methodology 28, 2002; MacKinnon, Nielsen & Webb, Journal of Applied Econometrics 38, 2023), and Student's t takes Satterthwaite's degrees
of freedom under clusters with an effect of their own (Imbens & Kolesár, Review of Economics and Statistics 98, 2016), clusters - 1 where all are alike.

Blind to clusters that vary together themselves (neighbouring days, two groups of one day), and to a law of the clusters' sums with heavy tails
or a far skew: ten clusters tell little of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.stats.bounds import quantile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.stats.arrays import Array

    Codes = npt.NDArray[np.intp]

ENOUGH = 8
"""From so many clusters on their own variance is taken as it is; with fewer it may only widen an interval."""
SPARSE = 4


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The standard error of an estimate and its degrees of freedom (0: the normal law).

    Of clustered rows also how many clusters there are (with a row that counts: F1 knows no true negatives), and the design effect: their
    variance over that of independent rows.
    """

    error: float
    freedom: float
    clusters: int | None = None
    design: float | None = None

    def reach(self, confidence: float) -> float:
        """Return how far a one-sided bound at this confidence lies from the estimate."""
        return quantile(confidence, self.freedom) * self.error


@dataclass(frozen=True)
class Influences:
    """Rows with their cluster's code, their influence in the estimate's unit (the sum is 0), and their weight in the mean it is of (None: alike).

    A metric of two classes has two parts, as each class has a mean of its own.
    """

    codes: Codes
    influence: Array
    weight: Array | None = None

    def sums(self, size: int) -> tuple[Array, Array]:
        """Return each cluster's sum of influences, divided by what the others weigh, and its share of the weight."""
        import numpy as np

        total = np.bincount(self.codes, weights=self.influence, minlength=size)
        share = np.bincount(self.codes, weights=self.weight, minlength=size).astype(np.float64)
        share /= share.sum()
        if share.max() >= 1:
            raise DataError("all rows of a class are of one cluster", fix="more days, or more values of data.group")
        return total / (1 - share), share


def clustered(parts: Sequence[Influences], independent: Spread) -> Spread:
    """Return the spread of an estimate whose rows come in clusters; `independent` is what it would be without.

    Raises `DataError` when the rows, or those of a class, are of one cluster. With fewer than eight clusters never less than `independent`.

    >>> import numpy as np
    >>> rows = np.array([1.0, 1.2, 3.0, 3.2, 5.0, 5.2, 7.0, 7.2, 9.0, 9.2])
    >>> influence, alone = (rows - rows.mean()) / 10, rows.std(ddof=1) / np.sqrt(10)
    >>> found = clustered([Influences(np.arange(10) // 2, influence)], Spread(error=alone, freedom=9))
    >>> round(found.error, 4), round(float(np.arange(1, 11, 2).std(ddof=1)) / 5**0.5, 4), round(found.freedom, 6), found.clusters
    (1.4142, 1.4142, 4.0, 5)
    """
    import numpy as np

    size = 1 + max(int(part.codes.max()) for part in parts)
    found = [part.sums(size) for part in parts]
    sums = np.sum([total for total, _ in found], axis=0)
    share = np.mean([share for _, share in found], axis=0)
    return from_sums(sums, share, independent)


def from_sums(sums: Array, share: Array, independent: Spread, *, more: float = 0.0) -> Spread:
    """Return the spread from each cluster's sum of influences and its share of the weight; `more` is variance that no cluster tells of."""
    import numpy as np

    there = share > 0
    count = int(there.sum())
    variance, alone = float((sums**2).sum()) * (count - 1) / count + more, float(independent.error) ** 2
    freedom = degrees_of_freedom(share[there], variance=variance, independent=alone)
    design = variance / alone if alone > 0 else 1.0
    least = alone if count < ENOUGH else 0.0
    return Spread(error=float(np.sqrt(max(variance, least))), freedom=freedom, clusters=count, design=design)


def degrees_of_freedom(share: Array, *, variance: float, independent: float) -> float:
    """Return Satterthwaite's degrees of freedom of the jackknife's variance for clusters of these shares, 1 to clusters - 1.

    The model: a cluster's mean has variance t² + s / share, s what independent rows give the estimate, t² so that both add up to `variance`.

    >>> import numpy as np
    >>> round(degrees_of_freedom(np.full(10, 0.1), variance=4.0, independent=1.0), 6)
    9.0
    >>> round(degrees_of_freedom(np.array([0.5] + [0.05] * 10), variance=4.0, independent=1.0), 2)
    1.4
    """
    import numpy as np

    count = len(share)
    own = max(0.0, (variance - independent) / float((share**2).sum()))
    if not (own or independent):
        return float(count - 1)
    mean, pull = own + independent / share, own * share + independent
    total, weight = own * float((share**2).sum()) + independent, (share / (1 - share)) ** 2
    trace = float((weight * (mean - 2 * pull + total)).sum())
    crossed = [float((weight * pull**power).sum()) for power in range(3)]
    off = total**2 * crossed[0] ** 2 + 2 * crossed[2] * crossed[0] + 2 * crossed[1] ** 2 - 4 * total * crossed[1] * crossed[0]
    own_terms = float((weight**2 * ((mean - 2 * pull + total) ** 2 - (total - 2 * pull) ** 2)).sum())
    return float(np.clip(trace**2 / (off + own_terms), 1.0, max(1.0, count - 1.0)))


def dense(clusters: npt.ArrayLike, rows: int) -> Codes:
    """Return clusters as small codes from 0 on, some of which may have no row; raises `DataError` for what is no integer for each row."""
    import numpy as np

    codes = np.asarray(clusters)
    if codes.shape != (rows,) or not np.issubdtype(codes.dtype, np.integer):
        raise DataError(f"clusters must be one integer for each of {rows} rows, got {codes.dtype} of shape {codes.shape}")
    if not rows or (codes.min() >= 0 and codes.max() < SPARSE * rows):
        return codes.astype(np.intp, copy=False)
    return np.unique(codes, return_inverse=True)[1].astype(np.intp)


def one_cluster(clusters: npt.ArrayLike | None) -> str | None:
    """Return why rows of a single cluster cannot decide anything, or None."""
    import numpy as np

    if clusters is None:
        return None
    codes = np.asarray(clusters)
    return "all rows are of one cluster" if len(codes) and bool((codes == codes[0]).all()) else None
