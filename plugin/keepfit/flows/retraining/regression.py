"""`keepfit resolve TICKET --regression NAME`: what a ticket was about is written down, so that every later candidate is judged on it by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError
from keepfit.flows.project import Project
from keepfit.flows.rows.past import past_entries, past_file, put_past
from keepfit.flows.tickets.tickets import find_ticket, ledger_of, resolve
from keepfit.records import Ticket
from keepfit.slices.past_entries import FILE, INCIDENT_NAME, RegressionSet, incident_slice, slice_of_cause

if TYPE_CHECKING:
    from keepfit.compose.incident_rows import IncidentRows


@dataclass(frozen=True, kw_only=True)
class WrittenDown:
    """The regression set that was written, in which file, and what is to be said of it."""

    set: RegressionSet
    file: Path
    remarks: tuple[str, ...] = ()


def resolve_with_regression(project: Project, ticket: str, *, name: str, slice_: str | None, reason: str, by: str | None = None) -> WrittenDown:
    """Write the ticket's rows down as the regression set `name`, then close the ticket; nothing is closed where anything is wrong.

    The rows are those of the ticket's window that are of `slice_`, by default of the first slice that its loss came from, else all of them; only the held
    out ones judge. Raises `ParamsError` for a name that is none or taken, and without a reason, `DataError` where no row of them is held out,
    `UnknownNameError` for a window that is not closed here.
    """
    found = find_ticket(project, ticket)
    _check(project, name, reason)
    where = slice_ or slice_of_cause(found.root)
    rows = _counted(project, found, where)
    written = RegressionSet(name=incident_slice(name), window=found.window, slice=where, rows=rows.held, ticket=found.id, reason=" ".join(reason.split()))
    put_past(project, written.name, written.entry, by=by)
    resolve(project, ticket, reason=reason)
    return WrittenDown(set=written, file=past_file(project), remarks=_remarks(rows, f"{where} in {found.window}", least=project.params.evaluate.min_rows))


def _check(project: Project, name: str, reason: str) -> None:
    if not INCIDENT_NAME.match(name):
        raise ParamsError(f"{name[:80]!r} is no name of an incident", where="--regression", fix="letters, digits, '.', '_' and '-', at most 64")
    if not reason.strip():
        raise ParamsError("an incident is written down with a reason", where="--reason", fix="say what went wrong: it is reviewed with the change")
    if any(one.name == incident_slice(name) for one in past_entries(project).incidents):
        fix = f"another name, or take the entry out of {FILE} first"
        raise ParamsError(f"there is an incident {name!r} already", where="--regression", fix=fix)


def _counted(project: Project, ticket: Ticket, where: str) -> IncidentRows:
    """How many rows there are, and how many of them can judge; raises `DataError` where none can."""
    from keepfit.compose.incident_rows import incident_rows
    from keepfit.flows.rows.labelled_windows import labelled_windows

    table = labelled_windows(project, [ticket.window])[ticket.window]
    with ledger_of(project) as ledger:
        aside = {row for window, row in ledger.view(project.params.model.name).aside if window == ticket.window}
    rows = incident_rows(table, where, project.params, quarantined=aside, where="--slice")
    if not rows.held:
        fix = "data.holdout_share holds no row out" if not project.params.data.holdout_share else "--slice overall takes the whole window"
        what = f"none of the {rows.of_slice:,} rows of {where} in {ticket.window} is held out, so none can judge"
        raise DataError(what, where="--regression", fix=fix)
    return rows


def _remarks(rows: IncidentRows, of: str, *, least: int) -> tuple[str, ...]:
    """What a person has to know of the rows."""
    said = f"{rows.held:,} of {rows.of_slice:,} rows of {of} are held out and judge; the others may train"
    few = f"only {rows.labelled:,} of them have a label, fewer than evaluate.min_rows ({least:,}): the incident is undecided until more come"
    return (said, few) if rows.labelled < least else (said,)
