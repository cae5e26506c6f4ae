"""`keepfit report --html OUT`: one page on a project, from its files, its ledger and git; a server is asked, and does without."""

from __future__ import annotations

import os
from pathlib import Path

from keepfit.errors import KeepfitError
from keepfit.flows.monitoring.runs import report_path
from keepfit.flows.page_file import write_page_file
from keepfit.flows.performance import course_of
from keepfit.flows.project import Project
from keepfit.flows.reporting.impact import impact
from keepfit.flows.reporting.stakeholders import stakeholders
from keepfit.flows.retraining.improve import card_of
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.mlflow.client.tags import KEY_TAG
from keepfit.integrations.programs.git import GitRepo
from keepfit.records import JudgedWindow, Ticket
from keepfit.report.impact import impact_line
from keepfit.report.performance import MOST
from keepfit.report.project_page import CANDIDATES, CandidateView, ProjectView, project_html

REGISTERED = "reports/registered.json"


def write_project_page(project: Project, out: Path, model: str | None = None) -> tuple[str, ...]:
    """Write the page whole or not at all, and return a sentence on each thing that could not be read."""
    view = project_view(project, out.resolve().parent, model)
    write_page_file(out, project_html(view))
    return tuple(view.unread)


def project_view(project: Project, folder: Path, model: str | None = None) -> ProjectView:
    """Gather what is known; links to windows' pages are relative to `folder`."""
    standing, params = stakeholders(project, model), project.params
    with ledger_of(project) as ledger:
        view = ledger.view(params.model.name)
    windows = [row.seen for row in view.rows[-MOST:]]
    versions, away = _versions(project)
    candidates, unread = _candidates(project, view.tickets, versions)
    opened = {ticket.id: ticket.window for ticket in view.tickets}
    answered = {one.version: opened[one.ticket] for one in candidates if one.version is not None}
    silent = [f"the registry's journal: {standing.silent}"] if standing.silent else []
    return ProjectView(
        standing=standing,
        course=course_of(params, windows, tickets=view.tickets, journal=standing.journal, answered=answered),
        windows=windows,
        tickets=view.tickets,
        candidates=candidates,
        pages=_pages(project, windows, folder),
        worth=impact_line(impact(project).impact),
        unread=(*silent, *away, *unread),
    )


def _versions(project: Project) -> tuple[dict[str, str], tuple[str, ...]]:
    """The number of each registered version by its key; and why none is known."""
    runs = Mlflow(project.tracking_uri)
    try:
        runs.probe()
        return {one.tags[KEY_TAG]: one.number for one in runs.versions(project.params.model.name) if KEY_TAG in one.tags}, ()
    except KeepfitError as bad:
        return {}, (f"which versions the candidates are: {bad.what}",)


def _candidates(project: Project, tickets: tuple[Ticket, ...], versions: dict[str, str]) -> tuple[list[CandidateView], list[str]]:
    """The retrainings whose branches are here, the newest first."""
    found: list[CandidateView] = []
    unread: list[str] = []
    try:
        git = GitRepo(project.root)
        for ticket in reversed([one for one in tickets if one.branch]):
            if len(found) < CANDIDATES and (seen := _candidate(git, ticket, versions)) is not None:
                found.append(seen)
    except KeepfitError as bad:
        unread.append(f"the candidates: {bad.what}")
    return found, unread


def _candidate(git: GitRepo, ticket: Ticket, versions: dict[str, str]) -> CandidateView | None:
    import json

    branch = str(ticket.branch)
    commit = git.tip(branch)
    text = None if commit is None else git.show(commit, "reports/scorecard.json")
    if commit is None or text is None:
        return None
    registered = json.loads(git.show(commit, REGISTERED) or b"{}")
    card = card_of(text, git.show(commit, "reports/refit.json"))
    return CandidateView(ticket=ticket.id, branch=branch, card=card, version=versions.get(registered.get("key", "")))


def _pages(project: Project, windows: list[JudgedWindow], folder: Path) -> dict[tuple[str, str], str]:
    """The pages of windows that are here, as they are linked from the folder."""
    found = {(one.window.id, one.champion): report_path(project, one.champion, one.window.id) for one in windows}
    return {key: os.path.relpath(path, folder) for key, path in found.items() if path.is_file()}
