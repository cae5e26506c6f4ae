"""The tags `request-move` and `reject`: who may not move a pointer asks for the move, and who may approve can say no, with a reason.

Each becomes a journal row bound to the certificate, and the version's page says how it stands. A request is taken back by the tag's value
`withdraw`, or by deleting the tag. The tags are copies: `request-move` stays as long as the request is open, `reject` until somebody asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from keepfit.gate.approvals import named
from keepfit.gate.history import REJECTED, REQUEST_WITHDRAWN, REQUESTED, approvals, told
from keepfit.gate.names import canonical, either
from keepfit.gate.pending import REASON, MoveRequest, open_request
from keepfit.gate.requests import MIN_REASON, REQUEST_MOVE
from keepfit.gate.rules import ANONYMOUS, ModelRules
from keepfit.integrations.mlflow.store.approvals import WITHDRAW, nothing_to_approve
from keepfit.integrations.mlflow.store.asked import APPROVE, REJECT, Gate
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.fails_closed import in_short
from keepfit.integrations.mlflow.store.judging import MAX_REASON, Judging
from keepfit.integrations.mlflow.store.pages import Pages
from keepfit.integrations.mlflow.store.pointers import Pointers
from keepfit.integrations.mlflow.store.refusals import Refusals
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stored import Stored
from keepfit.records import JournalKind, JournalRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CODE = "KF-G058"
Act = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class MoveRequests:
    """Writes requests down, and how they were answered."""

    gate: Gate
    sessions: Sessions
    stored: Stored
    pointers: Pointers
    judging: Judging
    book: Book
    pages: Pages
    refusals: Refusals

    # -- asking -----------------------------------------------------------------------------------------------------------

    def say(self, model: str, version: int, value: Any, held: ModelRules, act: Act) -> None:
        """Do what the tag `request-move` says: a pointer's name, with a reason behind a colon; or `withdraw`. `act` sets the tag."""
        name, _, reason = in_short(str(value)).partition(":")
        wanted = canonical(name)
        pointer = next((each for each in sorted(held.pointers) if canonical(each.partition(" ")[2]) == wanted), None)
        if pointer is not None:
            self._request(model, version, pointer, reason.strip()[:MAX_REASON], held, act)
        elif wanted == WITHDRAW:
            self.withdraw(model, version, held, None)
        else:
            known = ", ".join((*held.aliases, *held.stages))
            said = f"the tag {REQUEST_MOVE} names what is protected ({known}), with a reason behind a colon, or is {WITHDRAW!r}; not {str(value)[:40]!r}"
            self.refusals.refuse(CODE, model, version, said)

    def _request(self, model: str, version: int, pointer: str, reason: str, held: ModelRules, act: Act) -> None:
        """Write the request down and let its tag be set; refuse one for nothing, or beside another's."""
        who, known = self.gate.who()[0], self.book.known(model)
        registered, evidence = self.judging.evidence(model, version, held, known)
        problem = nothing_to_approve(evidence)
        if problem is not None or evidence.signed is None:
            self.refusals.refuse(CODE, model, version, f"there is nothing to request: {problem} → keepfit certify {quote(model)} {version}")
        certificate = evidence.signed.identity
        said = f"requested v{version} as {pointer} on certificate {certificate[:19]}…{f': {reason}' if reason else ''}"
        about = {"certificate": certificate, "model_digest": evidence.model_digest, "target": pointer}
        with self.sessions.locked(model) as session:
            self.judging.require_same(session, model, version, registered)
            rows = self.book.rows(session, model, known)
            kind, _, name = pointer.partition(" ")
            there = self.pointers.placed(session, model, held).pointed(kind, name) == str(version)
            problem = f"v{version} is {pointer} already" if there else _of_another(open_request(rows, version=str(version)), who, certificate)
            if problem is None:
                act()
                self._untag(session, model, version, REJECT)
                detail = {REASON: reason} if reason else {}
                row = self.book.row(REQUESTED, model, version, text=in_short(f"{said}; {_waits(held)}"), detail=detail, **about)
                self._write(session, rows, row)
        if problem is not None:
            self.refusals.refuse(CODE, model, version, problem)

    # -- answering --------------------------------------------------------------------------------------------------------

    def reject(self, model: str, version: int, value: Any, held: ModelRules, act: Act) -> None:
        """Reject the open request with the tag's text as the reason; who approved the version before approves it no more."""
        who, reason = self.gate.who()[0], in_short(str(value))[:MAX_REASON]
        if not held.may_approve(who):
            self.refusals.refuse(CODE, model, version, f"gate.yaml names who approves this model, and so who may reject a request, {named(held)}: not {who}")
        if len(reason) < MIN_REASON:
            self.refusals.refuse(
                CODE, model, version, f"a rejection needs a reason: the tag {REJECT} holds it → keepfit reject {quote(model)} {version} --reason …"
            )
        known = self.book.known(model)
        with self.sessions.locked(model) as session:
            rows = self.book.rows(session, model, known)
            request = open_request(rows, version=str(version))
            if request is not None:
                act()
                asked = request.asked
                text = f"rejected the request of {asked.who} for v{version} as {asked.target}: {reason}"
                row = self._row(REJECTED, asked, text, {REASON: reason})
                written = self._write(session, rows, row)
                self._untag(session, model, version, REQUEST_MOVE)
                if not approvals(written, version=str(version)):
                    self._untag(session, model, version, APPROVE)
        if request is None:
            self.refusals.refuse(CODE, model, version, f"no request for v{version} is open: there is nothing to reject")

    def withdraw(self, model: str, version: int, held: ModelRules, act: Act | None) -> None:
        """Take the own request back; `act` deletes the tag, None: the gate does, as it was asked by the tag's value."""
        who, known = self.gate.who()[0], self.book.known(model)
        with self.sessions.locked(model) as session:
            rows = self.book.rows(session, model, known)
            request = open_request(rows, version=str(version))
            mine = request is not None and (who == request.asked.who or ANONYMOUS in {who, request.asked.who})
            if request is None or mine:
                act() if act else self._untag(session, model, version, REQUEST_MOVE)
            if request is not None and mine:
                text = f"withdrew the request for v{version} as {request.asked.target}"
                self._write(session, rows, self._row(REQUEST_WITHDRAWN, request.asked, text, {}))
        if request is None and act is None:
            self.refusals.refuse(CODE, model, version, f"no request for v{version} is open: there is nothing to withdraw")
        if request is not None and not mine:
            said = f"{request.asked.who} requested v{version} and alone can withdraw that; who may approve can reject it, {named(held)}"
            self.refusals.refuse(CODE, model, version, said)

    # -- the row, the tags --------------------------------------------------------------------------------------------------

    def _row(self, kind: JournalKind, asked: JournalRow, text: str, detail: dict[str, str]) -> JournalRow:
        """The row that answers a request: about the same pointer, on the same certificate."""
        about = {"certificate": asked.certificate, "model_digest": asked.model_digest, "target": asked.target}
        return self.book.row(kind, asked.model, asked.version, text=in_short(text), detail=detail, **about)

    def _write(self, session: Session, rows: Sequence[JournalRow], row: JournalRow) -> Sequence[JournalRow]:
        """Write the row, and what the version's page says of it; returns the rows with it."""
        written = (*rows, self.book.append(session, row))
        self.pages.mend(session, row.model, told(written))
        return written

    def _untag(self, session: Session, model: str, version: int, key: str) -> None:
        tag = self.stored.version_tag(session, model, version, key)
        if tag is not None:
            session.delete(tag)


def _of_another(request: MoveRequest | None, who: str, certificate: str) -> str | None:
    """Why a request is not taken beside one that is open; the own one is replaced, and one on older evidence is left behind."""
    if request is None or request.asked.certificate != certificate or who in {ANONYMOUS, request.asked.who}:
        return None
    return f"{request.asked.who} has requested v{request.asked.version} as {request.asked.target} already, on this very certificate"


def _waits(held: ModelRules) -> str:
    """What a request waits for, by the rules of now."""
    approval = f"{held.approvals} approval{'' if held.approvals == 1 else 's'} by {'others' if '*' in held.approvers else named(held)}, then for "
    return f"it waits for {approval if held.approvals else ''}{'somebody' if '*' in held.movers else either(held.movers)} to move it"
