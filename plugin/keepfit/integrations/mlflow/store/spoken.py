"""What people say to the gate in tags: `approve`, and the signed requests to waive, adopt and retire.

MLflow's registry has no verbs for these, but every client can set a tag. An approval becomes a journal row bound to the certificate
that lies there, and its tag stays to be seen. A request is verified, carried out and journalled in one transaction; its tag is
never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from keepfit.gate.approvals import named
from keepfit.gate.evidence import Evidence
from keepfit.gate.history import ALIAS, POINTED, VERSIONS, approvals, fold, nonces, targets, told
from keepfit.gate.names import canonical
from keepfit.gate.requests import PREFIX, VERBS, Asked, RequestError, admitted, check_waiver
from keepfit.gate.rules import ANONYMOUS, ModelRules
from keepfit.gate.standing import Seen, standing
from keepfit.gate.waivers import waivable
from keepfit.integrations.mlflow.store.asked import APPROVE, REASON_TAG
from keepfit.integrations.mlflow.store.promotion import Promotion, created, registration
from keepfit.records import JournalRow, Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ARCHIVED = "Archived"
WITHDRAW = "withdraw"
MAX_NAMED = 3
Moved = Sequence[tuple[str, str | None]]  # aliases, and the versions that they stand on now


def speaks(key: object) -> bool:
    """Whether a tag with this key is meant for the gate."""
    return isinstance(key, str) and (key in {APPROVE, REASON_TAG} or (key.startswith(PREFIX) and key.removeprefix(PREFIX) in VERBS))


@dataclass(frozen=True, kw_only=True)
class Said:
    """A request that is about to be carried out, with all that was read under the lock."""

    request: Request
    by: str
    rows: Sequence[JournalRow]
    held: ModelRules
    evidence: Evidence | None

    @property
    def detail(self) -> dict[str, str]:
        """What every row of a request holds."""
        return {"by": self.by, "nonce": self.request.nonce, "reason": self.request.reason}


class Spoken(Promotion):
    """Approvals and requests."""

    def _approval(self, name: str, version: int, value: Any, held: ModelRules, act: Callable[[], None]) -> None:
        """What the tag approve says: a protected pointer's name approves, `withdraw` withdraws (the right to delete a tag is rarer than to set one)."""
        wanted = canonical(str(value))
        pointer = next((each for each in (*held.aliases, *held.stages) if canonical(each) == wanted), None)
        if pointer is not None:
            self._approve(name, version, pointer, held, act)
        elif wanted == WITHDRAW:
            self._withdraw(name, version, lambda: super(Spoken, self).delete_model_version_tag(name, version, APPROVE), asked=True)  # type: ignore[misc]
        else:
            known = ", ".join((*held.aliases, *held.stages))
            said = f"the tag approve names what is protected ({known}), or is {WITHDRAW!r}; not {str(value)[:40]!r}"
            self._refuse_plainly("KF-G052", name, version, said)

    def _approve(self, name: str, version: int, pointer: str, held: ModelRules, act: Callable[[], None]) -> None:
        """Write the approval down and let its tag be set; refuse one of nothing, and one by whom `gate.yaml` does not name."""
        who = self._keepfit_gate.who()[0]
        if not held.may_approve(who):
            self._refuse_plainly("KF-G052", name, version, f"gate.yaml names who approves this model, {named(held)}: not {who}")
        registered, evidence = self._evidence(name, version, held, self._known(name))
        problem = _nothing_to_approve(evidence)
        if problem is not None or evidence.signed is None:
            self._refuse_plainly("KF-G052", name, version, f"there is nothing to approve: {problem} → keepfit certify {quote(name)} {version}")
        certificate = evidence.signed.identity
        text = f"approved v{version} as {pointer} on certificate {certificate[:19]}…"
        with self._locked(name) as session:
            self._require_same(session, name, version, registered)
            act()
            row = self._row("approved", name, version, target=pointer, text=text, model_digest=evidence.model_digest, certificate=certificate)
            self._append(session, row)

    def _withdraw(self, name: str, version: int, act: Callable[[], None], *, asked: bool = False) -> None:
        """Withdraw the approvals of the one who asks, or who deletes the tag approve; it stays while another's stands, whose it is too.

        Where nobody is known it ends all of them. An account that is gone keeps no tag.
        """
        who, known = self._keepfit_gate.who()[0], self._known(name)
        with self._locked(name) as session:
            standing = approvals(self._rows(session, name, known), version=str(version))
            mine = [row for row in standing if who in {ANONYMOUS, row.who}]
            valid = [row for row in standing if row.certificate == standing[-1].certificate]  # newer evidence has dismissed the others
            others = sorted({row.who for row in valid} - {row.who for row in mine} - {ANONYMOUS})
            others = [each for each in others if each not in self._keepfit_gate.gone(others)]
            if not others and (not asked or self._get_model_version_tag(session, name, version, APPROVE) is not None):
                act()
            if mine:
                self._append(session, self._withdrawn(mine[-1], who))
        if asked and not standing:
            self._refuse_plainly("KF-G054", name, version, f"nobody has approved v{version}: there is nothing to withdraw")
        if others and not mine:
            said = f"v{version} was approved by {', '.join(others)}: each can withdraw the own approval, and nobody another's"
            self._refuse_plainly("KF-G054", name, version, said)

    def _withdrawn(self, approval: JournalRow, who: str) -> JournalRow:
        whose, detail = ("all approvals", {}) if who == ANONYMOUS else ("the own approval", {"approver": who})
        text = f"withdrew {whose} of v{approval.version}" + ("" if detail else ": nobody is known on a server without users")
        return self._row("withdrawn", approval.model, approval.version, target=approval.target, text=text, detail=detail)

    def _carry_out(self, verb: str, name: str, version: int | None, text: str, held: ModelRules) -> None:
        """Verify a request and carry it out, or refuse it."""
        known = self._known(name)
        registered, evidence = ((), None) if version is None else self._evidence(name, version, held, known, unseen=verb == "adopt")
        number = None if version is None else str(version)
        problem = None
        moved: Moved = ()
        with self._locked(name) as session:
            if version is not None:
                self._require_same(session, name, version, registered)
            rows = self._rows(session, name, known)
            spent, now = nonces(rows), self._keepfit_gate.now()
            asked = Asked(workspace=self._get_active_workspace(), model=name, version=number, verb=verb, spent=spent, now=now)
            try:  # inside: MLflow makes a 500 of what leaves its session
                request, by = admitted(text, asked, held=held, verify=self._keepfit_gate.verify)
                said = Said(request=request, by=by, rows=rows, held=held, evidence=evidence)
                moved = {"waive": self._waive, "adopt": self._adopt, "retire": self._retire}[verb](session, said)
            except RequestError as bad:  # each verb checks all before it writes anything
                problem = f"{verb}: {bad.what}" + (f" → {bad.fix}" if bad.fix else "")
        if problem is not None:
            self._refuse_plainly("KF-G053", name, version, problem)
        self._announce(name, moved)

    # -- the three verbs ------------------------------------------------------------------------------------------------------

    def _waive(self, session: Session, said: Said) -> Moved:
        request, evidence = said.request, said.evidence
        check_waiver(request, held=said.held, now=self._keepfit_gate.now())
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
        self._append(session, self._row("waived", request.model, request.version, text=text, detail=detail, **about))
        return ()

    def _refuses_now(self, session: Session, said: Said, evidence: Evidence) -> None:
        """Raise `RequestError` for a waiver of a rule that does not refuse a move of any protected pointer to the version."""
        request, who, gate = said.request, self._keepfit_gate.who()[0], self._keepfit_gate
        placed, now, names = self._placed(session, request.model, said.held), gate.now(), set[str]()
        for pointer in sorted(said.held.pointers):
            kind, _, name = pointer.partition(" ")
            seen = Seen(rows=said.rows, pointed=placed.pointed(kind, name), champion=placed.replaced(kind, name, said.held))
            where = standing(seen, version=str(request.version), evidence=evidence, requester=who, now=now, gone=gate.gone)
            names |= {*waivable(evidence, where, said.held, now=now)}
        if request.rule not in names:
            fix = f"what refuses and can be waived: {', '.join(sorted(names)) or 'nothing'}"
            raise RequestError(f"the rule {request.rule!r} refuses nothing of v{request.version}", fix=fix)

    def _adopt(self, session: Session, said: Said) -> Moved:
        request, evidence = said.request, said.evidence
        placed = self._placed(session, request.model, said.held)
        standing = placed.standing()
        protected = [pointer for pointer in standing if pointer in said.held.pointers]
        strange = protected if _changed_in_place(said) else [pointer for pointer, _ in placed.strange(said.held, said.rows)]
        taken_in = [pointer for pointer in strange if request.version in standing.get(pointer, ())]
        if not taken_in:
            raise RequestError(
                f"no protected pointer stands on v{request.version} that the journal does not explain",
                fix=f"keepfit history {quote(request.model)} shows what it holds",
            )
        if evidence is None or evidence.model_digest is None:
            fix = (evidence.fix if evidence else "") or "restore the files first"
            raise RequestError(f"its files cannot be read: {evidence.problem if evidence else 'no version'}", fix=fix)
        if evidence.model_digest != request.model_digest:
            raise RequestError("its files are not those that were looked at", fix="look again, then adopt again")
        if set(taken_in) & set(said.held.pair):  # the pair is one champion
            taken_in += [pointer for pointer in said.held.pair if pointer not in taken_in and set(standing.get(pointer, ())) - {request.version}]
        for pointer in taken_in:
            self._stand_alone(request, pointer)
        detail = said.detail | created(evidence) | ({"profile": request.profile} if request.profile else {})
        text = f"adopted v{request.version} as {' and '.join(taken_in)}: {request.reason}"
        row = self._row("adopted", request.model, request.version, text=text, detail=detail, target=targets(taken_in), model_digest=evidence.model_digest)
        row = self._append(session, row)
        self._mend_pages(session, request.model, told((*said.rows, row)))
        came = (pointer for pointer in taken_in if pointer.startswith(ALIAS) and request.version not in standing.get(pointer, ()))
        return [(pointer.removeprefix(ALIAS), request.version) for pointer in came]

    def _stand_alone(self, request: Request, pointer: str) -> None:
        """Put the adopted version where it stands already, so that a stage holds no other, and the pair's other pointer with it."""
        kind, _, name = pointer.partition(" ")
        if kind == "alias":
            super().set_registered_model_alias(request.model, name, request.version)  # type: ignore[misc]
        else:
            super().transition_model_version_stage(request.model, int(request.version or 0), name, True)  # type: ignore[misc]

    def _retire(self, session: Session, said: Said) -> Moved:
        request = said.request
        placed = self._placed(session, request.model, said.held)
        standing = placed.standing()
        given_up = sorted({*standing, *fold(said.rows)})
        if not given_up:
            raise RequestError("no protected pointer stands", fix=f"keepfit history {quote(request.model)}")
        for kind, pointer, version in placed.pointers():
            if kind == "alias":
                super().delete_registered_model_alias(request.model, pointer)  # type: ignore[misc]
            else:
                super().transition_model_version_stage(request.model, int(version), ARCHIVED, False)  # type: ignore[misc]
        versions = sorted({version for versions in standing.values() for version in versions}, key=int)
        text = f"retired {' and '.join(given_up)}: {request.reason}"
        detail = said.detail | {VERSIONS: targets(versions)}
        row = self._row("retired", request.model, _few(versions), text=text, detail=detail, target=targets(given_up))
        row = self._append(session, row)
        self._mend_pages(session, request.model, told((*said.rows, row)))
        return [(pointer, None) for kind, pointer, _ in placed.pointers() if kind == "alias"]

    # -- what they read -------------------------------------------------------------------------------------------------------

    def _evidence(self, name: str, version: int, held: ModelRules, rows: Sequence[JournalRow], *, unseen: bool = False) -> tuple[tuple[Any, ...], Evidence]:
        """Return what tells the version from another under its number, and its evidence; `unseen`: its files, whoever vouches for them."""
        with self._read() as session:
            stored = self._get_sql_model_version(session, name, version, eager=True)
            found, uri, registered = stored.to_mlflow_entity(), stored.storage_location or stored.source, registration(stored)
        return registered, self._keepfit_gate.gather(found, uri, self._look(held, rows, known=unseen))

    def _known(self, name: str) -> Sequence[JournalRow]:
        """Return the model's rows as they are before the lock, so that a long history is not read under it."""
        self._prepare_journal()
        with self._read() as session:
            rows = self._rows(session, name, self._remembered(name))
        self._remember(name, rows)
        return rows


def _few(versions: Sequence[str]) -> str:
    """Name the versions as the row's short column holds them; all of them are in its detail."""
    if len(versions) <= MAX_NAMED:
        return targets(versions) or "-"
    return f"{versions[0]} and {len(versions) - 1} more"


def _changed_in_place(said: Said) -> bool:
    """Whether the version stood there before, but not with the files that it has now."""
    stood = [row.model_digest for row in said.rows if row.kind in POINTED and row.version == said.request.version and row.model_digest]
    return bool(stood) and said.evidence is not None and said.evidence.model_digest not in {None, stood[-1]}


def _nothing_to_approve(evidence: Evidence) -> str | None:
    if evidence.signed is None or not evidence.attestation.trusted:
        return evidence.attestation.problem or "no trusted certificate"
    if evidence.signed.identity in evidence.ahead:
        return "the certificate was issued in the future by the server's clock: set the signer's"
    if evidence.model_digest != evidence.signed.certificate.model_digest:
        return "the model's files are not the certified ones"
    return None
