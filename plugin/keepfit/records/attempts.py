"""Records of how often rows have judged: which models, and what rows say that no rule ever saw."""

from __future__ import annotations

from datetime import datetime

from keepfit.records.form import record


@record
class Attempt:
    """One model held against frozen rows: `rows` is their digest (`Scorecard.judged_digest`), `model` that of the model's files (`judged_model`).

    `until` is where the rows end, None if that is not known. The same model on the same rows is the same attempt, however often it is evaluated.
    """

    rows: str
    model: str
    until: datetime | None = None


@record
class Attempts:
    """What a server's journal counts of one model's evaluations, in its order."""

    schema: int = 1
    counted: tuple[Attempt, ...] = ()


@record
class Confirmation:
    """The challenger's gain over the champion on rows that no rule saw; it is reported, and never judged.

    `text` says which rows these are, or why nothing was measured: then the numbers are None. `gain` is signed so that positive is better; `confidence`
    is that of each end of its interval, `clusters` how many groups of rows the interval knows.
    """

    rows: int
    metric: str
    text: str
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    clusters: int | None = None
