"""Which features of a model are derived from a time, by whom it is scored."""

from __future__ import annotations

from keepfit.records.form import record
from keepfit.records.words import TimeFeature


@record
class TimeFeatures:
    """The features that are derived from the column `column`: `names`, which are their columns' names too.

    `timezone` is the clock that they are read from: times with a zone are converted to it, times without one are in it already.
    """

    column: str
    timezone: str
    names: tuple[TimeFeature, ...]
