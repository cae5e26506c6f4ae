"""What lies beside a version, as the gate judges it: the certificate that counts, and the digest of all its files now."""

from __future__ import annotations

import logging
from typing import Any

from keepfit.errors import KeepfitError, out_of_space
from keepfit.gate.attestation import Attestation, attestation
from keepfit.gate.certificate import chosen, issued_ahead, parsed, tree_digest
from keepfit.gate.standing import Look
from keepfit.gate.statement import Statement
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations import signing
from keepfit.integrations.mlflow.artifacts import Artifacts, model_id_of

_LOG = logging.getLogger(__name__)


def evidence_of(version: Any, uri: str, look: Look, *, artifacts: Artifacts) -> VersionEvidence:
    """Gather what lies beside a version: its certificate and the digest of all its files now."""
    held, subject = look.held, {"model": version.name, "version": str(version.version)}

    def judge(statement: Statement) -> Attestation:
        return attestation(statement, keys=held.keys, self_attested=held.self_attested, verify=signing.verify)

    unreadable, fix, ahead = "", "", frozenset[str]()
    try:
        texts = tuple(artifacts.certificates(version.run_id)) if version.run_id else ()
        lying = parsed(texts, judge=judge)
        ahead = look.ahead & {each.signed.identity for each in lying} | issued_ahead(lying, **subject, now=look.now)
        signed, judged = chosen(lying, **subject, ahead=ahead)
    except Exception as bad:  # noqa: BLE001 - any way in which they cannot be read refuses, and the verdict says which
        signed, unreadable, fix = None, _said(bad), _fix(bad)
        judged = Attestation(by=None, problem=f"the certificates cannot be read: {unreadable}"[:300])
    if not version.run_id:
        judged, fix = Attestation(by=None, problem="the version has no run, beside which a certificate could lie"), "register it from a run: dvc repro does"
    files, problem, mend = _digest(uri, artifacts) if judged.trusted or look.known else (None, "not read: no trusted certificate", "")
    return VersionEvidence(
        **subject,
        model_id=version.model_id or model_id_of(version.source),
        signed=signed,
        attestation=judged,
        model_digest=files,
        problem=problem,
        unreadable=unreadable,
        fix=fix or mend,
        created=version.creation_timestamp,
        workspace=look.workspace,
        ahead=ahead,
    )


def _digest(uri: str, artifacts: Artifacts) -> tuple[str | None, str, str]:
    try:
        return tree_digest(artifacts.files(uri)), "", ""
    except Exception as bad:  # noqa: BLE001 - any way in which files cannot be read refuses, and the verdict says which
        return None, _said(bad), _fix(bad)


def _fix(bad: Exception) -> str:
    return (bad.fix or "") if isinstance(bad, KeepfitError) else ""


def _said(bad: Exception) -> str:
    """Our own sentences as they are; of others only the kind, as they may tell where the server's database is: its log has the rest."""
    if isinstance(bad, KeepfitError):
        return bad.what + (f" ({bad.where})" if bad.where else "")
    if out_of_space(bad):
        return "no space is left on the server's disk"
    _LOG.warning("keepfit: evidence could not be read", exc_info=bad)
    return f"{type(bad).__name__}; the server's log says more"
