"""The record of a judged window: what monitor found in it under one champion, and what was decided.

The ledger keeps it, the table of `keepfit monitor`, the window's page and its run in MLflow show it, and the windows after it are judged beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from keepfit.records.form import record
from keepfit.records.monitoring import Decision, Estimate, Evidence
from keepfit.records.window import Window

WindowStatus = Literal["seen", "blocked"]


@record
class JudgedWindow:
    """What monitor found in one window under one champion (`champion`: its digest, `version`: what people call it).

    `blocked`: a batch-level expectation failed and no person has decided; it is judged again once somebody did. `value` is the
    champion's `metric` on all labelled rows, with its interval; None where there were too few. `quarantined` are ids of rows set aside; `verdict` is
    the person's. `arrivals` counts how often labels had come for the window after it was closed when it was last scored; `late_rows`
    came after it was closed and are judged nowhere. `estimate` is what `metric` should be, made without the window's labels. `disagreeing`
    rows have labels that are not one value, `disagreeing_rows` are the ids of five of them. `to_come` rows waited for a label that was not due yet, the
    last of them until `labels_due`: until then `value` is provisional.
    """

    schema: int = 1
    model: str
    champion: str
    version: str
    window: Window
    status: WindowStatus
    rows: int
    labelled: int = 0
    quarantined: tuple[str, ...] = ()
    metric: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: tuple[Evidence, ...] = ()
    decision: Decision
    ticket: str | None = None
    verdict: Literal["exclude", "accept"] | None = None
    arrivals: int = 0
    late_rows: int = 0
    estimate: Estimate | None = None
    notes: tuple[str, ...] = ()
    disagreeing: int = 0
    disagreeing_rows: tuple[str, ...] = ()
    to_come: int = 0
    labels_due: datetime | None = None

    @property
    def provisional(self) -> str:
        """That labels are still to come, in words; empty where none is awaited."""
        if not self.to_come or self.labels_due is None:
            return ""
        return f"provisional: {self.to_come:,} of {self.rows:,} labels are still to come, the last is due by {self.labels_due:%Y-%m-%d %H:%M}"

    @property
    def excluded(self) -> bool:
        """Whether a person left the window out when it was judged."""
        return self.verdict == "exclude"

    @property
    def sound(self) -> bool:
        """Whether what was found of its rows counts: the window was judged whole, and no person left it out."""
        return self.status == "seen" and not self.excluded

    @property
    def changed(self) -> tuple[Evidence, ...]:
        """What changed and stands, each with the window that it is known since."""
        return tuple(one for one in self.evidence if one.since)
