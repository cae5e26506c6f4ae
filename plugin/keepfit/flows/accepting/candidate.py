"""The candidate that answers a ticket: its branch, what of it is merged, its version, and what was found of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from keepfit.errors import ServerError, TicketError
from keepfit.flows.project import Project
from keepfit.flows.retraining.improve import card_of, shown_at
from keepfit.flows.retraining.retrain_tree import TRAILER, RetrainTree
from keepfit.flows.tickets.tickets import find_ticket
from keepfit.integrations.mlflow.client import Mlflow, Version
from keepfit.records import Scorecard, Ticket


@dataclass(frozen=True, kw_only=True)
class TicketCandidate:
    """What `improve` made for a ticket; `tip` is what a merge brings, `merge` the commit of the base branch that has brought it (None: not yet)."""

    ticket: Ticket
    branch: str
    tip: str
    merge: str | None
    version: Version
    card: Scorecard


def candidate_of(project: Project, ticket_id: str, runs: Mlflow) -> TicketCandidate:
    """Return the candidate of a ticket; raises `TicketError` if there is none, `ServerError` if the registry does not know it."""
    ticket = find_ticket(project, ticket_id)
    tree = RetrainTree(project, ticket.id)
    made = tree.made()
    if made is None:
        fix = f"keepfit improve {ticket.id}" if ticket.action == "improve" else (ticket.next or (f"keepfit ticket {ticket.id}",))[0]
        raise TicketError(f"the ticket {ticket.id} has no candidate", where=f"git branch {tree.branch}", fix=fix)
    git, base = tree.git, tree.base()
    tip = git.tip(tree.branch) or made
    merge = git.brought(tip, into=base)
    if merge is None and (squashed := git.trailer(base, TRAILER, ticket.id)) is not None:
        merge = git.brought(squashed, into=base)  # a forge merged the branch as one new commit
    at = merge or tip
    card = card_of(shown_at(tree, at, "reports/scorecard.json"), git.show(at, "reports/refit.json"))
    key = json.loads(shown_at(tree, at, "reports/registered.json"))["key"]
    version = runs.find_version(project.params.model.name, key)
    if version is None:
        raise ServerError(
            f"{runs.uri} does not know the candidate of {ticket.id}",
            where=f"{tree.branch}: reports/registered.json",
            fix=f"set MLFLOW_TRACKING_URI to the server that does, or git checkout {tree.branch} && dvc repro registers it there",
        )
    return TicketCandidate(ticket=ticket, branch=tree.branch, tip=tip, merge=merge, version=version, card=card)
