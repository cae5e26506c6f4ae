"""Which window judges a candidate: the newest one with labels, however old the ticket is that asked for it.

After a backlog the window of the oldest ticket would judge a model that was old before it served. Windows that wait for a person's decision or
that a person excluded judge nothing, nor do those with too few labels.
"""

from __future__ import annotations

from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import closed_windows, timed
from keepfit.flows.rows.late_labels import LateLabels
from keepfit.flows.rows.people_labels import labels_that_count
from keepfit.flows.rows.windows import window_decisions
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import Ticket, Window
from keepfit.tables.window_decisions import undecided, unsound


def judge_window(project: Project, ticket: Ticket) -> Window:
    """Return the newest labelled window from the ticket's on, with the time that it starts; the ticket's own where no later one has enough labels."""
    from keepfit.integrations.tables import read_table
    from keepfit.tables.join_labels import labelled_rows

    params, late, files, people = project.params, LateLabels(project), closed_windows(project), labels_that_count(project)
    own = next((window for window in files if window.id == ticket.window), None) or timed(ticket.window, None, params.data)
    left_out = unsound(_blocked(project), window_decisions(project))
    for window in reversed([window for window in files if window.order > own.order and window.id not in left_out]):
        rows = late.complete(window.id, read_table(files[window]))
        if labelled_rows(rows if people is None else people.judging(rows, params), params.model.target) >= params.monitor.min_rows:
            return window
    return own


def target_of(judge: Window, ticket: Ticket) -> str | None:
    """Return where the candidate's training data ends: at the start of the window that judges it."""
    return ticket.target if judge.id == ticket.window or judge.start is None else judge.start.isoformat()


def undecided_windows(project: Project) -> frozenset[str]:
    """Return the windows that are blocked and nobody has decided on."""
    return undecided(_blocked(project), window_decisions(project))


def _blocked(project: Project) -> set[str]:
    with ledger_of(project) as ledger, ledger.reading() as book:
        seen = book.windows(project.params.model.name, None)
    return {one.window.id for one in seen if one.status == "blocked"}
