"""Rows that have labels which disagree: two lines of one file, two files, the source and `data.labels`, or a label that came again as another.

Which one is used is said in `flows/rows/labels.py`; here they are counted. The same label twice is no disagreement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.flows.rows.row_files import id_column

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params


def disagreeing(rows: pa.Table, claims: pa.Table | None, params: Params) -> tuple[str, ...]:
    """Return the ids, in order, of the rows whose label and all that is claimed of them (id, target) are not one value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    key, target = id_column(params), params.model.target
    if key not in rows.column_names:
        return ()
    pair = _pair(key, target)
    own = [rows.select([key, target]).cast(pair)] if target in rows.column_names else []
    theirs = [] if claims is None else [claims.filter(pc.is_in(claims[key], value_set=rows[key].combine_chunks())).select([key, target]).cast(pair)]
    if not own and not theirs:
        return ()
    said = pa.concat_tables([*own, *theirs]).drop_null()
    counted = said.group_by(key).aggregate([(target, "count_distinct")])
    return tuple(sorted(counted.filter(pc.greater(counted[f"{target}_count_distinct"], 1))[key].to_pylist()))


def _pair(key: str, target: str) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(key, pa.string()), (target, pa.float64())])
