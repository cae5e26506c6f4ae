"""What the store is handed, and what it is asked: the gate's tools, a pointer's move, and the names that matter in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from keepfit.gate.attestation import Verify
from keepfit.gate.names import alike, canonical
from keepfit.gate.rules import GateRules, ModelRules
from keepfit.gate.standing import Gone, Look
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import JournalRow, Verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RESERVED = "keepfit."
VERDICT_TAG = "kf.verdict"
REASON_TAG = "kf.reason"
APPROVE = "approve"
REJECT = "reject"
Announce = Callable[[str, str, str | None], None]
"""Tells MLflow's webhooks of an alias of a model that stands on a version now (None: deleted)."""


class JournalTable(Protocol):
    """Where verdicts are kept."""

    def prepare(self, engine: Any) -> None:
        """Make sure that the tables are there."""

    def append(self, session: Session, row: JournalRow) -> JournalRow:
        """Add a row at the chain's end in the session's transaction."""

    def rows(self, session: Session, model: str, *, workspace: str, after: int = 0) -> Sequence[JournalRow]:
        """Return a model's rows, oldest first; only those behind the row with the number `after`."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the store is handed.

    The rules as they are now; its journal; the evidence's reader; the signatures' verifier; the clock; who asks (and by which way), and which accounts are
    there no more; who tells MLflow's webhooks of an alias that a verb for something else has moved (store, model, alias, version; None:
    deleted); the
    publisher of a verdict's page in a version's run; what runs a job after the answer; and `reached`, to which a crash test listens.
    """

    rules: Callable[[], GateRules]
    journal: JournalTable
    gather: Callable[[Any, str, Look], VersionEvidence]
    verify: Verify
    now: Callable[[], datetime]
    who: Callable[[], tuple[str, str]]
    gone: Gone
    announce: Callable[[Any, str, str, str | None], None]
    publish: Callable[[str | None, Verdict, JournalRow], str | None]
    later: Callable[[Callable[[], None]], None]
    reached: Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class PointerMove:
    """A protected pointer (`kind` and `name`: alias champion, stage Production) asked to stand on a version."""

    kind: str
    name: str
    model: str
    version: int
    held: ModelRules
    rules: GateRules

    @property
    def target(self) -> str:
        """The pointer in words."""
        return f"{self.kind} {self.name}"


def protects(aliases: Sequence[str], alias: str) -> bool:
    """Whether an alias is, or looks like, a protected one."""
    return any(alike(alias, name) for name in aliases)


def reserved(key: str) -> bool:
    """Whether a tag's key is, or looks like, one of the gate's own: what it trusts, and what it shows of its verdicts."""
    return canonical(key).startswith((RESERVED, VERDICT_TAG))
