"""What a detector is: it compares a reference with a window and returns `Evidence`; it knows no threshold.

There are five kinds, by what they look at: one column's profile, whole rows, a pair of columns, how many rows a window brought, when a source's rows
came. What others need to know of a
detector are its attributes. A new one is a file beside this one, or a class of another package; its dataclass fields are keys in params.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from keepfit.records import ColumnProfile, Evidence, PairProfile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.monitor.detectors.arrivals import Arrivals

    Floats = npt.NDArray[np.float64]

ColumnKind = Literal["numeric", "categorical", "text"]
Unit = Literal["share of rows", "divergence", "distance", "standard deviations", "change of correlation", "times the expected"]
NUMBERS: tuple[ColumnKind, ...] = ("numeric",)
CATEGORIES: tuple[ColumnKind, ...] = ("categorical",)
TEXTS: tuple[ColumnKind, ...] = ("text",)
BOTH = (*NUMBERS, *CATEGORIES)
EVERY = (*BOTH, *TEXTS)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a detector's effect is: a size from 0 (no change) to `highest` (None: without a bound), in `unit`.

    `relative`: measured against something of the data itself (a spread, what was expected), so that it compares with itself only.
    `direction`: `both` for a change either way, `more` if only growth counts.
    """

    unit: Unit
    highest: float | None = 1.0
    relative: bool = False
    direction: Literal["both", "more"] = "both"


OF_ROWS = Effect(unit="share of rows")
"""The part of the rows that sits elsewhere than before."""
GROWN_ROWS = Effect(unit="share of rows", direction="more")
"""The part of the rows that came to what is looked at."""


class ColumnDetector(Protocol):
    """Compares one column's profile with the reference's (`monitor.columns.NAME.detector`; entry points `keepfit.detectors`).

    `kinds` are the columns it can look at: others it refuses by `DataError`. `words` complete "it measures …".
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[ColumnKind, ...]]
    effect: ClassVar[Effect]
    least_rows: ClassVar[int]
    words: ClassVar[str]

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return how strongly the two differ; with fewer than `least_rows` values on a side statistic, effect and p are None and `detail` says why."""


class RowDetector(Protocol):
    """Compares two samples of whole rows (`keepfit compare --rows NAME`; entry points `keepfit.row_detectors`)."""

    name: ClassVar[str]
    effect: ClassVar[Effect]
    least_rows: ClassVar[int]
    words: ClassVar[str]

    def compare(self, reference: Floats, current: Floats, *, rng: np.random.Generator) -> Evidence:
        """Return how strongly two float matrices of the same columns differ; chance comes from `rng` only."""


class PairDetector(Protocol):
    """Compares how two numeric columns go together (`keepfit compare --pairs` asks every one; entry points `keepfit.pair_detectors`)."""

    name: ClassVar[str]
    effect: ClassVar[Effect]
    least_rows: ClassVar[int]
    words: ClassVar[str]

    def compare(self, reference: PairProfile, current: PairProfile, pair: str) -> Evidence:
        """Return how strongly the two differ."""


class SourceDetector(Protocol):
    """Says whether rows that were due did not come (`keepfit monitor` asks every one; entry points `keepfit.source_detectors`).

    What it says blocks its window: what came is no fair sample of its time, and the rest may still come.
    """

    name: ClassVar[str]
    effect: ClassVar[Effect]
    words: ClassVar[str]

    def compare(self, arrivals: Arrivals, *, start: datetime, end: datetime) -> Evidence | None:
        """Return the evidence (quality, with an effect and a `detail` that is a sentence) that rows of `[start, end)` did not come, None if they did."""


class WindowDetector(Protocol):
    """Compares how many rows a window brought with the windows before it (`keepfit monitor` asks every one; entry points `keepfit.window_detectors`)."""

    name: ClassVar[str]
    effect: ClassVar[Effect]
    least_windows: ClassVar[int]
    words: ClassVar[str]

    def compare(self, earlier: Sequence[int], rows: int, subject: str = "rows") -> Evidence:
        """Return how strongly a window of `rows` differs from the `earlier` ones; with fewer than `least_windows` of them statistic, effect and p are None."""
