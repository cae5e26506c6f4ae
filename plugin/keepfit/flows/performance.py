"""The course of a project's model for its pages: the windows and tickets of the ledger, and how its metric counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keepfit.params import Params
from keepfit.records import JournalRow, JudgedWindow, Ticket
from keepfit.report.performance import MOST, PerformanceCourse, performance_course


def course_of(
    params: Params,
    windows: Sequence[JudgedWindow],
    *,
    tickets: Sequence[Ticket] = (),
    journal: Sequence[JournalRow] = (),
    answered: Mapping[str, str] | None = None,
    until: JudgedWindow | None = None,
) -> PerformanceCourse:
    """Return the course of the newest windows, given in the order of time; `until`: of those up to this one; `answered` as in `performance_course`."""
    from keepfit.update.promise import metric_of

    known = list(windows)
    if until is not None:
        ends = [at for at, one in enumerate(known) if (one.window.id, one.champion) == (until.window.id, until.champion)]
        known = known[: ends[-1] + 1] if ends else [*known, until]
    return performance_course(known[-MOST:], greater_is_better=metric_of(params).greater_is_better, tickets=tickets, journal=journal, answered=answered)
