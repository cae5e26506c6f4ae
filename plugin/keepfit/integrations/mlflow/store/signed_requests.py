"""The signed requests to waive, adopt and retire, and what was evaluated, which arrive as tags: MLflow has no verbs for them, but every client can set a tag.

A request is verified, carried out and journalled in one transaction; its tag is never stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from keepfit.gate.attempts import SHOWN
from keepfit.gate.counted import MODEL, ROWS, UNTIL, counted_attempts, place
from keepfit.gate.history import ALIAS, POINTED, VERSIONS, fold, nonces, targets, told
from keepfit.gate.requests import RequestContext, RequestError, admitted, check_waiver
from keepfit.gate.rules import ModelRules
from keepfit.gate.standing import Seen, standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.gate.waivers import waivable
from keepfit.integrations.mlflow.store.asked import Announce, Gate
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.judging import Judging
from keepfit.integrations.mlflow.store.pages import Pages
from keepfit.integrations.mlflow.store.pointers import Pointers
from keepfit.integrations.mlflow.store.promotion import created
from keepfit.integrations.mlflow.store.refusals import Refusals
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stock import Stock
from keepfit.records import JournalRow, Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_NAMED = 3
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
Moved = Sequence[tuple[str, str | None]]  # aliases, and the versions that they stand on now


@dataclass(frozen=True, kw_only=True)
class AdmittedRequest:
    """A request that is about to be carried out, with all that was read under the lock."""

    request: Request
    by: str
    rows: Sequence[JournalRow]
    held: ModelRules
    evidence: VersionEvidence | None

    @property
    def detail(self) -> dict[str, str]:
        """What every row of a request holds."""
        return {"by": self.by, "nonce": self.request.nonce, "reason": self.request.reason}


@dataclass(frozen=True, kw_only=True)
class SignedRequests:
    """Carries requests out, or refuses them."""

    gate: Gate
    sessions: Sessions
    stock: Stock
    pointers: Pointers
    judging: Judging
    book: Book
    pages: Pages
    refusals: Refusals
    announce: Announce

    def carry_out(self, verb: str, model: str, version: int | None, text: str, held: ModelRules) -> None:
        """Verify a request and carry it out, or refuse it."""
        known = self.book.known(model)
        registered, evidence = ((), None) if version is None else self.judging.evidence(model, version, held, known, unseen=verb == "adopt")
        number = None if version is None else str(version)
        problem = None
        moved: Moved = ()
        with self.sessions.locked(model) as session:
            if version is not None:
                self.judging.require_same(session, model, version, registered)
            rows = self.book.rows(session, model, known)
            asked = RequestContext(workspace=self.sessions.workspace, model=model, version=number, verb=verb, spent=nonces(rows), now=self.gate.now())
            try:  # inside: MLflow makes a 500 of what leaves its session
                request, by = admitted(text, asked, held=held, verify=self.gate.verify)
                moved = self._verbs[verb](session, AdmittedRequest(request=request, by=by, rows=rows, held=held, evidence=evidence))
            except RequestError as bad:  # each verb checks all before it writes anything
                problem = f"{verb}: {bad.what}" + (f" → {bad.fix}" if bad.fix else "")
        if problem is not None:
            self.refusals.refuse("KF-G053", model, version, problem)
        for alias, stands_on in moved:
            self.announce(model, alias, stands_on)

    @property
    def _verbs(self) -> dict[str, Callable[[Session, AdmittedRequest], Moved]]:
        return {"waive": self._waive, "adopt": self._adopt, "retire": self._retire, "evaluate": self._evaluate}

    # -- waive --------------------------------------------------------------------------------------------------------------

    def _waive(self, session: Session, said: AdmittedRequest) -> Moved:
        request, evidence = said.request, said.evidence
        check_waiver(request, held=said.held, now=self.gate.now())
        if evidence is None or evidence.signed is None or not evidence.attestation.trusted or evidence.signed.identity != request.certificate:
            raise RequestError(
                "the certificate that lies there is not the one to be waived for",
                fix=f"look again at what it says: keepfit gate explain {quote(request.model)} {request.version}",
            )
        self._refuses_now(session, said, evidence)
        until = request.until.isoformat() if request.until else ""
        text = f"waived {request.rule} for v{request.version} until {until[:16]}: {request.reason}"
        about = {"certificate": request.certificate, "model_digest": evidence.model_digest, "target": request.rule}
        detail = {**said.detail, "rule": request.rule, "until": until}
        self.book.append(session, self.book.row("waived", request.model, request.version, text=text, detail=detail, **about))
        return ()

    def _refuses_now(self, session: Session, said: AdmittedRequest, evidence: VersionEvidence) -> None:
        """Raise `RequestError` for a waiver of a rule that does not refuse a move of any protected pointer to the version."""
        request, who = said.request, self.gate.who()[0]
        placed, now, names = self.pointers.placed(session, request.model, said.held), self.gate.now(), set[str]()
        for pointer in sorted(said.held.pointers):
            kind, _, name = pointer.partition(" ")
            seen = Seen(rows=said.rows, pointed=placed.pointed(kind, name), champion=placed.replaced(kind, name, said.held))
            where = standing(seen, version=str(request.version), evidence=evidence, requester=who, now=now, gone=self.gate.gone)
            names |= {*waivable(evidence, where, said.held, now=now)}
        if request.rule not in names:
            fix = f"what refuses and can be waived: {', '.join(sorted(names)) or 'nothing'}"
            raise RequestError(f"the rule {request.rule!r} refuses nothing of v{request.version}", fix=fix)

    # -- evaluate -----------------------------------------------------------------------------------------------------------

    def _evaluate(self, session: Session, said: AdmittedRequest) -> Moved:
        """Count a model that rows have judged, once; that it is said again, with its certificate, changes nothing."""
        request, one = said.request, said.request.evaluated
        if one is None or request.version is None:
            raise RequestError("the request does not say which model was held against which rows", fix="keepfit certify MODEL VERSION says it")
        if not all(map(DIGEST.fullmatch, (one.rows, one.model))):
            raise RequestError("the rows and the model are named by their sha256", fix="keepfit certify MODEL VERSION says it")
        known = counted_attempts(said.rows)
        if (one.rows, one.model) in {(each.rows, each.model) for each in known}:
            return ()
        text = f"v{request.version} was judged on the rows {one.rows[:SHOWN]}…: attempt {place(known, rows=one.rows, model=one.model)}"
        until = {} if one.until is None else {UNTIL: one.until.isoformat()}
        detail = said.detail | {ROWS: one.rows, MODEL: one.model} | until
        self.book.append(
            session, self.book.row("evaluated", request.model, request.version, text=text, detail=detail, target="", certificate=request.certificate)
        )
        return ()

    # -- adopt --------------------------------------------------------------------------------------------------------------

    def _adopt(self, session: Session, said: AdmittedRequest) -> Moved:
        request, evidence = said.request, said.evidence
        placed = self.pointers.placed(session, request.model, said.held)
        standing = placed.standing()
        protected = [pointer for pointer in standing if pointer in said.held.pointers]
        strange = protected if _changed_in_place(said) else [pointer for pointer, _ in placed.strange(said.held, said.rows)]
        taken_in = [pointer for pointer in strange if request.version in standing.get(pointer, ())]
        if not taken_in:
            raise RequestError(
                f"no protected pointer stands on v{request.version} that the journal does not explain",
                fix=f"keepfit history {quote(request.model)} shows what it holds",
            )
        files = _files_looked_at(request, evidence)
        if set(taken_in) & set(said.held.pair):  # the pair is one champion
            taken_in += [pointer for pointer in said.held.pair if pointer not in taken_in and set(standing.get(pointer, ())) - {request.version}]
        for pointer in taken_in:  # where it stands already, so that a stage holds no other, and the pair's other pointer with it
            self.stock.put(pointer, request.model, int(request.version or 0))
        detail = said.detail | created(evidence) | ({"profile": request.profile} if request.profile else {})
        text = f"adopted v{request.version} as {' and '.join(taken_in)}: {request.reason}"
        row = self.book.row("adopted", request.model, request.version, text=text, detail=detail, target=targets(taken_in), model_digest=files)
        self._write(session, said, row)
        came = (pointer for pointer in taken_in if pointer.startswith(ALIAS) and request.version not in standing.get(pointer, ()))
        return [(pointer.removeprefix(ALIAS), request.version) for pointer in came]

    # -- retire -------------------------------------------------------------------------------------------------------------

    def _retire(self, session: Session, said: AdmittedRequest) -> Moved:
        request = said.request
        placed = self.pointers.placed(session, request.model, said.held)
        standing = placed.standing()
        given_up = sorted({*standing, *fold(said.rows)})
        if not given_up:
            raise RequestError("no protected pointer stands", fix=f"keepfit history {quote(request.model)}")
        for kind, name, version in placed.pointers():
            self.stock.take_away(f"{kind} {name}", request.model, int(version))
        versions = sorted({version for versions in standing.values() for version in versions}, key=int)
        text = f"retired {' and '.join(given_up)}: {request.reason}"
        detail = said.detail | {VERSIONS: targets(versions)}
        self._write(session, said, self.book.row("retired", request.model, _few(versions), text=text, detail=detail, target=targets(given_up)))
        return [(name, None) for kind, name, _ in placed.pointers() if kind == "alias"]

    def _write(self, session: Session, said: AdmittedRequest, row: JournalRow) -> None:
        """Write the row, and the pages that it changes."""
        written = self.book.append(session, row)
        self.pages.mend(session, said.request.model, told((*said.rows, written)))


def _files_looked_at(request: Request, evidence: VersionEvidence | None) -> str:
    """Return the digest of the version's files if they are those that the request is about."""
    if evidence is None or evidence.model_digest is None:
        fix = (evidence.fix if evidence else "") or "restore the files first"
        raise RequestError(f"its files cannot be read: {evidence.problem if evidence else 'no version'}", fix=fix)
    if evidence.model_digest != request.model_digest:
        raise RequestError("its files are not those that were looked at", fix="look again, then adopt again")
    return evidence.model_digest


def _few(versions: Sequence[str]) -> str:
    """Name the versions as the row's short column holds them; all of them are in its detail."""
    if len(versions) <= MAX_NAMED:
        return targets(versions) or "-"
    return f"{versions[0]} and {len(versions) - 1} more"


def _changed_in_place(said: AdmittedRequest) -> bool:
    """Whether the version stood there before, but not with the files that it has now."""
    stood = [row.model_digest for row in said.rows if row.kind in POINTED and row.version == said.request.version and row.model_digest]
    return bool(stood) and said.evidence is not None and said.evidence.model_digest not in {None, stood[-1]}
