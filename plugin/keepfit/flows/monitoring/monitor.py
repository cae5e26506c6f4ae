"""`keepfit monitor`: walk the closed windows after the champion's data, judge each once, fold the policy, open tickets.

What a window changes (its record, the policy's state, tickets, owed effects) is one ledger transaction: a run that is killed
goes on where it stopped, and a second run at the same time waits and then finds the work done. Lines and announcements are owed
until they were shown: branches are opened, then all is told, then that is noted, so that a run that is killed before leaves the
telling to the next. The policy's `now` is the end of the window, so that a run that catches up decides as one that came every
month; `until` closes windows and dates tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError
from keepfit.flows.deliver.journal_events import hear_journal
from keepfit.flows.effects import effect
from keepfit.flows.monitoring.memory import Memory, told_effects, unshown_windows, untold_tickets
from keepfit.flows.monitoring.monitored import Monitored
from keepfit.flows.monitoring.owed_events import close_ticket
from keepfit.flows.monitoring.probation import keep_probation
from keepfit.flows.monitoring.requests import hear_requests
from keepfit.flows.monitoring.runs import log_owed_runs
from keepfit.flows.monitoring.unmatched_ticket import look_for_unmatched
from keepfit.flows.monitoring.walk import Walk
from keepfit.flows.project import Project
from keepfit.flows.rows.one_state import one_state
from keepfit.flows.tickets.event_setting import setting_of
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.outbox import EVENT
from keepfit.integrations.ledger.run_lock import one_at_a_time
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.view import LedgerView
from keepfit.update.tickets import resolved

if TYPE_CHECKING:
    from keepfit.flows.retraining.improve import Improved

PATIENCE_SECONDS = 900
Say = Callable[[str], None]


def monitor(project: Project, *, until: datetime, say: Say, tell: Callable[[Monitored], None] | None = None, deliver: bool = True) -> Monitored:
    """Judge what closed by `until` (in the table's clock) and return what there is to tell; `say` gets progress, a line each.

    `tell` shows it to people, after which it is noted as told; without one whoever gets the answer is told. A run that is killed between the two
    leaves its lines to be shown once more.
    With `deliver` False subscribers hear of it from whoever delivers later. Raises `ProjectError` without a champion,
    `DataError` for a live source that cannot be read, `LedgerError` if another run does not end. A server, or a subscriber's receiver, that is away
    is told and changes nothing else.
    """
    pin, model, retrains = project.baseline.champion, project.params.model.name, project.params.hooks.retrain == "auto"
    heard_of = bool(project.params.hooks.subscribers)
    if pin is None:
        raise ProjectError("there is no champion to watch yet", where="baseline.json", fix="dvc repro, promote the version, then keepfit sync")

    def waiting() -> None:
        say("another keepfit monitor runs here; waiting for it to end")

    with ledger_of(project) as ledger, one_at_a_time(project.ledger_uri, "monitor", model, patience=PATIENCE_SECONDS, waiting=waiting), one_state() as states:
        memory = Memory.of(ledger, pin, model=model, retrains=retrains, setting=setting_of(project), now=until)
        unheard = () if heard_of else memory.view.owes(EVENT)  # nobody subscribed since the run before
        close_answered(memory)
        walk = Walk(project=project, pin=pin, memory=memory, until=until, say=say)
        fresh, undecidable = walk.run()
        keep_probation(project, memory, lambda: walk.closing.gatherer.rivals, say=say)
        effect("monitor", "probation")
        unmatched = look_for_unmatched(walk.store, memory, now=until, say=say)
        states.close()
        hear_requests(project, memory, now=until, say=say)
        hear_journal(project, say=say, ledger=ledger)
        log_owed_runs(project, memory, say=say)
        told = _told(memory, until=until, fresh=fresh, undecidable=undecidable)
        told = replace(told, unmatched=unmatched, failed=walk.failures.errors, odd=walk.odd, untimed=walk.untimed, remarks=walk.remarks)
        effect("monitor", "judged")
        lines = unshown_windows(memory.view, pin, among=[seen.window for seen in told.windows])
        told = replace(told, news=frozenset(line.payload["window"] for line in lines))
        told = _answered(told, _retrain(project, say=say))
        effect("monitor", "retrained")
        if tell is not None:
            tell(told)
        effect("monitor", "told")
        memory.settle((*told_effects(memory.view, told.tickets), *lines, *unheard))
        effect("monitor", "noted")
    if heard_of and deliver:
        from keepfit.flows.deliver.after import deliver_after

        deliver_after(project, say=say)
    return told


def close_answered(memory: Memory) -> None:
    """Resolve the tickets that asked to replace a champion which is no longer it: the promotion was their answer."""
    version = memory.pin.version

    def close(book: LedgerTransaction, view: LedgerView) -> None:
        about = [one for one in view.tickets if one.action in ("improve", "rollback") or one.ground in ("drift", "harm")]
        for ticket in about:
            if ticket.status != "resolved" and ticket.champion != version:
                close_ticket(book, resolved(ticket, f"version {version} is the champion now"), at=memory.now, setting=memory.setting)

    memory.change(close)


def _told(memory: Memory, *, until: datetime, fresh: int, undecidable: int) -> Monitored:
    """What the ledger knows now; tickets that a killed run opened and told nobody of are among the untold."""
    windows = tuple(seen for seen in memory.windows if seen.window.end is None or seen.window.end <= until)
    untold = untold_tickets(memory.view, memory.pin)
    return Monitored(windows=windows, tickets=untold.tickets, waiting=untold.waiting, fresh=fresh, undecidable=undecidable)


def _retrain(project: Project, *, say: Say) -> tuple[Improved, ...]:
    """With hooks.retrain auto: open the branch of each improve ticket that is owed one."""
    if project.params.hooks.retrain != "auto":
        return ()
    from keepfit.flows.monitoring.owed_retrainings import retrain_owed

    return retrain_owed(project, say=say)


def _answered(told: Monitored, made: Sequence[Improved]) -> Monitored:
    """The tickets as they stand once branches were opened for some: what comes next for these is the review."""
    by_ticket = {one.ticket: one for one in made}
    pairs = [(ticket, by_ticket.get(ticket.id)) for ticket in told.tickets]
    return replace(told, tickets=tuple(ticket if one is None else replace(ticket, branch=one.branch, next=one.next) for ticket, one in pairs))
