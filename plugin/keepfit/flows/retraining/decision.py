"""What a retraining's decision.json says: where its training data ends, and that the judged model is shipped as it is, where newer data do harm."""

from __future__ import annotations

from keepfit.flows.project import Project
from keepfit.flows.retraining.judge_window import target_of
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import PolicyState, Ticket, Window


def decision_for(project: Project, ticket: Ticket, judge: Window) -> dict[str, object]:
    """Return the decision that a ticket's retraining is composed by, for the window that judges it.

    `refit` is only there to say no: on the last labelled windows models with a window more of data were surely the worse ones.
    """
    from keepfit.update.debt import newer_harms

    without = {"refit": False} if newer_harms(policy_state(project).debt) else {}
    return {"action": "improve", "target": target_of(judge, ticket), **without}


def policy_state(project: Project) -> PolicyState:
    """Return what the update policy remembers by now."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        state, _ = book.state(project.params.model.name)
    return state
