"""A former champion comes back when all is red: its files and signature are verified, not what its certificate said then."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from keepfit.gate.move import Move
from keepfit.gate.movers import rollback_mover_reasons
from keepfit.gate.reasons import blocked
from keepfit.records import Reason

CERTIFIED = "a former champion comes back: only its files and signature are verified"
ADOPTED = "an adopted champion comes back: its files are those that were adopted"


def comes_back(move: Move, identity: tuple[Reason, ...]) -> tuple[Reason, ...] | None:
    """Return the demands on a version that stood there with these bytes; None for any other, or where gate.yaml allows no rollback.

    For a champion that was adopted no certificate ever spoke, so none is asked for.
    """
    digest = move.evidence.model_digest
    if not move.held.rollback.allowed:
        return None
    if digest in move.standing.adopted_digests:
        return tuple(_rollback_reasons(move, ADOPTED))
    if digest in move.standing.former_digests and move.evidence.signed is not None:
        return (*identity, *_rollback_reasons(move, CERTIFIED))
    return None


def _rollback_reasons(move: Move, text: str) -> Iterator[Reason]:
    yield Reason(code="KF-G040", rule="rollback", text=text, blocking=False)
    yield from rollback_mover_reasons(move)
    if move.held.rollback.reason_required and not move.standing.reason:
        fix = f"keepfit rollback {quote(move.evidence.model)} --to {move.evidence.version} --reason …, or set the version's tag kf.reason first"
        yield blocked("KF-G043", "rollback", "gate.yaml asks for the reason of a rollback", fix)
