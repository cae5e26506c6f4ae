"""Records of a fleet: what one line of `keepfit fleet` says of a model, and what it is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from keepfit.records.form import record
from keepfit.records.words import Severity

FleetState = Literal["broken", "blocked", "silent", "unmonitored", "ticket", "ok"]


@record
class FleetLine:
    """What is known of one model of a fleet. Times are in the model's own clock, ages in days at the moment of the look.

    `state` is the worst that holds: `broken` (the project or its ledger cannot be read), `blocked` (a window waits for a person), `silent` (rows that were
    due did not come), `unmonitored` (no window for more than two of its length, or none ever), `ticket` (an open one), `ok`; `detail` says why, `fix` what
    to do. `version` is the champion's, `trained_until` the end of its training data. `last_look` is the end of the newest window that was judged,
    `labelled_until` that of the newest one with labels, among the newest `windows`. `alerts` counts those of them in which a change was called for the
    first time, `promised` how many of these may be false by what params promise; None under a rule that promises nothing. `tickets` are the open ones by
    severity, `acknowledged` those that are silenced until later. `waivers` are those that stand for the champion, None where no journal is at hand; `dead`
    counts messages that were given up.
    """

    schema: int = 1
    model: str
    folder: str
    state: FleetState
    detail: str = ""
    fix: str = ""
    version: str | None = None
    trained_until: datetime | None = None
    age_days: float | None = None
    window: str | None = None
    last_look: datetime | None = None
    look_days: float | None = None
    labelled_until: datetime | None = None
    labels_days: float | None = None
    tickets: Mapping[Severity, int] = field(default_factory=dict)
    acknowledged: int = 0
    waivers: int | None = None
    windows: int = 0
    alerts: int = 0
    promised: float | None = None
    dead: int = 0


@record
class Unwatched:
    """What nobody watches: a model that serves (`version` stands under the champion's alias on the `server`) and is no project's, or a project's model.

    `folder` is the project's, None where there is none; `why` is one sentence.
    """

    model: str
    version: str | None
    why: str
    server: str | None = None
    folder: str | None = None


@record
class ChangedSince:
    """Of a piece of evidence: the window that opened the incident which stands, empty where none does."""

    since: str = ""


@record
class WindowGlance:
    """Of a judged window the little that an overview needs: read from its row without the rest, which is most of it."""

    labelled: int = 0
    evidence: tuple[ChangedSince, ...] = ()
