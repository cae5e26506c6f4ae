"""Where a window's loss comes from: the slice search on the champion's own features, made only when a ticket is opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keepfit.params import Params
from keepfit.records import FoundSlice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from keepfit.monitor.profile import Layout

    Floats = npt.NDArray[np.float64]

CLAIMED = "squared error beyond what the scores claim"
ABSOLUTE = "absolute error"


def slices_of_loss(params: Params, layout: Layout, table: pa.Table, scores: Floats) -> tuple[FoundSlice, ...]:
    """Return the slices of a window where the champion is worse than on the other labelled rows; none where nothing is labelled.

    A probability is held to its own claim, (y - s)² - s(1 - s): its mean is 0 in every slice of a calibrated model, so a slice that was
    hard all along is not told. A regression has no such claim: a slice that was always harder is told as well.
    """
    from keepfit.flows.training import PREDICTION, labels
    from keepfit.integrations.tables import to_frame
    from keepfit.monitor.slice_codes import code_columns
    from keepfit.monitor.slice_search import find_slices

    y = labels(params, to_frame(table))
    loss, measure = _loss(y, scores)
    features = [name for name in layout if name not in (params.model.target, PREDICTION)]
    return tuple(replace(found, measure=measure) for found in find_slices(code_columns(table, layout, columns=features), loss))


def _loss(y: Floats, scores: Floats) -> tuple[Floats, str]:
    import numpy as np

    known = ~np.isnan(y)
    if np.isin(y[known], (0.0, 1.0)).all() and ((scores >= 0) & (scores <= 1)).all():
        return (y - scores) ** 2 - scores * (1 - scores), CLAIMED
    return np.abs(y - scores), ABSOLUTE
