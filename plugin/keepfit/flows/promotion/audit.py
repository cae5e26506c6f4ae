"""`keepfit audit`: the registry against its journal. What moved past the gate, what was done to the journal, whom to ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Literal

from keepfit.errors import KeepfitError
from keepfit.flows.promotion.audited_files import changed_files
from keepfit.flows.promotion.registry_journal import RegistryJournal, open_journal
from keepfit.flows.rules.file import rules_file
from keepfit.gate.chain import ORIGIN, Link, broken
from keepfit.gate.history import POINTED, pointers, unexplained
from keepfit.gate.rules import GateRules
from keepfit.integrations.journal import Head
from keepfit.records import JournalKind, JournalRow
from keepfit.records.envelope import NewerFormError

Grade = Literal["broken", "unexplained", "notable"]
FINDINGS_FAIL: tuple[Grade, ...] = ("broken", "unexplained")
MOVED: tuple[JournalKind, ...] = (*POINTED, "retired")
RESTORE = "restore the table from a backup; whoever writes to the database could have done this"
SHOWN_VIA = 20
LOOKS = 10


@dataclass(frozen=True, kw_only=True)
class AuditFinding:
    """One thing that the audit found: the chain is `broken`, a pointer is `unexplained`, or a row is `notable`."""

    grade: Grade
    text: str
    fix: str = ""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What was audited and found; `head` is what to commit against truncation: the number of rows and the last one's hash."""

    rows: int
    head: str
    findings: tuple[AuditFinding, ...]

    @property
    def exit_code(self) -> int:
        """0 all is explained, 3 something is not."""
        return 3 if any(finding.grade in FINDINGS_FAIL for finding in self.findings) else 0


def audit(*, store: str | None = None, head: Path | None = None, rules: str | None = None, files: bool = False) -> Audit:
    """Check chain, committed head, pointers and ways; with `head` the file is compared, then brought up to date if all holds.

    With `files` those of every champion are read too, through the tracking server.

    Nothing is locked: if something is found while the journal grows, promotions went on meanwhile, and it is looked at again.
    """
    journal = open_journal(store)
    for _ in range(LOOKS):
        before = journal.head()
        found = _look(journal, head, rules, files=files)
        if found.exit_code == 0 or journal.head() == before:
            break
    return found


def _look(journal: RegistryJournal, head: Path | None, rules: str | None, *, files: bool) -> Audit:
    try:
        links = journal.links()
    except NewerFormError as newer:
        said = AuditFinding(grade="broken", text=f"the chain cannot be read: {newer.what} ({newer.where})", fix=newer.fix or "")
        return Audit(rows=journal.head().length, head="unreadable", findings=(said,))
    except (KeepfitError, ValueError, TypeError) as bad:
        said = AuditFinding(grade="broken", text=f"the chain is broken: a row is none that was written: {str(bad)[:200]}", fix=RESTORE)
        return Audit(rows=journal.head().length, head="unreadable", findings=(said,))
    rows = [link.row for link in links]
    chain = (*_chain(links, journal.head()), *(_committed(rows, head) if head else ()))
    found = (*chain, *_pointers(journal, rows, rules_file(rules).rules), *(_files(rows) if files else ()), *_notable(rows))
    end = f"{rows[-1].id} {rows[-1].hash}" if rows else f"0 {ORIGIN}"
    if head and not chain:
        head.write_text(end + "\n", encoding="utf-8")
    return Audit(rows=len(rows), head=end, findings=found)


def _chain(links: Sequence[Link], end: Head) -> Iterator[AuditFinding]:
    place = broken(links)
    last = (links[-1].row.id, links[-1].row.hash) if links else (0, ORIGIN)
    if place is not None:
        yield AuditFinding(grade="broken", text=f"the chain is broken: {place}", fix=RESTORE)
    elif (end.length, end.hash) != last:
        yield AuditFinding(grade="broken", text=f"the chain ends at row {last[0]}, but {end.length} rows were written: rows were cut off", fix=RESTORE)


def _committed(rows: Sequence[JournalRow], head: Path) -> Iterator[AuditFinding]:
    """What git remembers of the chain must still be in it."""
    if not head.exists():
        return
    number, _, hash_ = head.read_text(encoding="utf-8").strip().partition(" ")
    if not number.isdigit() or not hash_:
        raise KeepfitError("not a head of the journal", where=str(head), fix="git restore it; keepfit audit --head FILE writes it")
    if number != "0" and not any(row.id == int(number) and row.hash == hash_ for row in rows):
        text = f"row {number} of the committed head is not in the journal any more: it was cut off or written anew"
        yield AuditFinding(grade="broken", text=text, fix=RESTORE)


def _pointers(journal: RegistryJournal, rows: Sequence[JournalRow], rules: GateRules) -> Iterator[AuditFinding]:
    """Every protected pointer must stand where the journal left it, of every model in every workspace.

    Protected is what the rules say now, and what the journal ever moved: a rule that was taken out hides nothing.
    """
    said = _by_model(rows)
    for workspace, model in sorted({*said, *journal.database.models()}):
        mine = said.get((workspace, model), [])
        held = None if rules.problem else rules.of(model)
        protected = {pointer for row in mine if row.kind in MOVED for pointer in pointers(row)} | (held.pointers if held else frozenset())
        stands = {pointer: versions for pointer, versions in journal.database.standing(workspace, model).items() if pointer in protected}
        name = quote(model)
        place = model if workspace == "default" else f"{model} (workspace {workspace})"
        for _, sentence in unexplained(stands, mine, created=journal.database.created(workspace, model)):
            fix = f"move it back: keepfit rollback {name} --reason …; or take it in: keepfit gate adopt {name} --reason …"
            yield AuditFinding(grade="unexplained", text=f"{place}: {sentence}", fix=fix)


def _files(rows: Sequence[JournalRow]) -> Iterator[AuditFinding]:
    for model, sentence in changed_files(_by_model(rows)):
        name = quote(model)
        fix = f"restore them; or keepfit rollback {name} --reason …; or take them in: keepfit gate adopt {name} --reason …"
        yield AuditFinding(grade="unexplained", text=f"{model}: the {sentence}", fix=fix)


def _by_model(rows: Sequence[JournalRow]) -> dict[tuple[str, str], list[JournalRow]]:
    found: dict[tuple[str, str], list[JournalRow]] = {}
    for row in rows:
        if row.kind != "rules changed":
            found.setdefault((row.workspace, row.model), []).append(row)
    return found


def _notable(rows: Sequence[JournalRow]) -> Iterator[AuditFinding]:
    """Rows that a reader should know of: judged by a client's own rules and clock; adopted, waived."""
    by_client = [row for row in rows if row.via == "client"]
    for row in by_client[-SHOWN_VIA:]:
        yield AuditFinding(grade="notable", text=f"row {row.id}: {row.kind} {row.model} v{row.version} by {row.who} in a client, by its own rules and clock")
    if len(by_client) > SHOWN_VIA:
        yield AuditFinding(grade="notable", text=f"{len(by_client) - SHOWN_VIA} more rows were made in a client")
    for row in rows:
        if row.kind in {"adopted", "waived"}:
            yield AuditFinding(grade="notable", text=f"row {row.id}: {row.text} (by {row.who})")


def audit_json(found: Audit) -> str:
    """Return one JSON object."""
    return json.dumps({"rows": found.rows, "head": found.head, "findings": [vars(finding) for finding in found.findings]}, indent=2) + "\n"
