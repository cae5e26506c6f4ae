"""Labels whose rows the source shows under other ids: what of a window is gone from the source, and what stands there in its place.

A label that comes with the live source is unmatched where the source shows the time of a closed window under other ids: as many of the
window's rows that wait for a label are gone from the source as it has labelled rows there that the window does not know. So neither a row that
came late nor one that the source has dropped is taken for it. Blind to a label whose key is another row's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.columns import id_column
from keepfit.tables.join_labels import waiting
from keepfit.tables.keyed import strangers

if TYPE_CHECKING:
    from keepfit.params import Params


def under_other_ids(rows: pa.Table, live: pa.Table, params: Params) -> list[str]:
    """Return the ids of as many of the source's labelled rows in the window's time as rows of the window are gone from there and wait."""
    key, time, target = id_column(params), params.data.time, params.model.target
    if target not in live.column_names:
        return []
    gone = strangers(waiting(rows, target)[key], live[key])
    if not len(gone):
        return []
    within = pc.and_(pc.greater_equal(live[time], pc.min(rows[time])), pc.less_equal(live[time], pc.max(rows[time])))
    labelled = live.filter(pc.and_(within, pc.is_valid(live[target])))
    found: list[str] = strangers(labelled[key], rows[key]).to_pylist()
    return sorted(found)[: len(gone)]
