"""Labels of people that came for a window's rows, or were taken back, each with the number of its arrival among the window's late labels.

A table of them is (id, target, fresh, there, arrival): the rows that judge otherwise than their own labels say, by their ids; a row that was chosen
to be asked about has no target. `fresh`: it had no label of its own, so it is news. What was taken back since stays with `there` false, so that its going is
an arrival too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.columns import id_column
from keepfit.tables.late_labels import ARRIVAL
from keepfit.tables.people_labels import differ
from keepfit.tables.set_labels import with_target

if TYPE_CHECKING:
    from keepfit.params import Params
    from keepfit.tables.people_labels import PeopleLabels

FRESH, THERE = "fresh", "there"


def judged_otherwise(own: pa.Table, people: PeopleLabels | None, params: Params) -> pa.Table:
    """Return (id, target, fresh) of the rows that judge otherwise than their own labels say."""
    from keepfit.tables.labels import labels

    key, target = id_column(params), params.model.target
    before = labels(params, with_target(own, target))
    judging = before if people is None else labels(params, people.judging(own, params))
    changed = pa.array(differ(judging, before))
    values = pa.array(judging, pa.float64(), from_pandas=True)
    found = pa.table({key: own[key].cast(pa.string()), target: values, FRESH: pa.array(np.isnan(before) & ~np.isnan(judging))})
    return found.filter(changed)


def with_people_arrival(kept: pa.Table | None, now: pa.Table, params: Params, *, number: int) -> tuple[pa.Table | None, int]:
    """Return what is kept with what holds now, changes as the arrival of this number, and how many rows changed; None where there is nothing to keep."""
    key, target = id_column(params), params.model.target
    before = {} if kept is None else {row[key]: row for row in kept.to_pylist()}
    found, changed = [], 0
    for row in now.to_pylist():
        old = before.pop(row[key], None)
        same = old is not None and old[THERE] and old[target] == row[target]
        changed += not same
        found.append(old if same else {**row, THERE: True, ARRIVAL: number})
    for old in before.values():
        changed += old[THERE]
        found.append({**old, target: None, FRESH: False, THERE: False, ARRIVAL: number} if old[THERE] else old)
    schema = pa.schema([(key, pa.string()), (target, pa.float64()), (FRESH, pa.bool_()), (THERE, pa.bool_()), (ARRIVAL, pa.int64())])
    return (pa.Table.from_pylist(found, schema=schema) if found else None), changed


def fresh_since(kept: pa.Table | None, arrival: int, params: Params) -> tuple[str, ...]:
    """Return the ids of the rows that got their first label after the arrival of this number."""
    return () if kept is None else tuple(kept.filter(pc.and_(kept[FRESH], pc.greater(kept[ARRIVAL], arrival)))[id_column(params)].to_pylist())
