"""Where the way of a person ends and that of CI begins: rules by which only who holds a key, or whom they name, may certify or move."""

from __future__ import annotations

import os

from keepfit.flows.accepting.way import WAITS, StoppedError, Way
from keepfit.gate.names import either
from keepfit.gate.rules import ModelRules, is_named
from keepfit.integrations import signing

USER = "MLFLOW_TRACKING_USERNAME"


def leave_to_others(way: Way) -> None:
    """Raise `StoppedError` (4) where the rest is not this person's to do, with what comes next; nothing where it is, or where the rules are not here."""
    held, merge = way.held, way.candidate.merge
    if held is None or merge is None or way.serves:
        return
    why = _unpushed(way, held, merge) or _no_key(way, held) or _no_mover(held)
    if why:
        raise StoppedError(f"the merge is made, and the rest is not for this account: {why}", fix=_then(way), code=WAITS)


def _unpushed(way: Way, held: ModelRules, merge: str) -> str:
    branch = way.project.params.certify.branch
    remote = way.git.remote_tip(f"origin/{branch}") if held.require_merged else None
    if remote is None or way.git.is_ancestor(merge, remote):
        return ""
    return f"gate.yaml takes only what is merged on origin/{branch} (require_merged), and the merge is only here"


def _no_key(way: Way, held: ModelRules) -> str:
    if held.self_attested:
        return ""
    name = way.project.params.certify.key
    pair = signing.load_key(name, folder=signing.keys_folder())
    if pair is not None and pair.public in held.keys.values():
        return ""
    return f"no key that gate.yaml trusts is here ({either(tuple(held.keys))}), so CI certifies"


def _no_mover(held: ModelRules) -> str:
    who = os.environ.get(USER, "")
    if "*" in held.movers or (who and is_named(who, held.movers)):
        return ""
    return f"gate.yaml lets {either(held.movers)} move it (movers)" + (f", not {who}" if who else "")


def _then(way: Way) -> tuple[str, ...]:
    return (
        f"git push origin {way.base}, or where that is protected push {way.candidate.branch} and open a pull request: CI certifies what is merged (docs/ci)",
        f"who may move it then runs keepfit promote {way.model} {way.number}; to ask for it: keepfit request {way.model} {way.number} --reason '…'",
        f"keepfit accept {way.candidate.ticket.id} goes on from there",
    )
