"""Who may ask for a protected pointer to move: whom `movers` names in `gate.yaml`, and whom `rollback.movers` names for a former champion.

Who somebody is cannot be waived: a waiver says that a rule about the model does not count, not that another person asks. A request to
adopt or to retire is signed with a key of `gate.yaml`, and bound by that alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shlex import quote

from keepfit.gate.move import Move
from keepfit.gate.names import either
from keepfit.gate.reasons import blocked, met
from keepfit.gate.requests import REQUEST_MOVE
from keepfit.gate.rules import ANONYMOUS, is_named
from keepfit.records import Reason

RULE = "movers"
NOT_A_MOVER = "KF-G055"
NO_USERS = "this server has no users, so nobody is one of those whom gate.yaml names: keepfit server --auth basic-auth"


def mover_reasons(move: Move) -> Iterator[Reason]:
    """Yield whether the one who asks may move the pointer; nothing where everybody may."""
    yield from _named(move, move.held.movers, may="move it", key="movers")


def rollback_mover_reasons(move: Move) -> Iterator[Reason]:
    """Yield whether the one who asks may let a former champion come back; nothing where everybody may."""
    yield from _named(move, move.held.rollback.movers, may="let a former champion come back", key="rollback.movers")


def _named(move: Move, names: Sequence[str], *, may: str, key: str) -> Iterator[Reason]:
    if "*" in names:
        return
    text, who = f"gate.yaml lets {either(names)} {may} ({key})", move.standing.requester
    if move.standing.outside:
        yield Reason(code=NOT_A_MOVER, rule=RULE, text=f"{text}; who will ask is not known here", blocking=False)
    elif is_named(who, names):
        yield met(RULE, f"{text}, so {who} may")
    else:
        yield blocked(NOT_A_MOVER, RULE, f"{text}, not {who}", _way(move, names))


def _way(move: Move, names: Sequence[str]) -> str:
    """How to ask those who may."""
    if not names:
        return "name who may in gate.yaml"
    if move.standing.requester == ANONYMOUS:
        return NO_USERS
    if move.standing.request is not None and move.standing.request.is_open:
        return f"it is requested: {either(names)} can move it now, if nothing else refuses"
    pointer = next(iter((*move.held.aliases, *move.held.stages)), "champion")
    ask = f"keepfit request {quote(move.evidence.model)} {move.evidence.version} --reason …"
    return f"ask them: the tag {REQUEST_MOVE} = {pointer} on the version's page, or: {ask}"
