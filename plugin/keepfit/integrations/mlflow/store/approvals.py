"""The tag `approve`: a protected pointer's name approves a version, `withdraw` withdraws, and deleting the tag does too.

An approval becomes a journal row bound to the certificate that lies there; its tag stays to be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any

from keepfit.gate.approvals import named
from keepfit.gate.history import approvals
from keepfit.gate.names import canonical
from keepfit.gate.rules import ANONYMOUS, ModelRules
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations.mlflow.store.asked import APPROVE, Gate
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.judging import Judging
from keepfit.integrations.mlflow.store.refusals import Refusals
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stock import Stock
from keepfit.integrations.mlflow.store.stored import Stored
from keepfit.records import JournalRow

WITHDRAW = "withdraw"
Act = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Approvals:
    """Writes approvals down, and their ends."""

    gate: Gate
    sessions: Sessions
    stored: Stored
    stock: Stock
    judging: Judging
    book: Book
    refusals: Refusals

    def say(self, model: str, version: int, value: Any, held: ModelRules, act: Act) -> None:
        """Do what the tag says; `act` sets it. The right to delete a tag is rarer than to set one, so one can withdraw by setting it."""
        wanted = canonical(str(value))
        pointer = next((each for each in (*held.aliases, *held.stages) if canonical(each) == wanted), None)
        if pointer is not None:
            self._approve(model, version, pointer, held, act)
        elif wanted == WITHDRAW:
            self.withdraw(model, version, lambda: self.stock.untag(model, version, APPROVE), asked=True)
        else:
            known = ", ".join((*held.aliases, *held.stages))
            said = f"the tag approve names what is protected ({known}), or is {WITHDRAW!r}; not {str(value)[:40]!r}"
            self.refusals.refuse("KF-G052", model, version, said)

    def withdraw(self, model: str, version: int, act: Act, *, asked: bool = False) -> None:
        """Withdraw the approvals of the one who asks, or who deletes the tag approve; it stays while another's stands, whose it is too.

        Where nobody is known it ends all of them. An account that is gone keeps no tag.
        """
        who, known = self.gate.who()[0], self.book.known(model)
        with self.sessions.locked(model) as session:
            standing = approvals(self.book.rows(session, model, known), version=str(version))
            mine, others = self._whose(standing, who)
            if not others and (not asked or self.stored.version_tag(session, model, version, APPROVE) is not None):
                act()
            if mine:
                self.book.append(session, self._withdrawn(mine[-1], who))
        if asked and not standing:
            self.refusals.refuse("KF-G054", model, version, f"nobody has approved v{version}: there is nothing to withdraw")
        if others and not mine:
            said = f"v{version} was approved by {', '.join(others)}: each can withdraw the own approval, and nobody another's"
            self.refusals.refuse("KF-G054", model, version, said)

    def _approve(self, model: str, version: int, pointer: str, held: ModelRules, act: Act) -> None:
        """Write the approval down and let its tag be set; refuse one of nothing, and one by whom `gate.yaml` does not name."""
        who = self.gate.who()[0]
        if not held.may_approve(who):
            self.refusals.refuse("KF-G052", model, version, f"gate.yaml names who approves this model, {named(held)}: not {who}")
        registered, evidence = self.judging.evidence(model, version, held, self.book.known(model))
        problem = nothing_to_approve(evidence)
        if problem is not None or evidence.signed is None:
            self.refusals.refuse("KF-G052", model, version, f"there is nothing to approve: {problem} → keepfit certify {quote(model)} {version}")
        certificate = evidence.signed.identity
        text = f"approved v{version} as {pointer} on certificate {certificate[:19]}…"
        with self.sessions.locked(model) as session:
            self.judging.require_same(session, model, version, registered)
            act()
            row = self.book.row("approved", model, version, target=pointer, text=text, model_digest=evidence.model_digest, certificate=certificate)
            self.book.append(session, row)

    def _whose(self, standing: Sequence[JournalRow], who: str) -> tuple[Sequence[JournalRow], Sequence[str]]:
        """Of the approvals in force: those of the one who asks, and who else has approved the newest evidence and has an account."""
        mine = [row for row in standing if who in {ANONYMOUS, row.who}]
        valid = [row for row in standing if row.certificate == standing[-1].certificate]  # newer evidence has dismissed the others
        others = sorted({row.who for row in valid} - {row.who for row in mine} - {ANONYMOUS})
        return mine, [each for each in others if each not in self.gate.gone(others)]

    def _withdrawn(self, approval: JournalRow, who: str) -> JournalRow:
        whose, detail = ("all approvals", {}) if who == ANONYMOUS else ("the own approval", {"approver": who})
        text = f"withdrew {whose} of v{approval.version}" + ("" if detail else ": nobody is known on a server without users")
        return self.book.row("withdrawn", approval.model, approval.version, target=approval.target, text=text, detail=detail)


def nothing_to_approve(evidence: VersionEvidence) -> str | None:
    """Return why there is no evidence that a person could approve, or ask to be served; None if there is."""
    if evidence.signed is None or not evidence.attestation.trusted:
        return evidence.attestation.problem or "no trusted certificate"
    if evidence.signed.identity in evidence.ahead:
        return "the certificate was issued in the future by the server's clock: set the signer's"
    if evidence.model_digest != evidence.signed.certificate.model_digest:
        return "the model's files are not the certified ones"
    return None
