"""Records of what a candidate is worth, in the user's own unit or the metric's."""

from __future__ import annotations

from typing import Literal

from keepfit.records.form import record

Worth = Literal["worth it", "not worth it", "cannot tell"]


@record
class Impact:
    """What a candidate gains over the champion, and what it costs, in `unit`; without costs or a loss in params the unit is the metric.

    `gain` is that of one row (of a metric: the gain itself, which counts once a window), positive: better, with the interval `low` to `high`, which holds
    at `confidence`; None: not measured, `notes` say why. `rows_a_window` is None for a metric. `price` is what the candidate costs once, None: nothing is
    priced. `horizon` is for how many windows it serves, None: not said. `clusters` and `design` as in a `ScoreRow`. `threshold` is from which probability
    on a row of two classes is acted on. `labels` is how many would decide what cannot be told.
    """

    unit: str
    measure: Literal["costs", "loss", "metric"]
    gain: float | None
    low: float | None = None
    high: float | None = None
    confidence: float
    n: int
    clusters: int | None = None
    design: float | None = None
    rows_a_window: float | None = None
    price: float | None = None
    horizon: int | None = None
    threshold: float | None = None
    verdict: Worth | None = None
    labels: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def a_window(self) -> tuple[float, float, float] | None:
        """The gain of one window, and its interval; None where it was not measured."""
        if self.gain is None or self.low is None or self.high is None:
            return None
        rows = 1.0 if self.rows_a_window is None else self.rows_a_window
        return self.gain * rows, self.low * rows, self.high * rows
