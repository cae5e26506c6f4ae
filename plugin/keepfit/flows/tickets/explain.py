"""`keepfit explain TICKET`: the ticket as it was opened, with the distributions of its columns where they are still at hand."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.page_file import write_page_file
from keepfit.flows.performance import course_of
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import Reference, Ticket, from_json
from keepfit.report.performance import MOST
from keepfit.report.ticket_page import FIGURES, Figure, explain_html


def write_ticket_page(project: Project, ticket: Ticket, out: Path) -> None:
    """Write the page whole or not at all."""
    figures, note = figures_of(project, ticket)
    with ledger_of(project) as ledger:
        view = ledger.view(ticket.model)
    course = course_of(project.params, [row.seen for row in view.rows[-MOST:]], tickets=view.tickets)
    write_page_file(out, explain_html(ticket, figures, note=note, course=course))


def figures_of(project: Project, ticket: Ticket) -> tuple[tuple[Figure, ...], str]:
    """Return both sides of the ticket's columns, the root cause's first; or none, and why there is none."""
    pin, profile = project.baseline.champion, project.champion_dir / "profile.json"
    window = next((path for path in _places(project, ticket.window) if path.is_file()), None)
    if pin is None or pin.version != ticket.champion:
        return (), f"no distributions: version {ticket.champion} is not the pinned champion any more"
    if not profile.is_file() or window is None:
        return (), "no distributions: the champion's profile or the window's rows are not here (dvc pull, or the machine that monitored)"
    return _figures(project, from_json(Reference, profile.read_bytes(), where=str(profile)), window, columns=_columns(ticket)), ""


def _places(project: Project, window: str) -> tuple[Path, ...]:
    """Where a closed window's rows may lie; what git and DVC know wins."""
    return project.root / "data" / "windows" / f"{window}.parquet", project.state / "windows" / f"{window}.parquet"


def _columns(ticket: Ticket) -> list[str]:
    root = ticket.root
    found = [] if root is None else [root.column, *(column for one in root.slices for column in one.columns)]
    return list(dict.fromkeys([*found, *(one.subject for one in ticket.evidence if one.kind in ("data", "target"))]))


def _figures(project: Project, reference: Reference, window: Path, *, columns: list[str]) -> tuple[Figure, ...]:
    from keepfit.integrations.tables import read_table
    from keepfit.profiles.profile import layout_of, profile_table, total

    layout = {name: column for name, column in layout_of(reference).items() if name in columns and name != project.params.model.target}
    before, now = total(reference), profile_table(read_table(window), layout, window.stem)
    shown = [name for name in columns if name in now.columns][:FIGURES]
    return tuple(Figure(column=name, reference=before.columns[name], current=now.columns[name]) for name in shown)
