"""The mean of a metric over windows, each of which is one cluster: what says how windows differ where a single one cannot.

Windows of a day whose rows have no hours are clusters of their own, so one has a value and no interval; several have the interval of their values.
The mean is weighted by rows; it is the metric of all rows together for a mean over rows, and the mean of the windows' areas for an area under the
ROC curve. Blind to a change within the windows that are pooled: an interval over eight days is late by some of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.stats.spread import ENOUGH, Influences, Spread, clustered


def over_windows(values: Sequence[float], rows: Sequence[int]) -> tuple[float, Spread] | None:
    """Return the mean of the newest eight windows' values (the last is the newest), weighted by their rows, and its spread; None for a single window.

    >>> mean, spread = over_windows([0.70, 0.72, 0.71, 0.69], [400, 400, 400, 400])
    >>> round(mean, 4), round(spread.error, 5), round(spread.freedom, 6), spread.clusters
    (0.705, 0.00645, 3.0, 4)
    """
    import numpy as np

    found, weight = np.asarray(values, np.float64)[-ENOUGH:], np.asarray(rows, np.float64)[-ENOUGH:]
    if len(found) < 2:
        return None
    share = weight / weight.sum()
    mean = float((share * found).sum())
    part = Influences(np.arange(len(found)), share * (found - mean), weight)
    return mean, clustered([part], Spread(error=0.0, freedom=0))
