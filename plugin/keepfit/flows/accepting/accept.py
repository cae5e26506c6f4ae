"""`keepfit accept TICKET`: what a person types after a review, in one call: merge, certify, (approve,) promote, sync, commit the pin, close the ticket.

Nothing here decides: the review was a person's, the promotion is the gate's. It never runs without a person who called it, stops at the first no, and
run again goes on where it stopped.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from keepfit.errors import LedgerError, RefusedError
from keepfit.flows.accepting.candidate import candidate_of
from keepfit.flows.accepting.merging import take_away
from keepfit.flows.accepting.refusals import refuse
from keepfit.flows.accepting.steps import steps_of
from keepfit.flows.accepting.way import StoppedError, Way
from keepfit.flows.deliver.command import HOOK
from keepfit.flows.project import Project
from keepfit.integrations.ledger.run_lock import one_at_a_time
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.programs.group import interrupted_by_signals

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class StepTaken:
    """A step, what a person would type for it, and what became of it: `to do`, `done` now, `done before`, or where it `stopped`."""

    name: str
    typed: str
    state: str
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """How far it came; `promoted` if the candidate is the champion. `why`, `reasons` and `fix` are of what stopped it, `exit_code` 0 if nothing did."""

    ticket: str
    model: str
    version: str
    branch: str
    promoted: bool
    steps: tuple[StepTaken, ...]
    why: str = ""
    reasons: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    exit_code: int = 0


def accept(
    project: Project, ticket: str, *, ask: Callable[[Sequence[StepTaken]], bool], approval: str | None = None, dry_run: bool = False, say: Say = lambda _: None
) -> Acceptance | None:
    """Bring a ticket's candidate to the champion; None if `ask`, who is shown the steps, says no. `approval`: the reason of who approves what is undecided.

    Raises `TicketError` without a candidate or for a ticket that was resolved otherwise, `ProjectError` for uncommitted changes, `RefusedError` in a hook,
    `LedgerError` while another run of it goes on, `ServerError` if MLflow is away; after any of them the same command goes on.
    """
    if os.environ.get(HOOK):
        raise RefusedError("accept is for a person to call: this is a hook", fix="name the command in the message, for a person to type")
    model = project.params.model.name
    with interrupted_by_signals(), _alone(project, model):
        runs = Mlflow(project.tracking_uri)
        way = Way(project=project, runs=runs, candidate=candidate_of(project, ticket, runs), approval=approval)
        try:
            refuse(way)
        except StoppedError as no:
            return _stopped(way, (), no)
        steps = steps_of(way)
        plan = tuple(StepTaken(name=one.name, typed=one.typed(way), state="done before" if (was := one.done(way)) else "to do", said=was) for one in steps)
        if dry_run or all(one.state != "to do" for one in plan):
            return _reached(way, plan)
        return _taken(way, say) if ask(plan) else None


def _alone(project: Project, model: str) -> AbstractContextManager[None]:
    def waiting() -> None:
        raise LedgerError(f"candidates of {model} are being accepted by another run", fix="wait for it to end; what it has done is not done twice")

    return one_at_a_time(project.ledger_uri, "accept", model, patience=0, waiting=waiting)


def _taken(way: Way, say: Say) -> Acceptance:
    """Take the steps that are left, each shown before and after."""
    taken: list[StepTaken] = []
    take_away(way)
    steps = steps_of(way)
    for number, step in enumerate(steps, start=1):
        label, typed = f"{number}/{len(steps)} {step.name}", step.typed(way)
        was = step.done(way)
        if was:
            say(f"{label}: done before: {was}")
            taken.append(StepTaken(name=step.name, typed=typed, state="done before", said=was))
            continue
        say(f"{label}: {typed}")
        try:
            did = step.do(way)
        except StoppedError as no:
            taken.append(StepTaken(name=step.name, typed=typed, state="stopped", said=no.why))
            return _stopped(way, taken, no)
        say(f"{label}: {did}")
        taken.append(StepTaken(name=step.name, typed=typed, state="done", said=did))
    return _reached(way, taken)


def _reached(way: Way, steps: Sequence[StepTaken]) -> Acceptance:
    ticket, branch = way.candidate.ticket.id, way.candidate.branch
    return Acceptance(ticket=ticket, model=way.model, version=way.number, branch=branch, promoted=way.serves, steps=tuple(steps))


def _stopped(way: Way, steps: Sequence[StepTaken], no: StoppedError) -> Acceptance:
    return replace(_reached(way, steps), why=no.why, reasons=tuple(no.reasons), fix=no.fix, exit_code=no.code)
