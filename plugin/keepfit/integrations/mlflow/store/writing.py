"""What the gated store writes beside the pointers: journal rows, refusals, and the copies for people."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from keepfit.gate.history import replaced_by, told
from keepfit.integrations.mlflow.store.asked import MAX_SENTENCE, VERDICT_TAG, Gate, error, one_line
from keepfit.integrations.mlflow.store.pointers import Pointers
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.records import JournalKind, JournalRow, Verdict
from keepfit.report.verdict import with_note, with_verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_DESCRIPTION = 5000
MAX_VERSION = 2**31 - 1  # what the column holds
MAX_MENDED = 20
CODE = re.compile(r"KF-G\d{3}")
TEXT_TAG = f"{VERDICT_TAG}.text"
ROW_TAG = f"{VERDICT_TAG}.row"  # the journal's row: who asked for a move knows by it that the page tells of that move
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

    def _rows(self, session: Session, model: str, known: Sequence[JournalRow]) -> Sequence[JournalRow]:
        """Return the model's rows. Those that are `known` are not read again, as rows are only ever added, unless the last is not there as it was."""
        read = partial(self._keepfit_gate.journal.rows, session, model, workspace=self._get_active_workspace())
        if not known:
            return read()
        last, *later = read(after=known[-1].id - 1) or (None,)
        return (*known, *later) if last is not None and last.hash == known[-1].hash else read()

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

    def _write_down(self, row: JournalRow) -> JournalRow:
        """Add a refusal in a transaction of its own and return it as written; it holds even if it cannot be written."""
        try:
            self._prepare_journal()
            with self._transaction() as session:
                return self._append(session, row)
        except Exception:  # noqa: BLE001 - the refusal holds even if it cannot be written down
            _LOG.exception("keepfit: a refusal could not be written down")
            return row

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

    def _tell(self, row: JournalRow, verdict: Verdict, before: Sequence[JournalRow]) -> None:
        """Put a written verdict on the version's page and into its run, after the answer; a copy that fails is logged, not asked for.

        `before` are rows of the model that are known: they are not read again.
        """
        context = copy_context()  # the workspace of the one who asked

        def job() -> None:
            try:
                context.run(self._show, row, verdict, before)
            except Exception:  # noqa: BLE001 - the journal has it; the page is a copy
                _LOG.exception("keepfit: the verdict could not be shown on the version's page")

        self._keepfit_gate.later(job)

    def _show(self, row: JournalRow, verdict: Verdict, before: Sequence[JournalRow]) -> None:
        """Write the pages as the journal has them now: another worker's verdict may have come since, and its pages before these.

        Under the model's lock, so that jobs of several workers neither overtake nor deadlock one another; files are written before it.
        """
        with self._read() as session:
            run_id = self._get_sql_model_version(session, row.model, int(row.version)).run_id
            before = self._rows(session, row.model, before)
        page = self._keepfit_gate.publish(run_id, verdict, row) if _is_last_word(row, before) else None
        with self._locked(row.model) as session:
            rows = self._rows(session, row.model, before)
            shown = _is_last_word(row, rows)
            if shown:
                self._write_page(session, row, verdict, rows, page)
            self._mend_pages(session, row.model, {number: said for number, said in told(rows).items() if not (shown and number == row.version)})

    def _write_page(self, session: Session, row: JournalRow, verdict: Verdict, rows: Sequence[JournalRow], page: str | None) -> None:
        """Write a version's own page: the verdict with its reasons."""
        tags = {VERDICT_TAG: f"{verdict.kind}: {verdict.target}", TEXT_TAG: row.text, ROW_TAG: str(row.id)}
        tags[f"{VERDICT_TAG}.codes"] = " ".join(sorted({reason.code for reason in verdict.reasons if reason.blocking})) or "none"
        tags[f"{VERDICT_TAG}.attested"] = "self-attested" if verdict.self_attested else "signed" if verdict.certificate else "none"
        if verdict.promote:
            tags[f"{VERDICT_TAG}.previous"] = replaced_by(rows, version=row.version) or "none"
        stored = self._get_sql_model_version(session, row.model, int(row.version))
        stored.description = with_verdict(stored.description, verdict, row, page=page, max_chars=MAX_DESCRIPTION)
        self._set_own_tags(session, stored, tags)

    def _mend_pages(self, session: Session, model: str, wanted: Mapping[str, tuple[str, JournalRow]]) -> None:
        """Write the pages that do not say what they must: of the version that was replaced, and of one whose page a crash has lost."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersionTag as Tag

        recent = dict(list(wanted.items())[-MAX_MENDED:])
        numbers = [int(version) for version in recent if version.isdigit() and int(version) <= MAX_VERSION]  # a refusal's row holds what was asked for
        own = (VERDICT_TAG, TEXT_TAG, ROW_TAG, f"{VERDICT_TAG}.codes")  # all that may be written: the session asks for none of them again
        shown = self._get_query(session, Tag).filter(Tag.name == model, Tag.key.in_(own), Tag.version.in_(numbers)).all()
        said = {str(tag.version): tag.value for tag in shown if tag.key == TEXT_TAG}
        stale = [number for number in numbers if said.get(str(number)) != recent[str(number)][1].text]
        for stored in self._live(session, model, stale):
            headline, row = recent[str(stored.version)]
            if stored.creation_time <= row.at.timestamp() * 1000:  # else it is another, under a number that came again
                self._mark(session, stored, headline, row)

    def _live(self, session: Session, model: str, numbers: Sequence[int]) -> Iterable[Any]:
        """The versions with these numbers that are not deleted."""
        from mlflow.entities.model_registry.model_version_stages import STAGE_DELETED_INTERNAL
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion as Version

        if not numbers:
            return ()
        live: Iterable[Any] = self._get_query(session, Version).filter(
            Version.name == model, Version.version.in_(numbers), Version.current_stage != STAGE_DELETED_INTERNAL
        )
        return live

    def _mark(self, session: Session, stored: Any, headline: str, row: JournalRow) -> None:
        """Say on a version's page, in few words, what a row says about it."""
        stored.description = with_note(stored.description, headline, row, max_chars=MAX_DESCRIPTION)
        codes = " ".join(sorted(set(CODE.findall(row.text)))) or "none"
        self._set_own_tags(session, stored, {VERDICT_TAG: headline, TEXT_TAG: row.text, ROW_TAG: str(row.id), f"{VERDICT_TAG}.codes": codes})

    def _set_own_tags(self, session: Session, stored: Any, tags: Mapping[str, str]) -> None:
        """Set tags that only the gate sets on a version's row: past its own guard, and at a fifth of what five of MLflow's calls cost."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersionTag

        for key, value in tags.items():
            session.merge(SqlModelVersionTag(workspace=stored.workspace, name=stored.name, version=stored.version, key=key, value=value))


def _is_last_word(row: JournalRow, rows: Sequence[JournalRow]) -> bool:
    """Whether nothing was said of the row's version after it; mostly it is the last row, and a long history need not be folded to see that."""
    if rows and rows[-1].id == row.id:
        return True
    said = told(rows).get(row.version)
    return said is not None and said[1].id == row.id


def page_of(model: str, version: int) -> str:
    """The version's page, as MLflow's own pages spell its address."""
    return f"/#/models/{quote(model, safe='')}/versions/{version}"
