"""A share of the table that no rule sees: set aside by hash before anything is judged, and measured once for the gain that confirms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.evaluating.beside import Judged
from keepfit.records import Confirmation

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SALT = "keepfit-confirm"
MOST = 0.5


def set_apart(found: Judged, share: float) -> tuple[Judged, Confirmation]:
    """Return what is left to judge by, and the gain on the share that was set aside; rows of one group are on one side.

    The same rows are set aside whoever is judged, and whatever other rows there are. Raises `DataError` for a share that leaves too little.
    """
    from keepfit.evaluate.confirmation import confirmed, unconfirmed
    from keepfit.update.promise import metric_of

    metric = metric_of(found.params)
    if not 0 <= share <= MOST:
        raise DataError(f"a share of {share:g} cannot confirm", where="--confirm", fix=f"a share between 0 and {MOST:g}, such as 0.2")
    if found.rows.champion is None:
        return found, unconfirmed(metric.name, "a first model has no champion to gain on")
    if not share:
        return found, unconfirmed(metric.name, "no share of the table was set aside (--confirm 0.2)")
    aside = _held(found, share)
    left = replace(found, table=found.table.part(~aside), frame=found.frame[~aside], rows=found.rows.part(~aside))
    if not len(left.rows.y):
        raise DataError("no row is left to judge by", where="--confirm", fix="a smaller share, or more groups")
    said = f"a share of {share:g} of the table, by hash"
    return left, confirmed(metric, found.rows.part(aside), rows=said, confidence=found.params.evaluate.confidence)


def _held(found: Judged, share: float) -> npt.NDArray[np.bool_]:
    from keepfit.compose.holdout import in_holdout

    group = found.params.data.group
    keys = found.table.row_names() if group is None else [str(value) for value in found.frame[group].tolist()]
    return in_holdout(keys, share=share, salt=SALT)
