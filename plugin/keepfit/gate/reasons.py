"""How the gate's findings are made: a demand that is met, or one that refuses with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Reason

MET = "KF-G000"


def met(rule: str, text: str) -> Reason:
    """Return the finding of a demand that is met."""
    return Reason(code=MET, rule=rule, text=text, blocking=False)


def blocked(code: str, rule: str, text: str, fix: str) -> Reason:
    """Return the finding of a demand that refuses."""
    return Reason(code=code, rule=rule, text=text, fix=fix)


def blocking(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons that refuse, in the order of the demands."""
    return tuple(reason for reason in reasons if reason.blocking)


def certify_command(evidence: VersionEvidence) -> str:
    """Return the command that certifies the version."""
    return f"keepfit certify {quote(evidence.model)} {evidence.version}"


def version_name(version: str | None) -> str:
    """Return `v3`, or `none`."""
    return "none" if version is None else f"v{version}"
