"""Rows that have labels which disagree: two lines of one file, two files, the source and `data.labels`, or a label that came again as another.

Which one is used is said in `join_labels.py`; here they are counted. The same label twice is no disagreement.

>>> rows, claims = pa.table({"id": ["a", "b"], "y": [1.0, 0.0]}), pa.table({"id": ["a", "b", "b"], "y": [1.0, 0.0, 1.0]})
>>> disagreeing(rows, claims, key="id", target="y")
('b',)
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def disagreeing(rows: pa.Table, claims: pa.Table | None, *, key: str, target: str) -> tuple[str, ...]:
    """Return the ids, in order, of the rows whose label and all that is claimed of them (id, target) are not one value."""
    if key not in rows.column_names:
        return ()
    pair = pa.schema([(key, pa.string()), (target, pa.float64())])
    own = [rows.select([key, target]).cast(pair)] if target in rows.column_names else []
    theirs = [] if claims is None else [claims.filter(pc.is_in(claims[key], value_set=rows[key].combine_chunks())).select([key, target]).cast(pair)]
    if not own and not theirs:
        return ()
    said = pa.concat_tables([*own, *theirs]).drop_null()
    counted = said.group_by(key).aggregate([(target, "count_distinct")])
    return tuple(sorted(counted.filter(pc.greater(counted[f"{target}_count_distinct"], 1))[key].to_pylist()))
