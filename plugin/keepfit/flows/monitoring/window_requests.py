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
from keepfit.flows.monitoring.window_memory import ANNOUNCE, IMPROVE, owed_of, unused
from keepfit.flows.project import Project
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.mlflow.rest import Rest
from keepfit.records import Decision, JudgedWindow, Pin, RootCause, Ticket
from keepfit.update.tickets import ticket_for

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


def hear_requests(project: Project, pin: Pin, ledger: Ledger, *, now: datetime, say: Say) -> None:
    """Take up what is asked for on the champion's page and write the answer there; without a server there is nothing to read."""
    if not project.tracking_uri.startswith(("http://", "https://")):
        return
    rest, params = Rest(project.tracking_uri), project.params
    try:
        wish = read_wish(rest, params.model.name, params.mlflow.alias)
        if wish is not None and wish.version == pin.version:
            with ledger.transaction() as book:
                _take_up(book, project, pin, wish, now=now, say=say)
        _answer(rest, project, ledger)
    except ServerError as away:
        say(f"{away.what}; what people asked for there was not read")


def read_wish(rest: Rest, model: str, alias: str) -> Wish | None:
    """Return what the tag on the alias's version asks for; None without alias or tag. Raises `ServerError` if nothing answers."""
    version, tags = rest.tags_at(model, alias) or ("", {})
    return Wish(version=version, reason=" ".join(tags[TAG].split())[:SHOWN]) if TAG in tags else None


def _take_up(book: LedgerTransaction, project: Project, pin: Pin, wish: Wish, *, now: datetime, say: Say) -> None:
    """Open the ticket of a wish that was not heard before; it waits for a labelled window to judge a candidate on."""
    model, key = project.params.model.name, wish.key(project.params.model.name)
    judged = [seen for seen in book.windows(model, pin.digest) if seen.status == "seen" and seen.verdict != "exclude" and seen.labelled]
    if not judged:
        say(f"{TAG} on version {wish.version} waits for a window with labels")
        return
    if not book.owe(Owed(model=model, key=key, verb=TAG, payload={"model": model, "version": wish.version})):
        return
    ticket = _standing(book, model) or _open(book, project, wish, judged[-1], pin=pin, now=now)
    if project.params.hooks.retrain == "auto":
        book.owe(owed_of(IMPROVE, ticket))
    answer = {"model": model, "version": wish.version, "ticket": ticket.id}
    book.owe(Owed(model=model, key=f"{ANSWER}:{key}", verb=ANSWER, payload=answer))
    book.settle(model, key)
    say(f"{TAG} on version {wish.version}: ticket {ticket.id}")


def _standing(book: LedgerTransaction, model: str) -> Ticket | None:
    """The ticket that asks for a retraining already: one candidate answers both."""
    return next((ticket for ticket in book.tickets(model) if ticket.action == "improve" and ticket.status != "resolved"), None)


def _open(book: LedgerTransaction, project: Project, wish: Wish, seen: JudgedWindow, *, pin: Pin, now: datetime) -> Ticket:
    model, window = project.params.model.name, seen.window
    said = f"asked for in MLflow on version {wish.version}" + (f": {wish.reason}" if wish.reason else "")
    ends = window.start.isoformat() if window.start else window.id
    decision = Decision(window=window.id, action="improve", ground="request", cause=f"request:{wish.version}", target=ends, reasons=(said,))
    root = RootCause(kind="none", since=window.id)
    made = ticket_for(decision, seen.evidence, model=model, champion=pin.version, window=window, opened=now, root=root)
    ticket = unused(made, {one.id for one in book.tickets(model)})
    book.save_ticket(ticket)
    book.owe(owed_of(ANNOUNCE, ticket))
    state, _ = book.state(model)
    book.save_state(model, pin.digest, replace(state, last_improve=now))
    return ticket


def _answer(rest: Rest, project: Project, ledger: Ledger) -> None:
    """Write on the version which ticket took its request up; a server that refuses the tag is not asked again."""
    with ledger.reading() as book:
        owed = book.owed(project.params.model.name, ANSWER)
    for effect in owed:
        rest.tag_version(effect.payload["model"], effect.payload["version"], ANSWER_TAG, effect.payload["ticket"])
        with ledger.transaction() as book:
            book.settle(effect.model, effect.key)
