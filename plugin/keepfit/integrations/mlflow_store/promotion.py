"""Moving a protected pointer: judge without a lock, then pointer and journal in one transaction; or refuse, and write that down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from keepfit.gate.decide import Evidence, Standing, decide
from keepfit.gate.sentence import sentence
from keepfit.integrations.mlflow_store.asked import Gate, Move, error, fails_closed
from keepfit.integrations.mlflow_store.pointers import Pointers
from keepfit.integrations.mlflow_store.sessions import Sessions
from keepfit.records import JournalRow, Verdict
from keepfit.report.verdict import with_verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

VERDICT_TAG = "kf.verdict"
REASON_TAG = "kf.reason"
MAX_DESCRIPTION = 5000
_LOG = logging.getLogger(__name__)


class Promotion(Pointers, Sessions):
    """What happens when a protected pointer is asked to move."""

    engine: Any
    get_model_version: Any
    get_model_version_download_uri: Any
    set_model_version_tag: Any
    update_model_version: Any
    _get_model_version_tag: Any
    _keepfit_gate: Gate
    _keepfit_ready: bool = False

    def _moved(self, move: Move, act: Callable[[], Any]) -> Any:
        with fails_closed():
            evidence, standing, verdict = self._judged(move)
            if verdict is not None and not verdict.promote:
                self._refuse(move, verdict, evidence, standing)
            with self._locked(move.model) as session:
                self._still_stands(session, move, standing)
                result = act()
                if verdict is not None:
                    self._record(session, move, verdict, evidence, standing)
            return result

    def _judged(self, move: Move) -> tuple[Evidence | None, Standing, Verdict | None]:
        """Gather and decide, outside of any transaction; no verdict is needed where the pointer stands on the version already."""
        version = self.get_model_version(move.model, move.version)
        self._prepare_journal()
        with self._read() as session:
            pointed = self._pointed(session, move)
            standing = self._standing(session, move, self._champion(session, move, pointed))
        if pointed == str(move.version):
            return None, standing, None
        uri = self.get_model_version_download_uri(move.model, move.version)
        evidence = self._keepfit_gate.gather(version, uri, move.held)
        return evidence, standing, decide(evidence, standing, rules=move.rules, target=move.target, now=self._keepfit_gate.now())

    def _still_stands(self, session: Session, move: Move, judged: Standing) -> None:
        champion = self._champion(session, move, self._pointed(session, move))
        if champion != judged.champion:
            winner = f"v{champion}" if champion else "no version"
            sentence_ = f"keepfit: {move.target} of {move.model} moved to {winner} meanwhile; re-evaluate v{move.version} against {winner}: keepfit sync"
            raise error(sentence_[:400], "RESOURCE_CONFLICT")

    def _record(self, session: Session, move: Move, verdict: Verdict, evidence: Evidence | None, standing: Standing) -> None:
        """Write the journal's row and the copies for people into the move's own transaction."""
        text = sentence(verdict, page=_page(move.model, move.version))
        text += self._reason(session, move)
        self._append(session, self._row(move, verdict, evidence, standing, text))
        self._show(move, verdict, text, standing)

    def _reason(self, session: Session, move: Move) -> str:
        """Take the reason that `keepfit rollback` left as a tag; it is used once."""
        tag = self._get_model_version_tag(session, move.model, move.version, REASON_TAG)
        if tag is None:
            return ""
        session.delete(tag)
        return f": {' '.join(str(tag.value).split())[:300]}"

    def _show(self, move: Move, verdict: Verdict, text: str, standing: Standing) -> None:
        """Copies on the version's page: tags and the block in the description. They join the open transaction."""
        from mlflow.entities.model_registry import ModelVersionTag

        tags = {VERDICT_TAG: f"{verdict.kind}: {move.target}", f"{VERDICT_TAG}.text": text}
        tags[f"{VERDICT_TAG}.codes"] = " ".join(sorted({reason.code for reason in verdict.reasons if reason.blocking})) or "none"
        tags[f"{VERDICT_TAG}.attested"] = "self-attested" if verdict.self_attested else "signed" if verdict.certificate else "none"
        if verdict.kind == "promoted":
            tags[f"{VERDICT_TAG}.previous"] = standing.champion or "none"
        for key, value in tags.items():
            self.set_model_version_tag(move.model, move.version, ModelVersionTag(key, value))
        described = self.get_model_version(move.model, move.version).description
        self.update_model_version(move.model, move.version, with_verdict(described, verdict, max_chars=MAX_DESCRIPTION))

    # -- refusing ---------------------------------------------------------------------------------------------------------

    def _refuse(self, move: Move, verdict: Verdict, evidence: Evidence | None, standing: Standing) -> NoReturn:
        text = sentence(verdict, page=_page(move.model, move.version))
        try:
            with self._locked(move.model) as session:
                self._append(session, self._row(move, verdict, evidence, standing, text))
                self._show(move, verdict, text, standing)
        except Exception:  # noqa: BLE001 - the refusal holds even if it cannot be written down
            _LOG.exception("keepfit: a refusal could not be written down")
        raise error(text, "PERMISSION_DENIED")

    def _refuse_plainly(self, code: str, name: str, version: int | None, text: str) -> NoReturn:
        """Refuse a verb that needs no evidence to be refused."""
        who, via = self._keepfit_gate.who()
        said = f"keepfit refused: [{code}] {text}"[:400]
        row = JournalRow(
            id=0,
            at=self._keepfit_gate.now(),
            kind="refused",
            model=name,
            version=str(version or "-"),
            model_digest=None,
            certificate=None,
            previous=None,
            target=code,
            who=who,
            via=via,
            text=said,
        )
        try:
            self._prepare_journal()
            with self._transaction() as session:
                self._append(session, row)
        except Exception:  # noqa: BLE001 - the refusal holds even if it cannot be written down
            _LOG.exception("keepfit: a refusal could not be written down")
        raise error(said, "PERMISSION_DENIED")

    # -- the journal ------------------------------------------------------------------------------------------------------

    def _standing(self, session: Session, move: Move, champion: str | None) -> Standing:
        """Read the journal: with which digests this very version and the champion were promoted. Numbers restart when a model is made anew."""
        rows = self._keepfit_gate.journal.rows(session, move.model, workspace=self._get_active_workspace())
        stood = [(row.version, row.model_digest) for row in rows if row.kind != "refused" and row.model_digest]
        former = frozenset(digest for version, digest in stood if version == str(move.version))
        return Standing(champion=champion, champion_digest=dict(stood).get(champion or ""), former_digests=former)

    def _row(self, move: Move, verdict: Verdict, evidence: Evidence | None, standing: Standing, text: str) -> JournalRow:
        who, via = self._keepfit_gate.who()
        return JournalRow(
            id=0,
            at=self._keepfit_gate.now(),
            kind=verdict.kind,
            model=move.model,
            version=str(move.version),
            model_digest=evidence.model_digest if evidence else None,
            certificate=verdict.certificate,
            previous=standing.champion,
            target=move.target,
            who=who,
            via=via,
            text=text,
        )

    def _append(self, session: Session, row: JournalRow) -> None:
        self._keepfit_gate.journal.append(session, row, workspace=self._get_active_workspace())

    def _prepare_journal(self) -> None:
        if not self._keepfit_ready:
            self._keepfit_gate.journal.prepare(self.engine)
            self._keepfit_ready = True


def _page(model: str, version: int) -> str:
    return f"/#/models/{quote(model, safe='')}/versions/{version}"
