"""The copies for people: a version's page and its run say what the journal says. Written after the answer; one that fails is logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from keepfit.gate.history import replaced_by, told
from keepfit.integrations.mlflow.store.asked import VERDICT_TAG, Gate
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stored import Stored
from keepfit.records import JournalRow, Verdict
from keepfit.report.verdict import with_note, with_verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_DESCRIPTION = 5000
MAX_VERSION = 2**31 - 1  # what the column holds
MAX_MENDED = 20
CODE = re.compile(r"KF-G\d{3}")
TEXT_TAG = f"{VERDICT_TAG}.text"
ROW_TAG = f"{VERDICT_TAG}.row"  # the journal's row: who asked for a move knows by it that the page tells of that move
CODES_TAG = f"{VERDICT_TAG}.codes"
OWN = (VERDICT_TAG, TEXT_TAG, ROW_TAG, CODES_TAG)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pages:
    """Writes versions' pages as the journal has them."""

    gate: Gate
    sessions: Sessions
    stored: Stored
    book: Book

    def tell(self, row: JournalRow, verdict: Verdict, before: Sequence[JournalRow]) -> None:
        """Put a written verdict on the version's page and into its run, after the answer; a copy that fails is logged, not asked for.

        `before` are rows of the model that are known: they are not read again.
        """
        context = copy_context()  # the workspace of the one who asked

        def job() -> None:
            try:
                context.run(self._show, row, verdict, before)
            except Exception:  # noqa: BLE001 - the journal has it; the page is a copy
                _LOG.exception("keepfit: the verdict could not be shown on the version's page")

        self.gate.later(job)

    def mend(self, session: Session, model: str, wanted: Mapping[str, tuple[str, JournalRow]]) -> None:
        """Write the pages that do not say what they must: of the version that was replaced, and of one whose page a crash has lost."""
        recent = dict(list(wanted.items())[-MAX_MENDED:])
        numbers = [int(version) for version in recent if version.isdigit() and int(version) <= MAX_VERSION]  # a refusal's row holds what was asked for
        shown = self.stored.tags(session, model, numbers, OWN)  # all that may be written: the session asks for none of them again
        said = {str(tag.version): tag.value for tag in shown if tag.key == TEXT_TAG}
        stale = [number for number in numbers if said.get(str(number)) != recent[str(number)][1].text]
        for stored in self.stored.live(session, model, stale):
            headline, row = recent[str(stored.version)]
            if stored.creation_time <= row.at.timestamp() * 1000:  # else it is another, under a number that came again
                self._mark(session, stored, headline, row)

    def _show(self, row: JournalRow, verdict: Verdict, before: Sequence[JournalRow]) -> None:
        """Write the pages as the journal has them now: another worker's verdict may have come since, and its pages before these.

        Under the model's lock, so that jobs of several workers neither overtake nor deadlock one another; files are written before it.
        """
        with self.sessions.read() as session:
            run_id = self.stored.version(session, row.model, int(row.version)).run_id
            before = self.book.rows(session, row.model, before)
        page = self.gate.publish(run_id, verdict, row) if _is_last_word(row, before) else None
        with self.sessions.locked(row.model) as session:
            rows = self.book.rows(session, row.model, before)
            shown = _is_last_word(row, rows)
            if shown:
                self._write(session, row, verdict, rows, page)
            self.mend(session, row.model, {number: said for number, said in told(rows).items() if not (shown and number == row.version)})

    def _write(self, session: Session, row: JournalRow, verdict: Verdict, rows: Sequence[JournalRow], page: str | None) -> None:
        """Write a version's own page: the verdict with its reasons."""
        tags = {VERDICT_TAG: f"{verdict.kind}: {verdict.target}", TEXT_TAG: row.text, ROW_TAG: str(row.id)}
        tags[CODES_TAG] = " ".join(sorted({reason.code for reason in verdict.reasons if reason.blocking})) or "none"
        tags[f"{VERDICT_TAG}.attested"] = "self-attested" if verdict.self_attested else "signed" if verdict.certificate else "none"
        if verdict.promote:
            tags[f"{VERDICT_TAG}.previous"] = replaced_by(rows, version=row.version) or "none"
        stored = self.stored.version(session, row.model, int(row.version))
        stored.description = with_verdict(stored.description, verdict, row, page=page, max_chars=MAX_DESCRIPTION)
        self.stored.put_tags(session, stored, tags)

    def _mark(self, session: Session, stored: Any, headline: str, row: JournalRow) -> None:
        """Say on a version's page, in few words, what a row says about it."""
        stored.description = with_note(stored.description, headline, row, max_chars=MAX_DESCRIPTION)
        codes = " ".join(sorted(set(CODE.findall(row.text)))) or "none"
        self.stored.put_tags(session, stored, {VERDICT_TAG: headline, TEXT_TAG: row.text, ROW_TAG: str(row.id), CODES_TAG: codes})


def _is_last_word(row: JournalRow, rows: Sequence[JournalRow]) -> bool:
    """Whether nothing was said of the row's version after it; mostly it is the last row, and a long history need not be folded to see that."""
    if rows and rows[-1].id == row.id:
        return True
    said = told(rows).get(row.version)
    return said is not None and said[1].id == row.id


def page_of(model: str, version: int) -> str:
    """The version's page, as MLflow's own pages spell its address."""
    return f"/#/models/{quote(model, safe='')}/versions/{version}"
