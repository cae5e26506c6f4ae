"""What the gate thinks of a move: before the lock, where hashing takes its time, and again under it, with what is true then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from keepfit.gate.decide import decide
from keepfit.gate.history import ahead
from keepfit.gate.rules import ModelRules
from keepfit.gate.standing import Look, Seen, Standing, standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations.mlflow.store.asked import REASON_TAG, Gate, PointerMove
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.fails_closed import MAX_SENTENCE, error
from keepfit.integrations.mlflow.store.pointers import Placed, Pointers
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stored import Stored, registration
from keepfit.records import JournalRow, Verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_REASON = 300


@dataclass(frozen=True, kw_only=True)
class JudgedMove:
    """What was found of a move; no verdict where the pointer stands on the version already."""

    seen: Seen
    placed: Placed
    registered: tuple[Any, ...]
    evidence: VersionEvidence | None = None
    standing: Standing
    verdict: Verdict | None = None

    @property
    def refused(self) -> Verdict | None:
        """The verdict, if it refuses."""
        return None if self.verdict is None or self.verdict.promote else self.verdict


@dataclass(frozen=True)
class Judging:
    """Looks where everything stands, gathers the evidence, and lets the gate's core decide."""

    gate: Gate
    sessions: Sessions
    stored: Stored
    pointers: Pointers
    book: Book

    def before(self, move: PointerMove, *, anew: bool = False) -> JudgedMove:
        """Judge a move from what lies there now; one that moves nothing has no verdict, unless it is judged `anew`."""
        self.book.prepare()
        with self.sessions.transaction() as session:  # one for all that is read; a replica may be behind what the gate decides on
            stored = self.stored.version(session, move.model, move.version, eager=True)
            version, uri, registered = stored.to_mlflow_entity(), stored.storage_location or stored.source, registration(stored)
            seen, placed = self._seen(session, move)
        judged = JudgedMove(seen=seen, placed=placed, registered=registered, standing=Standing(champion=seen.champion))
        if seen.pointed == str(move.version) and not anew:
            return judged
        stood = any(row.kind == "adopted" and row.version == str(move.version) for row in seen.rows)
        return self._decided(move, judged, self.gate.gather(version, uri, self._look(move.held, seen.rows, known=stood)))

    def again(self, session: Session, move: PointerMove, before: JudgedMove) -> JudgedMove:
        """Look and decide again under the lock.

        Raises a conflict if the version is not the one that was judged, or the pointer moved away from under one that could have had it.
        """
        self.require_same(session, move.model, move.version, before.registered)
        seen, placed = self._seen(session, move, known=before.seen.rows)
        if before.refused is None and (seen.champion, seen.pointed) != (before.seen.champion, before.seen.pointed):
            winner = f"v{seen.champion}" if seen.champion else "no version"
            said = f"keepfit: {move.target} of {move.model} moved to {winner} meanwhile; re-evaluate v{move.version} against {winner}: keepfit sync"
            raise error(said[:MAX_SENTENCE], "RESOURCE_CONFLICT")
        return self._decided(move, replace(before, seen=seen, placed=placed), before.evidence)

    def evidence(
        self, model: str, version: int, held: ModelRules, rows: Sequence[JournalRow], *, unseen: bool = False
    ) -> tuple[tuple[Any, ...], VersionEvidence]:
        """Return what tells the version from another under its number, and its evidence; `unseen`: its files, whoever vouches for them."""
        with self.sessions.read() as session:
            stored = self.stored.version(session, model, version, eager=True)
            found, uri, registered = stored.to_mlflow_entity(), stored.storage_location or stored.source, registration(stored)
        return registered, self.gate.gather(found, uri, self._look(held, rows, known=unseen))

    def require_same(self, session: Session, model: str, version: int, registered: tuple[Any, ...]) -> None:
        """Raise a conflict if the version is not the one that was looked at before the lock."""
        if registration(self.stored.version(session, model, version)) != registered:
            raise error(f"keepfit: v{version} of {model} is not what it was when it was judged: look at it, then try again", "RESOURCE_CONFLICT")

    def _decided(self, move: PointerMove, judged: JudgedMove, evidence: VersionEvidence | None) -> JudgedMove:
        gate, now, version = self.gate, self.gate.now(), str(move.version)
        where = standing(judged.seen, version=version, evidence=evidence, requester=gate.who()[0], now=now, gone=gate.gone)
        verdict = None if evidence is None else decide(evidence, where, rules=move.rules, target=move.target, now=now)
        return replace(judged, evidence=evidence, standing=where, verdict=verdict)

    def _look(self, held: ModelRules, rows: Sequence[JournalRow], *, known: bool) -> Look:
        return Look(held=held, workspace=self.sessions.workspace, now=self.gate.now(), known=known, ahead=ahead(rows))

    def _seen(self, session: Session, move: PointerMove, *, known: Sequence[JournalRow] | None = None) -> tuple[Seen, Placed]:
        """Look where everything stands; rows that are `known` already are not read again."""
        placed = self.pointers.placed(session, move.model, move.held)
        rows = self.book.read(session, move.model) if known is None else self.book.rows(session, move.model, known)
        tag = self.stored.version_tag(session, move.model, move.version, REASON_TAG)
        seen = Seen(
            rows=rows,
            pointed=placed.pointed(move.kind, move.name),
            champion=placed.champion(move),
            unexplained=tuple(sentence for _, sentence in placed.strange(move.held, rows)),
            reason="" if tag is None else " ".join(str(tag.value).split())[:MAX_REASON],
        )
        return seen, placed
