"""The gate's decision: values in, a verdict with every reason out. What could not be established refuses.

The store (`integrations/mlflow/store/promotion.py`) asks in the transaction that would move the pointer, and hands over what was found
of the version (`version_evidence.py`) and where the pointer stands by the journal (`standing.py`). Then, each step in the file of its name:

1. `rules`: nothing of this model is protected: it moves; there are no readable rules: it does not.
2. `movers`: whether the one who asks may move it at all.
3. `identity`: whose word the certificate is, that the files are the certified ones, that it is about this version.
4. `trail`: the journal explains the pointer, the certificate is the newest, its scorecard can be read.
5. `rejection`: whether a request on this certificate is open, or was rejected.
6. `judgement`: compared with the present champion; rows (`rows`, by `rule_kinds/`), expectations, ages, merged, approved (`approvals`).
7. `waivers`: what of the judgement a waiver in force sets aside.
8. `comes_back`: refused so far, but these are the bytes of a former champion: identity alone decides, and `rollback.movers`.
9. `sentence`: the verdict in a dialog's 400 characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from keepfit.gate.comes_back import comes_back
from keepfit.gate.identity import identity_reasons, no_certificate
from keepfit.gate.judgement import judgement_reasons
from keepfit.gate.move import Move
from keepfit.gate.movers import mover_reasons
from keepfit.gate.reasons import MET, blocked, blocking, met
from keepfit.gate.rejection import request_reasons
from keepfit.gate.rules import GateRules
from keepfit.gate.standing import Standing
from keepfit.gate.trail import trail_reasons
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.gate.waivers import waived
from keepfit.records import Reason, Verdict


def decide(evidence: VersionEvidence, standing: Standing, *, rules: GateRules, target: str, now: datetime) -> Verdict:
    """Return the verdict on moving `target` to the version; `reasons` holds what blocks and what must be shown."""
    reasons = tuple(reason for reason in demands(evidence, standing, rules=rules, now=now) if reason.code != MET)
    promote = not blocking(reasons)
    back = any(reason.code == "KF-G040" for reason in reasons)
    held = rules.of(evidence.model)
    return Verdict(
        model=evidence.model,
        version=evidence.version,
        target=target,
        promote=promote,
        kind="refused" if not promote else "rolled back" if back else "promoted",
        self_attested=held is not None and held.self_attested,
        reasons=reasons,
        rules=rules.digest,
        certificate=evidence.signed.identity if evidence.signed else None,
    )


def demands(evidence: VersionEvidence, standing: Standing, *, rules: GateRules, now: datetime) -> tuple[Reason, ...]:
    """Return every demand with its finding, met ones too (`KF-G000`): what `keepfit gate explain` shows."""
    held = rules.of(evidence.model)
    if held is None:
        return (met("rules", "nothing of this model is protected"),)
    if rules.problem is not None:
        return (blocked("KF-G001", "rules", f"the server has no rules: {rules.problem}", "keepfit server --rules gate.yaml"),)
    move = Move(evidence=evidence, standing=standing, held=held, now=now)
    missing = no_certificate(evidence)
    identity = tuple(identity_reasons(move)) if missing is None else (missing,)
    said = (*mover_reasons(move), *identity, *(_by_certificate(move) if missing is None else ()))
    back = comes_back(move, identity) if blocking(said) else None
    return said if back is None else back


def _by_certificate(move: Move) -> Iterator[Reason]:
    yield from trail_reasons(move)
    yield from request_reasons(move)
    yield from waived(judgement_reasons(move), move)
