"""What the gated store writes beside the pointers: journal rows, refusals, and the copies for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from keepfit.integrations.mlflow_store.asked import MAX_SENTENCE, VERDICT_TAG, Gate, error, one_line
from keepfit.integrations.mlflow_store.pointers import Pointers
from keepfit.integrations.mlflow_store.sessions import Sessions
from keepfit.records import JournalKind, JournalRow, Verdict
from keepfit.report.verdict import with_verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_DESCRIPTION = 5000
_LOG = logging.getLogger(__name__)


class Writing(Pointers, Sessions):
    """Rows in the open transaction; refusals in one of their own; copies after the answer."""

    engine: Any
    get_model_version: Any
    _get_sql_model_version: Any
    _keepfit_gate: Gate
    _keepfit_ready: bool = False

    # -- the journal ------------------------------------------------------------------------------------------------------

    def _row(self, kind: JournalKind, model: str, version: object, **about: Any) -> JournalRow:
        """A row as it stands before the chain takes it: who and when are filled in."""
        who, via = self._keepfit_gate.who()
        workspace = self._get_active_workspace()
        return JournalRow(at=self._keepfit_gate.now(), workspace=workspace, kind=kind, model=model, version=str(version), who=who, via=via, **about)

    def _append(self, session: Session, row: JournalRow) -> JournalRow:
        return self._keepfit_gate.journal.append(session, row)

    def _prepare_journal(self) -> None:
        if not self._keepfit_ready:
            self._keepfit_gate.journal.prepare(self.engine)
            self._keepfit_ready = True

    # -- refusing ---------------------------------------------------------------------------------------------------------

    def _refuse_with(self, row: JournalRow) -> NoReturn:
        """Write a refusal down, then raise it."""
        self._write_down(row)
        raise error(row.text, "PERMISSION_DENIED")

    def _write_down(self, row: JournalRow) -> None:
        """Add a refusal in a transaction of its own; it holds even if it cannot be written."""
        try:
            self._prepare_journal()
            with self._transaction() as session:
                self._append(session, row)
        except Exception:  # noqa: BLE001 - the refusal holds even if it cannot be written down
            _LOG.exception("keepfit: a refusal could not be written down")

    def _refuse_plainly(self, code: str, name: str, version: int | None, text: str) -> NoReturn:
        """Refuse a verb that needs no evidence to be refused; of a model that is not there it leaves no row, or anybody could fill the journal."""
        row = self._row("refused", name, version or "-", target=code, text=one_line(f"keepfit refused: [{code}] {text}")[:MAX_SENTENCE])
        if not self._is_there(name):
            raise error(row.text, "PERMISSION_DENIED")
        self._refuse_with(row)

    def _is_there(self, name: str) -> bool:
        from mlflow.store.model_registry.dbmodels.models import SqlRegisteredModel

        with self._read() as session:
            return self._get_query(session, SqlRegisteredModel).filter(SqlRegisteredModel.name == name).first() is not None

    # -- copies for people --------------------------------------------------------------------------------------------------

    def _tell(self, row: JournalRow, verdict: Verdict) -> None:
        """Put a verdict on the version's page and into its run, after the answer; a copy that fails is logged, not asked for."""
        context = copy_context()  # the workspace of the one who asked

        def job() -> None:
            try:
                context.run(self._show, row, verdict)
            except Exception:  # noqa: BLE001 - the journal has it; the page is a copy
                _LOG.exception("keepfit: the verdict could not be shown on the version's page")

        self._keepfit_gate.later(job)

    def _show(self, row: JournalRow, verdict: Verdict) -> None:
        model, version = row.model, int(row.version)
        page = self._keepfit_gate.publish(self.get_model_version(model, version), verdict, row)
        tags = {VERDICT_TAG: f"{verdict.kind}: {verdict.target}", f"{VERDICT_TAG}.text": row.text}
        tags[f"{VERDICT_TAG}.codes"] = " ".join(sorted({reason.code for reason in verdict.reasons if reason.blocking})) or "none"
        tags[f"{VERDICT_TAG}.attested"] = "self-attested" if verdict.self_attested else "signed" if verdict.certificate else "none"
        if verdict.kind == "promoted":
            tags[f"{VERDICT_TAG}.previous"] = row.previous or "none"
        with self._transaction() as session:
            stored = self._get_sql_model_version(session, model, version)
            stored.description = with_verdict(stored.description, verdict, row, page=page, max_chars=MAX_DESCRIPTION)
            self._set_own_tags(session, stored, tags)

    def _set_own_tags(self, session: Session, stored: Any, tags: Mapping[str, str]) -> None:
        """Set tags that only the gate sets on a version's row: past its own guard, and at a fifth of what five of MLflow's calls cost."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersionTag

        for key, value in tags.items():
            session.merge(SqlModelVersionTag(workspace=stored.workspace, name=stored.name, version=stored.version, key=key, value=value))


def page_of(model: str, version: int) -> str:
    """The version's page, as MLflow's own pages spell its address."""
    return f"/#/models/{quote(model, safe='')}/versions/{version}"
