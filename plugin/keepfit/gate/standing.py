"""What a decision must know of the registry and its journal, put together from what was read in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from keepfit.gate.counted import counted_attempts
from keepfit.gate.history import POINTED, approvers, waivers
from keepfit.gate.pending import MoveRequest, pending
from keepfit.gate.rules import ANONYMOUS, ModelRules
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Attempt, JournalRow


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the pointer stands, and what the journal says about it and about the candidate.

    `champion` is the version it names (None: nowhere), `champion_digest` the one with which that was promoted (None: not
    known), `former_digests` those with which the candidate itself stood there before, `adopted_digests` those of them that were
    adopted: no certificate ever spoke for them. `unexplained` says where registry and journal part. `judged` is when the newest
    certificate was issued by which the candidate was judged before. `approvers` have approved exactly this certificate, of
    whom those that are `gone` have no account any more; `waivers` are in force for it (rule to "by, until, why"), and the
    `request` was made on it. `outside`: it is
    judged where the server's accounts are not known, so nobody can tell if the one who will ask may.
    whom those that are `gone` have no account any more; `waivers` are in force for it (rule to "by, until, why"). `outside`: it is
    judged where the server's accounts are not known, so nobody can tell if the one who will ask may. `attempts` are the models that
    rows have judged.
    """

    champion: str | None
    champion_digest: str | None = None
    former_digests: frozenset[str] = frozenset()
    adopted_digests: frozenset[str] = frozenset()
    unexplained: tuple[str, ...] = ()
    requester: str = ANONYMOUS
    approvers: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    judged: datetime | None = None
    waivers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    request: MoveRequest | None = None
    outside: bool = False
    attempts: tuple[Attempt, ...] = ()

    @property
    def askers(self) -> tuple[str, ...]:
        """Who asks for the move: the requester, and whose open request it answers, if that is somebody who is known."""
        asked = self.request.asked.who if self.request is not None and self.request.is_open else self.requester
        return (self.requester,) if ANONYMOUS in {self.requester, asked} or asked == self.requester else (self.requester, asked)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was read: the model's rows, where the pointer and the champion stand, what the journal does not explain, a reason left."""

    rows: Sequence[JournalRow]
    pointed: str | None
    champion: str | None
    unexplained: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """With what a version's evidence is looked for: whom to trust, in which workspace, when.

    Files of a version without a trusted certificate are read only if it is `known` otherwise. `ahead` are the digests of
    certificates that were issued in the future when they were first seen.
    """

    held: ModelRules
    workspace: str
    now: datetime
    known: bool = False
    ahead: frozenset[str] = frozenset()


Gone = Callable[[Collection[str]], frozenset[str]]  # those of the accounts that are there no more, as far as that is known


def standing(seen: Seen, *, version: str, evidence: VersionEvidence | None, requester: str, now: datetime, gone: Gone = lambda _: frozenset()) -> Standing:
    """Return where things stand for moving the pointer to `version`; approvals and waivers count for its certificate only."""
    certificate = evidence.signed.identity if evidence and evidence.signed else None
    by = approvers(seen.rows, version=version, certificate=certificate)
    stood = [row for row in seen.rows if row.kind in POINTED and row.model_digest]
    return Standing(
        champion=seen.champion,
        champion_digest={row.version: row.model_digest for row in stood}.get(seen.champion or ""),
        former_digests=_digests(row for row in stood if row.version == version),
        adopted_digests=_digests(row for row in stood if row.version == version and row.kind == "adopted"),
        unexplained=seen.unexplained,
        requester=requester,
        judged=_newest(row for row in seen.rows if row.version == version and row.kind != "adopted"),
        approvers=by,
        gone=gone(by) if by else frozenset(),
        waivers={rule: _words(row) for rule, row in waivers(seen.rows, version=version, certificate=certificate, now=now).items()},
        reason=seen.reason,
        request=pending(seen.rows, version=version, certificate=certificate),
        attempts=counted_attempts(seen.rows),
    )


def _digests(rows: Iterable[JournalRow]) -> frozenset[str]:
    return frozenset(row.model_digest for row in rows if row.model_digest)


def _newest(rows: Iterable[JournalRow]) -> datetime | None:
    return max((datetime.fromisoformat(row.detail["issued"]) for row in rows if "issued" in row.detail), default=None)


def _words(row: JournalRow) -> str:
    return f"until {row.detail['until'][:16]} by {row.detail.get('by', row.who)} ({row.detail.get('reason', '')[:120]})"
