"""What was found about a version at the click, before anything is judged."""

from __future__ import annotations

from dataclasses import dataclass

from keepfit.gate.attestation import Attestation
from keepfit.gate.certificate import SignedCertificate
from keepfit.gate.history import DEFAULT_WORKSPACE


@dataclass(frozen=True, kw_only=True)
class VersionEvidence:
    """What was found about a version at the click.

    `model_digest` is None if the files could not be read (`problem` says why). `attestation` judges `signed`. `unreadable` says
    why the certificates could not be read; `fix` what would let either be read, if that is known. `created` is when the version
    was registered, in ms since 1970. `ahead` holds the digests of its certificates that were issued in the future when they were
    first seen.
    """

    model: str
    version: str
    model_id: str | None
    signed: SignedCertificate | None
    attestation: Attestation
    model_digest: str | None
    problem: str = ""
    unreadable: str = ""
    fix: str = ""
    created: int | None = None
    workspace: str = DEFAULT_WORKSPACE
    ahead: frozenset[str] = frozenset()
