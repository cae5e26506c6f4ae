"""Records of suites over time: what is wrong with how they are written, what they say of past windows, and what each line was good for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from keepfit.records.form import record
from keepfit.records.words import Severity, Status


@record
class LintFinding:
    """What is wrong with a suite's file: an `error` (it could not do what it says) or a `warning` (it may not do what is meant)."""

    file: str
    id: str
    level: Literal["error", "warning"]
    what: str
    fix: str = ""


@record
class PastLine:
    """What one line of the suite says of past windows, by window."""

    id: str
    severity: Severity
    statuses: Mapping[str, Status]

    @property
    def fired(self) -> tuple[str, ...]:
        """The windows that it fails on, or that it could not measure."""
        return tuple(window for window, status in self.statuses.items() if status in ("fail", "error"))


@record
class PastRun:
    """A suite on past windows: `accepted` ones are sound as far as people have said."""

    schema: int = 1
    suite: str
    windows: tuple[str, ...]
    accepted: tuple[str, ...]
    lines: tuple[PastLine, ...]

    @property
    def wrong(self) -> tuple[tuple[str, str], ...]:
        """Critical lines with the accepted windows that they would block."""
        return tuple((line.id, window) for line in self.lines if line.severity == "critical" for window in line.fired if window in self.accepted)


@record
class LineRecord:
    """What one line was good for: the windows it was `judged` on and those it `fired` on.

    `true`: of these, windows that a person excluded, or with a ticket that names the line; `false`: windows that a person accepted. `changed` and `commit` say
    when git last saw the line change ('': not committed); `retire` why it could go ('' where nothing says so).
    """

    suite: str
    id: str
    severity: Severity
    judged: int
    fired: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    changed: str = ""
    commit: str = ""
    retire: str = ""


@record
class SuiteRecord:
    """The record of every line of every suite."""

    schema: int = 1
    lines: tuple[LineRecord, ...]
