"""`keepfit open`: where a ticket's page lies, written anew, and where its candidate's is in MLflow."""

from __future__ import annotations

from pathlib import Path

from keepfit.errors import ServerError
from keepfit.flows.accepting.candidate import candidate_of
from keepfit.flows.project import Project
from keepfit.flows.tickets.explain import write_ticket_page
from keepfit.flows.tickets.tickets import find_ticket
from keepfit.integrations.mlflow.client import Mlflow

PAGES = Path("reports") / "tickets"


def ticket_page(project: Project, ticket_id: str) -> Path:
    """Write a ticket's page below `.keepfit/` and return where it lies."""
    ticket = find_ticket(project, ticket_id)
    out = project.state / PAGES / f"{ticket.id}.html"
    out.parent.mkdir(parents=True, exist_ok=True)
    write_ticket_page(project, ticket, out)
    return out


def candidate_page(project: Project, ticket_id: str) -> str:
    """Return the address of the candidate's page in MLflow; raises `TicketError` without one, `ServerError` where MLflow is no server."""
    runs = Mlflow(project.tracking_uri)
    page = runs.version_page(candidate_of(project, ticket_id, runs).version)
    if page is None:
        raise ServerError("MLflow is a database here, which has no pages", where=runs.uri, fix="keepfit server, and set MLFLOW_TRACKING_URI")
    return page
