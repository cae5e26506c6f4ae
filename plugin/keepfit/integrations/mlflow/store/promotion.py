"""Moving a protected pointer: judge without a lock; then, in one transaction, lock, look again, move and write it down.

Hashing takes time and is done before the lock. Under the lock the pointer must stand where it stood, and the decision is made
again with what the journal says now; so an approval withdrawn or a waiver ended meanwhile counts. A refusal too is decided
there: before the lock, a promotion that ends between two reads looks like a pointer that the journal does not explain. The pair of the first alias
and the first stage moves together where both stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from keepfit.gate.approvals import counted
from keepfit.gate.decide import decide
from keepfit.gate.evidence import Evidence
from keepfit.gate.history import AHEAD, ALIAS, CREATED, ahead, pointers, targets
from keepfit.gate.rules import ModelRules
from keepfit.gate.sentence import sentence
from keepfit.gate.standing import Look, Seen, Standing, standing
from keepfit.gate.times import utc
from keepfit.integrations.mlflow.store.asked import MAX_SENTENCE, REASON_TAG, Move, error, fails_closed
from keepfit.integrations.mlflow.store.pointers import Placed
from keepfit.integrations.mlflow.store.writing import Writing, page_of
from keepfit.records import JournalRow, Verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_REASON = 300
MAX_REMEMBERED = 200
STEPS = ("judged", "locked", "pointer", "partner", "journal", "committed")  # what a crash test kills after


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What was found before the lock; no verdict where the pointer stands on the version already."""

    seen: Seen
    placed: Placed
    registered: tuple[Any, ...]
    evidence: Evidence | None = None
    standing: Standing
    verdict: Verdict | None = None

    @property
    def refused(self) -> Verdict | None:
        """The verdict, if it refuses."""
        return None if self.verdict is None or self.verdict.promote else self.verdict


class Promotion(Writing):
    """What happens when a protected pointer is asked to move."""

    _keepfit_rows: Mapping[tuple[str, str], Sequence[JournalRow]] = MappingProxyType({})
    _get_model_version_tag: Any

    def _moved(self, move: Move, act: Callable[[], Any], follow: Callable[[str], None]) -> Any:
        """Move the pointer by `act`, and its partner by `follow`, or refuse."""
        with fails_closed(partial(self._stumbled, move)):
            judged = self._judged(move)
            self._reached("judged")
            move = self._with_rules_of_now(move)
            row = result = None
            with self._locked(move.model) as session:
                self._reached("locked")
                again = self._again(session, move, judged)
                if again.refused is None:
                    result = act()
                    self._reached("pointer")
                    row = self._written(session, move, again, follow)
            self._reached("committed")
            if row is not None:
                self._announce(move.model, ((name, row.version) for name in _aliases(pointers(row)) if f"alias {name}" != move.target))
            if again.refused is not None:
                self._refuse(move, again, again.refused)
            if again.verdict is not None and row is not None:
                self._tell(row, again.verdict, again.seen.rows)
            return result

    def _announce(self, model: str, moved: Iterable[tuple[str, str | None]]) -> None:
        """Tell MLflow's webhooks of aliases that moved, or (None) were deleted, with a verb for something else: the server tells of its own only."""
        for alias, version in moved:
            self._keepfit_gate.announce(self, model, alias, version)

    def _with_rules_of_now(self, move: Move) -> Move:
        """Hashing took time: the rules may have changed."""
        rules = self._keepfit_gate.rules()
        return replace(move, rules=rules, held=rules.of(move.model) or move.held)

    # -- judging ----------------------------------------------------------------------------------------------------------

    def _judged(self, move: Move, *, anew: bool = False) -> Judged:
        """Judge a move from what lies there now; one that moves nothing has no verdict, unless it is judged `anew`."""
        self._prepare_journal()
        with self._transaction() as session:  # one for all that is read; a replica may be behind what the gate decides on
            stored = self._get_sql_model_version(session, move.model, move.version, eager=True)
            version, uri, registered = stored.to_mlflow_entity(), stored.storage_location or stored.source, registration(stored)
            seen, placed = self._seen(session, move, known=self._remembered(move.model))
        self._remember(move.model, seen.rows)
        judged = Judged(seen=seen, placed=placed, registered=registered, standing=Standing(champion=seen.champion))
        if seen.pointed == str(move.version) and not anew:
            return judged
        stood = any(row.kind == "adopted" and row.version == str(move.version) for row in seen.rows)
        return self._decided(move, judged, self._keepfit_gate.gather(version, uri, self._look(move.held, seen.rows, known=stood)))

    def _again(self, session: Session, move: Move, before: Judged) -> Judged:
        """Look and decide again under the lock.

        Raises a conflict if the version is not the one that was judged, or the pointer moved away from under one that could have had it.
        """
        self._require_same(session, move.model, move.version, before.registered)
        seen, placed = self._seen(session, move, known=before.seen.rows)
        if before.refused is None and (seen.champion, seen.pointed) != (before.seen.champion, before.seen.pointed):
            winner = f"v{seen.champion}" if seen.champion else "no version"
            said = f"keepfit: {move.target} of {move.model} moved to {winner} meanwhile; re-evaluate v{move.version} against {winner}: keepfit sync"
            raise error(said[:MAX_SENTENCE], "RESOURCE_CONFLICT")
        return self._decided(move, replace(before, seen=seen, placed=placed), before.evidence)

    def _require_same(self, session: Session, model: str, version: int, registered: tuple[Any, ...]) -> None:
        """Raise a conflict if the version is not the one that was looked at before the lock."""
        if registration(self._get_sql_model_version(session, model, version)) != registered:
            raise error(f"keepfit: v{version} of {model} is not what it was when it was judged: look at it, then try again", "RESOURCE_CONFLICT")

    def _decided(self, move: Move, judged: Judged, evidence: Evidence | None) -> Judged:
        now = self._keepfit_gate.now()
        gate, version = self._keepfit_gate, str(move.version)
        where = standing(judged.seen, version=version, evidence=evidence, requester=gate.who()[0], now=now, gone=gate.gone)
        verdict = None if evidence is None else decide(evidence, where, rules=move.rules, target=move.target, now=now)
        return replace(judged, evidence=evidence, standing=where, verdict=verdict)

    def _look(self, held: ModelRules, rows: Sequence[JournalRow], *, known: bool) -> Look:
        return Look(held=held, workspace=self._get_active_workspace(), now=self._keepfit_gate.now(), known=known, ahead=ahead(rows))

    def _seen(self, session: Session, move: Move, *, known: Sequence[JournalRow]) -> tuple[Seen, Placed]:
        """Look where everything stands."""
        placed = self._placed(session, move.model, move.held)
        rows = self._rows(session, move.model, known)
        tag = self._get_model_version_tag(session, move.model, move.version, REASON_TAG)
        seen = Seen(
            rows=rows,
            pointed=placed.pointed(move.kind, move.name),
            champion=placed.champion(move),
            unexplained=tuple(sentence for _, sentence in placed.strange(move.held, rows)),
            reason="" if tag is None else " ".join(str(tag.value).split())[:MAX_REASON],
        )
        return seen, placed

    def _remembered(self, model: str) -> Sequence[JournalRow]:
        return self._keepfit_rows.get((self._get_active_workspace(), model), ())

    def _remember(self, model: str, rows: Sequence[JournalRow]) -> None:
        self._keepfit_rows = {**self._keepfit_rows, (self._get_active_workspace(), model): rows}
        while len(self._keepfit_rows) > MAX_REMEMBERED:
            self._keepfit_rows = dict(list(self._keepfit_rows.items())[1:])

    # -- the outcome --------------------------------------------------------------------------------------------------------

    def _written(self, session: Session, move: Move, judged: Judged, follow: Callable[[str], None]) -> JournalRow | None:
        """Let the partner follow, take the reason that was left, and write the journal's row: all in the move's transaction."""
        verdict = judged.verdict
        if verdict is None:
            return None
        partner = judged.placed.partner(move)
        if partner is not None:
            follow(partner)
        self._reached("partner")
        if judged.seen.reason:
            session.delete(self._get_model_version_tag(session, move.model, move.version, REASON_TAG))
        reason = judged.standing.reason if verdict.kind == "rolled back" else ""
        text = sentence(verdict, page=page_of(move.model, move.version)) + (f": {reason}" if reason else "")
        row = self._verdict_row(move, judged, verdict, text)
        row = self._append(session, replace(row, target=targets([move.target, *([partner] if partner else [])])))
        self._reached("journal")
        return row

    def _refuse(self, move: Move, judged: Judged, verdict: Verdict) -> NoReturn:
        text = sentence(verdict, page=page_of(move.model, move.version))
        row = self._write_down(self._verdict_row(move, judged, verdict, text))
        self._tell(row, verdict, judged.seen.rows)
        raise error(row.text, "PERMISSION_DENIED")

    def _verdict_row(self, move: Move, judged: Judged, verdict: Verdict, text: str) -> JournalRow:
        used = sorted({reason.rule for reason in verdict.reasons if reason.code == "KF-G042"})
        approved = counted(judged.standing, move.held) if move.held.approvals and verdict.kind == "promoted" else ()
        fast = judged.evidence.ahead if judged.evidence else ()
        detail = {"waived": ", ".join(used), "approvers": ", ".join(approved), AHEAD: targets(sorted(fast))}
        return self._row(
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

    def _stumbled(self, move: Move, text: str) -> None:
        """Write down that the gate could not evaluate: a refusal as any other."""
        self._write_down(self._row("refused", move.model, move.version, target=move.target, rules=move.rules.digest, text=text))

    def _reached(self, step: str) -> None:
        self._keepfit_gate.reached(f"promotion.{step}")


def _aliases(named: Iterable[str]) -> list[str]:
    return [pointer.removeprefix(ALIAS) for pointer in named if pointer.startswith(ALIAS)]


def created(evidence: Evidence | None) -> dict[str, str]:
    """When the version was registered: what tells it from a later one under its number."""
    return {} if evidence is None or evidence.created is None else {CREATED: str(evidence.created)}


def registration(stored: Any) -> tuple[Any, ...]:
    """What tells a version from another that was put under its name and number while it was judged."""
    return stored.creation_time, stored.source, stored.storage_location, stored.run_id


def _issued(evidence: Evidence | None) -> dict[str, str]:
    """When the certificate that was judged was issued, if it is a trusted one of this very version."""
    if evidence is None or evidence.signed is None or not evidence.attestation.trusted:
        return {}
    certificate = evidence.signed.certificate
    if evidence.signed.identity in evidence.ahead:  # else all that were issued since would be older
        return {}
    mine = (certificate.model, certificate.version) == (evidence.model, evidence.version)
    return {"issued": utc(certificate.issued).isoformat()} if mine else {}
