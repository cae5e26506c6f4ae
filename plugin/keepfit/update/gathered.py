"""What is gathered of a window before it is judged: its rows, what a person decided on it, and what tools and models said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from keepfit.tables.label_delay import NONE_AWAITED, AwaitedLabels

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.monitor.champion import Floats, Scores
    from keepfit.monitor.compared import LastYear
    from keepfit.monitor.sound import Soundness
    from keepfit.records import Evidence, Window, WindowCounts
    from keepfit.update.before_labels import Learned
    from keepfit.update.rivals import Paired


@dataclass(frozen=True, kw_only=True)
class ModelAnswers:
    """What models said of the rows of a window that were not set aside.

    `season` is the same period last year with the champion's `season_scores`, where windows are compared with it. `scout` and `regret` are the
    rivals beside the champion (`newer`: the scout beside the one before it), evidence where that could not be had, None where there is no such rival.
    `learned` is what labelled rows have taught. `counts` are of all of the window's rows, where these are some that were drawn of them.
    """

    rows: pa.Table
    answer: Scores
    season: LastYear | None = None
    season_scores: Floats | None = None
    scout: Paired | Evidence | None = None
    newer: Paired | None = None
    regret: tuple[Paired, ...] | Evidence | None = None
    previous: str = ""
    learned: Learned | None = None
    counts: WindowCounts | None = None


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All that was read of a window before it is judged; what was not asked, as it would not be looked at, is None.

    `counted` is how many rows the window has where only some of them, the `table`, were drawn. `verdict` and `reason` are what a person decided. `silent` is
    evidence that the window ends in silence, `silent_before` says that the one before it did. `rows_before` are the sizes of windows closed before it (None:
    windows are a count of rows). `arrivals` is how often labels had come late, `disagreeing` are the ids of rows whose labels are not one value, `awaited` the
    labels that are not due yet. `chosen` rows have a label of people who were asked about them by choice, and judge nothing.
    """

    window: Window
    table: pa.Table
    counted: int | None = None
    verdict: Literal["exclude", "accept"] | None = None
    reason: str = ""
    silent: Evidence | None = None
    silent_before: bool = False
    rows_before: tuple[int, ...] | None = None
    arrivals: int = 0
    disagreeing: tuple[str, ...] = ()
    awaited: AwaitedLabels = NONE_AWAITED
    chosen: int = 0
    sound: Soundness | None = None
    asked: ModelAnswers | None = None

    @property
    def rows(self) -> int:
        """How many rows the window has."""
        return self.table.num_rows if self.counted is None else self.counted
