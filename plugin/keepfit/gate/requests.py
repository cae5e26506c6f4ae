"""Requests of people with a trusted key: waive a rule, adopt a champion, retire one.

They travel in a tag, as MLflow's registry has no other verb for them; so the right to edit tags must not be enough. A request
is signed, speaks about one model in one workspace, is fresh, and counts once. With `trust: self` nothing is signed, and every
row that comes of one says so. To announce an evaluation needs no signature: it makes the gate stricter, and whoever trains holds no key.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from keepfit.errors import KeepfitError
from keepfit.gate.attestation import Verify, attestation
from keepfit.gate.rules import ModelRules
from keepfit.gate.statement import parse_statement
from keepfit.gate.times import utc
from keepfit.records import Request

PREFIX: Final = "request-"
VERBS: Final = ("waive", "adopt", "retire", "evaluate")
REQUEST_MOVE: Final = "request-move"
"""The tag of a pending request, which is not signed: it moves nothing."""
UNSIGNED: Final = "unsigned"
FRESH: Final = timedelta(minutes=15)
MIN_REASON: Final = 3
NEVER_WAIVED: Final = ("trust", "digest", "subject", "certificate", "scorecard", "rules", "journal", "rollback", "smoke", "movers", "request")
"""Whose word it is, about which bytes, who asks, and what was answered."""


class RequestError(KeepfitError):
    """A request that the gate does not carry out: why, and what would be."""


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """What the gate knows when a request arrives: for which model and version, what was carried out before, the time."""

    workspace: str
    model: str
    version: str | None
    verb: str
    spent: Collection[str]
    now: datetime


def admitted(text: str, asked: RequestContext, *, held: ModelRules, verify: Verify) -> tuple[Request, str]:
    """Return the request in a tag's text and who stands behind it (a key's name, or `self`; `unsigned` where it gives no right).

    Raises `RequestError` for a text that is none, a signature that does not count, another subject, an old one, a spent one.
    """
    try:
        statement = parse_statement(text, "request")
    except KeepfitError as bad:
        raise RequestError(f"the tag holds no request: {bad.what}"[:200], fix=f"keepfit {asked.verb} makes one") from bad
    judged = attestation(statement, keys=held.keys, self_attested=held.self_attested, verify=verify)
    by = judged.by or (UNSIGNED if asked.verb == "evaluate" and not statement.signatures else None)
    if by is None:
        raise RequestError(judged.problem or "the request is not trusted", fix="sign with a key that gate.yaml names: KEEPFIT_KEYS")
    try:
        request = statement.says(Request)
    except KeepfitError as bad:
        raise RequestError(f"the request cannot be read: {bad.what}"[:200], fix=bad.fix) from bad
    _check(request, asked)
    return request, by


def _check(request: Request, asked: RequestContext) -> None:
    subject = (request.verb, request.workspace, request.model, request.version)
    if subject != (asked.verb, asked.workspace, asked.model, asked.version):
        version = f" v{request.version}" if request.version else ""
        raise RequestError(f"the request is to {request.verb} {request.model}{version} in workspace {request.workspace}", fix="make one for this subject")
    if abs(asked.now - utc(request.issued)) > FRESH:
        raise RequestError(f"the request was made at {request.issued:%Y-%m-%d %H:%M}, too far from now", fix="make a new one; check both clocks")
    if request.nonce in asked.spent:
        raise RequestError("the request was carried out before", fix="make a new one")
    if len(request.reason.strip()) < MIN_REASON:
        raise RequestError(f"a request to {request.verb} needs a reason", fix="--reason")


def may_be_waived(rule: str, held: ModelRules) -> bool:
    """Whether gate.yaml lets a rule of this name be waived; whose word it is, and about which bytes, never."""
    return rule not in NEVER_WAIVED and any(fnmatchcase(rule, pattern) for pattern in held.waivers.rules)


def check_waiver(request: Request, *, held: ModelRules, now: datetime) -> None:
    """Raise `RequestError` if gate.yaml does not let this rule be waived, or not for so long."""
    allowed = held.waivers
    if request.rule is None or request.until is None or request.certificate is None:
        raise RequestError("a waiver names a rule, a certificate and an end", fix="keepfit waive MODEL VERSION --rule NAME --reason … --until DATE")
    if request.rule in NEVER_WAIVED:
        raise RequestError(f"{request.rule!r} can never be waived", fix="mend what it refuses")
    if not any(fnmatchcase(request.rule, pattern) for pattern in allowed.rules):
        known = ", ".join(allowed.rules) or "none"
        raise RequestError(f"the rule {request.rule!r} may not be waived (gate.yaml: waivers.rules: {known})", fix="mend what it refuses")
    if utc(request.until) <= now:
        raise RequestError(f"the waiver ended on {request.until:%Y-%m-%d %H:%M}", fix="--until a later date")
    if utc(request.until) > now + timedelta(days=allowed.max_days):
        raise RequestError(f"a waiver lasts at most {allowed.max_days:g} days (gate.yaml: waivers.max_days)", fix="--until an earlier date")
