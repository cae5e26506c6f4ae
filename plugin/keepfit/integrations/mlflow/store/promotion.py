"""What the server does at the click: a protected pointer is asked to move. Judge without a lock; then, in one transaction, lock, look again, move, write down.

Hashing takes time and is done before the lock. Under the lock the pointer must stand where it stood, and the decision is made
again with what the journal says now; so an approval withdrawn or a waiver ended meanwhile counts. A refusal too is decided
there: before the lock, a promotion that ends between two reads looks like a pointer that the journal does not explain. The pair of the first alias
and the first stage moves together where both stand.

`Promotion.moves` is the click from its first step to its last. Where a step is more than a line, its file has its name: `judging` (what was found, and the
verdict of `gate/decide.py`), `pointers` (where they stand), `stock` (MLflow's own verbs), `book` (the journal), `pages` (what people see).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from keepfit.gate.approvals import PASSED, counted
from keepfit.gate.history import AHEAD, ALIAS, CREATED, REQUESTED_BY, UNDECIDED, pointers, targets
from keepfit.gate.requests import REQUEST_MOVE
from keepfit.gate.sentence import sentence
from keepfit.gate.times import utc
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations.mlflow.store.asked import REASON_TAG, Announce, Gate, PointerMove
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.fails_closed import error, fails_closed
from keepfit.integrations.mlflow.store.judging import JudgedMove, Judging
from keepfit.integrations.mlflow.store.pages import Pages, page_of
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stock import Stock
from keepfit.integrations.mlflow.store.stored import Stored
from keepfit.records import JournalRow, Verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STEPS = ("judged", "locked", "pointer", "partner", "journal", "committed")  # what a crash test kills after


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """Moves protected pointers, or refuses."""

    gate: Gate
    sessions: Sessions
    stored: Stored
    stock: Stock
    judging: Judging
    book: Book
    pages: Pages
    announce: Announce

    # -- the click ----------------------------------------------------------------------------------------------------------

    def moves(self, move: PointerMove, act: Callable[[], Any]) -> Any:
        """Move the pointer by `act`, and its partner with it, or refuse; returns what `act` does."""
        with fails_closed(partial(self._stumbled, move)):
            judged = self.judging.before(move)
            self._reached("judged")
            move = self._with_rules_of_now(move)
            row = result = None
            with self.sessions.locked(move.model) as session:
                self._reached("locked")
                again = self.judging.again(session, move, judged)
                if again.refused is None:
                    result = act()
                    self._reached("pointer")
                    row = self._written(session, move, again)
            self._reached("committed")
            if row is not None:
                self._tell_of_partner(move, row)
            if again.refused is not None:
                self._refuse(move, again, again.refused)
            if again.verdict is not None and row is not None:
                self.pages.tell(row, again.verdict, again.seen.rows)
            return result

    def _with_rules_of_now(self, move: PointerMove) -> PointerMove:
        """Hashing took time: the rules may have changed."""
        rules = self.gate.rules()
        return replace(move, rules=rules, held=rules.of(move.model) or move.held)

    # -- allowed ------------------------------------------------------------------------------------------------------------

    def _written(self, session: Session, move: PointerMove, judged: JudgedMove) -> JournalRow | None:
        """Let the partner follow, take the reason that was left, and write the journal's row: all in the move's transaction."""
        verdict = judged.verdict
        if verdict is None:
            return None
        partner = judged.placed.partner(move)
        if partner is not None:
            self.stock.put(partner, move.model, move.version)
        self._reached("partner")
        self._answer_request(session, move, judged, partner)
        if judged.seen.reason:
            session.delete(self.stored.version_tag(session, move.model, move.version, REASON_TAG))
        reason = judged.standing.reason if verdict.kind == "rolled back" else ""
        text = sentence(verdict, page=page_of(move.model, move.version)) + (f": {reason}" if reason else "")
        row = self._row(move, judged, verdict, text)
        row = self.book.append(session, replace(row, target=targets([move.target, *([partner] if partner else [])])))
        self._reached("journal")
        return row

    def _answer_request(self, session: Session, move: PointerMove, judged: JudgedMove, partner: str | None) -> None:
        """Take the tag of an open request away that this move grants."""
        request = judged.standing.request
        if request is not None and request.is_open and request.asked.target in {move.target, partner}:
            tag = self.stored.version_tag(session, move.model, move.version, REQUEST_MOVE)
            if tag is not None:
                session.delete(tag)

    def _tell_of_partner(self, move: PointerMove, row: JournalRow) -> None:
        """Tell MLflow's webhooks of an alias that came along: the server tells of what it was asked for only."""
        for name in _aliases(pointers(row)):
            if f"{ALIAS}{name}" != move.target:
                self.announce(move.model, name, row.version)

    # -- refused ------------------------------------------------------------------------------------------------------------

    def _refuse(self, move: PointerMove, judged: JudgedMove, verdict: Verdict) -> NoReturn:
        """Write the refusal down in a transaction of its own, show it on the version's page, and say no."""
        text = sentence(verdict, page=page_of(move.model, move.version))
        row = self.book.write_down(self._row(move, judged, verdict, text))
        self.pages.tell(row, verdict, judged.seen.rows)
        raise error(row.text, "PERMISSION_DENIED")

    def _stumbled(self, move: PointerMove, text: str) -> None:
        """Write down that the gate could not evaluate: a refusal as any other."""
        self.book.write_down(self.book.row("refused", move.model, move.version, target=move.target, rules=move.rules.digest, text=text))

    # -- the row ------------------------------------------------------------------------------------------------------------

    def _row(self, move: PointerMove, judged: JudgedMove, verdict: Verdict, text: str) -> JournalRow:
        used = sorted({reason.rule for reason in verdict.reasons if reason.code == "KF-G042"})
        undecided = [reason for reason in verdict.reasons if reason.code == PASSED]
        approved = counted(judged.standing, move.held) if (move.held.approvals or undecided) and verdict.kind == "promoted" else ()
        fast = judged.evidence.ahead if judged.evidence else ()
        passed = sorted({f"{reason.slice} {reason.metric} ({reason.rule})" for reason in undecided})
        request = judged.standing.request
        by = request.asked.who if request is not None and request.is_open and verdict.promote else ""
        detail = {REQUESTED_BY: by, "waived": ", ".join(used), "approvers": ", ".join(approved), UNDECIDED: ", ".join(passed), AHEAD: targets(sorted(fast))}
        return self.book.row(
            verdict.kind,
            move.model,
            move.version,
            model_digest=judged.evidence.model_digest if judged.evidence else None,
            certificate=verdict.certificate,
            previous=judged.standing.champion,
            rules=verdict.rules,
            target=move.target,
            text=text,
            detail=_issued(judged.evidence) | created(judged.evidence) | {key: value for key, value in detail.items() if value},
        )

    def _reached(self, step: str) -> None:
        self.gate.reached(f"promotion.{step}")


def _aliases(named: Iterable[str]) -> list[str]:
    return [pointer.removeprefix(ALIAS) for pointer in named if pointer.startswith(ALIAS)]


def created(evidence: VersionEvidence | None) -> dict[str, str]:
    """When the version was registered: what tells it from a later one under its number."""
    return {} if evidence is None or evidence.created is None else {CREATED: str(evidence.created)}


def _issued(evidence: VersionEvidence | None) -> dict[str, str]:
    """When the certificate that was judged was issued, if it is a trusted one of this very version."""
    if evidence is None or evidence.signed is None or not evidence.attestation.trusted:
        return {}
    certificate = evidence.signed.certificate
    if evidence.signed.identity in evidence.ahead:  # else all that were issued since would be older
        return {}
    mine = (certificate.model, certificate.version) == (evidence.model, evidence.version)
    return {"issued": utc(certificate.issued).isoformat()} if mine else {}
