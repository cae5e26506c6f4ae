"""A window cut into base windows as long as the reference's: a month watched against daily profiles is thirty looks, not one.

What moves a whole day does not average out within the day, but it does over thirty days: taken as one window of 30,000 rows, a month could
move as much as a single day does and nobody would hear it. The promise counts base windows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from keepfit.records import Reference, Window

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

FORMS = {"%Y-%m-%d": re.compile(r"^\d{4}-\d{2}-\d{2}$"), "%Y-%m-%dT%H": re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}$")}


def base_windows(
    table: pa.Table, scores: npt.NDArray[np.float64], window: Window, *, time: str, reference: Reference
) -> Iterator[tuple[pa.Table, npt.NDArray[np.float64], Window]]:
    """Yield the rows, scores and name of each day (or hour) of a window whose rows are in time order; nothing if it holds but one.

    Nothing either where the reference is not cut by the calendar, or a row says no time: the window is then looked at whole.
    """
    import numpy as np
    import pyarrow.types as types

    form = form_of(reference)
    if form is None or time not in table.column_names or not types.is_temporal(table.schema.field(time).type) or table[time].null_count:
        return
    names = base_names(table[time], form)
    cuts = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1).tolist(), len(names)]
    if len(cuts) < 3 or len(set(names)) != len(cuts) - 1:
        return
    for start, end in pairwise(cuts):
        yield table.slice(start, end - start), scores[start:end], replace(window, id=str(names[start]))


def base_names(times: pa.ChunkedArray, form: str) -> npt.NDArray[np.object_]:
    """Return the name of the base window that each time lies in; `form` is the reference's."""
    import numpy as np
    import pyarrow.compute as pc

    return np.array(pc.strftime(pc.cast(times, "timestamp[s]", safe=False), format=form).to_pylist(), object)


def form_of(reference: Reference) -> str | None:
    """Return how the reference's windows are named by the calendar, None if they are not.

    >>> from keepfit.records import Profile
    >>> form_of(Reference(profiles=(Profile(window="2013-01-01", rows=0, columns={}),)))
    '%Y-%m-%d'
    """
    names = [profile.window for profile in reference.profiles]
    return next((form for form, pattern in FORMS.items() if names and all(pattern.match(name) for name in names)), None)
