"""Which findings a waiver sets aside, and which could be set aside by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from keepfit.gate.judgement import judgement_reasons
from keepfit.gate.move import Move
from keepfit.gate.requests import may_be_waived
from keepfit.gate.rules import ModelRules
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Reason


def waived(reasons: Iterable[Reason], move: Move) -> Iterator[Reason]:
    """Yield the reasons, those that a waiver in force sets aside shown with its words; gate.yaml may have withdrawn the right since."""
    for reason in reasons:
        said = move.standing.waivers.get(reason.rule)
        if said is None or not reason.blocking or not may_be_waived(reason.rule, move.held):
            yield reason
        else:
            yield replace(reason, code="KF-G042", text=f"waived {said}: {reason.text}", fix="", blocking=False)


def waivable(evidence: VersionEvidence, standing: Standing, held: ModelRules, *, now: datetime) -> tuple[str, ...]:
    """Return the names of the rules that refuse the version now, or would without a waiver in force, and that may be waived."""
    if evidence.signed is None or evidence.unreadable:
        return ()
    judged = judgement_reasons(Move(evidence=evidence, standing=standing, held=held, now=now))
    return tuple(sorted({reason.rule for reason in judged if reason.blocking and may_be_waived(reason.rule, held)}))
