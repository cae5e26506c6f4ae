"""A person's wish in MLflow's UI: the tag `request-improve` on the champion's version becomes a ticket, once.

The tag's text is the reason. It is read over REST at each `keepfit monitor`; the ledger's outbox remembers it by its text, so that
the same wish is heard once and another text is another wish. The tag is a request, not evidence and no command: what follows is what
follows any ticket that asks for a retraining (`hooks.retrain`). The answer is written beside it, in the tag `kf.request`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from keepfit.errors import ServerError
from keepfit.flows.monitoring.memory import IMPROVE, Memory, open_ticket, owed_of
from keepfit.flows.project import Project
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.view import LedgerView
from keepfit.integrations.mlflow.rest import Rest
from keepfit.records import Decision, JudgedWindow, RootCause, Ticket
from keepfit.update.debt import asked
from keepfit.update.tickets import ticket_for, with_own_id

TAG, ANSWER_TAG = "request-improve", "kf.request"
ANSWER = "answer-request"
SHOWN = 200
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asked for: the version it stands on, and the reason."""

    version: str
    reason: str

    def key(self, model: str) -> str:
        """What names the wish in the outbox."""
        return f"{TAG}:{model}:{self.version}:{sha256(self.reason.encode()).hexdigest()[:16]}"


def hear_requests(project: Project, memory: Memory, *, now: datetime, say: Say) -> None:
    """Take up what is asked for on the champion's page and write the answer there; without a server there is nothing to read."""
    if not project.tracking_uri.startswith(("http://", "https://")):
        return
    rest, params = Rest(project.tracking_uri), project.params
    try:
        wish = read_wish(rest, params.model.name, params.mlflow.alias)
        if wish is not None and wish.version == memory.pin.version:
            _take_up(memory, wish, now=now, say=say)
        _answer(rest, memory)
    except ServerError as away:
        say(f"{away.what}; what people asked for there was not read")


def read_wish(rest: Rest, model: str, alias: str) -> Wish | None:
    """Return what the tag on the alias's version asks for; None without alias or tag. Raises `ServerError` if nothing answers."""
    version, tags = rest.tags_at(model, alias) or ("", {})
    return Wish(version=version, reason=" ".join(tags[TAG].split())[:SHOWN]) if TAG in tags else None


def _take_up(memory: Memory, wish: Wish, *, now: datetime, say: Say) -> None:
    """Open the ticket of a wish that was not heard before; it waits for a labelled window to judge a candidate on."""
    judged = [seen for seen in memory.windows if seen.sound and seen.labelled]
    if not judged:
        say(f"{TAG} on version {wish.version} waits for a window with labels")
        return

    def write(book: LedgerTransaction, view: LedgerView) -> None:
        model, key = view.model, wish.key(view.model)
        if not book.owe(Owed(model=model, key=key, verb=TAG, payload={"model": model, "version": wish.version})):
            return
        said = f"asked for in MLflow on version {wish.version}" + (f": {wish.reason}" if wish.reason else "")
        ticket = standing_request(view) or open_request(book, memory, view, said, judged[-1], now=now)
        if memory.retrains:
            book.owe(owed_of(IMPROVE, ticket))
        answer = {"model": model, "version": wish.version, "ticket": ticket.id}
        book.owe(Owed(model=model, key=f"{ANSWER}:{key}", verb=ANSWER, payload=answer))
        book.settle(model, key)
        say(f"{TAG} on version {wish.version}: ticket {ticket.id}")

    memory.change(write)


def standing_request(view: LedgerView) -> Ticket | None:
    """Return the ticket that asks for a retraining already, None if none does: one candidate answers both."""
    return next((ticket for ticket in view.tickets if ticket.action == "improve" and ticket.status != "resolved"), None)


def open_request(book: LedgerTransaction, memory: Memory, view: LedgerView, said: str, seen: JudgedWindow, *, now: datetime) -> Ticket:
    """Open the ticket of what a person asked for, in these words, on the last window that can judge a candidate; it counts as a review at `now`."""
    pin, window = memory.pin, seen.window
    ends = window.start.isoformat() if window.start else window.id
    decision = Decision(window=window.id, action="improve", ground="request", cause=f"request:{pin.version}", target=ends, reasons=(said,))
    root = RootCause(kind="none", since=window.id)
    made = ticket_for(decision, seen.evidence, model=view.model, champion=pin.version, window=window, opened=now, root=root)
    ticket = with_own_id(made, {one.id for one in view.tickets})
    open_ticket(book, ticket, setting=memory.setting)
    book.save_state(view.model, pin.digest, replace(view.state, last_improve=now, debt=asked(view.state.debt, None)))
    return ticket


def _answer(rest: Rest, memory: Memory) -> None:
    """Write on the version which ticket took its request up; a server that refuses the tag is not asked again."""
    for effect in memory.view.owes(ANSWER):
        rest.tag_version(effect.payload["model"], effect.payload["version"], ANSWER_TAG, effect.payload["ticket"])
        memory.settle((effect,))
