"""Whose word a certificate is, and about which bytes: who signed it, that the files are the certified ones, that it is about this version.

Never set aside by a waiver; all that a former champion has to show when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.gate.history import DEFAULT_WORKSPACE
from keepfit.gate.move import Move
from keepfit.gate.reasons import blocked, certify_command, met
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Certificate, Reason


def no_certificate(evidence: VersionEvidence) -> Reason | None:
    """Return why there is no certificate to ask, None if there is one."""
    if evidence.unreadable:
        fix = evidence.fix or "register the model from a run of this server; docs/operate.md says where artifacts may lie"
        return blocked("KF-G013", "certificate", f"the certificates cannot be read: {evidence.unreadable}"[:300], fix)
    if evidence.signed is None:
        problem = evidence.attestation.problem or "the version has no certificate"
        return blocked("KF-G002", "certificate", problem, evidence.fix or certify_command(evidence))
    return None


def identity_reasons(move: Move) -> Iterator[Reason]:
    """Yield who signed, which files, which version; nothing more where nobody who is trusted signed."""
    evidence = move.evidence
    if not evidence.attestation.trusted:
        problem = evidence.attestation.problem or "the certificate is not trusted"
        yield blocked("KF-G010", "trust", problem, f"sign with a key that gate.yaml names: {certify_command(evidence)}")
        return  # without a trusted certificate no file is read: its source may be anybody's
    if move.held.self_attested:
        yield Reason(code="KF-G011", rule="trust", text="self-attested: no independent signature is asked for", blocking=False)
    else:
        yield met("trust", f"signed by {evidence.attestation.by}")
    yield _certified_files(evidence, move.certificate)
    yield _this_version(evidence, move.certificate, move.standing)


def _certified_files(evidence: VersionEvidence, certificate: Certificate) -> Reason:
    if evidence.model_digest is None:
        fix = evidence.fix or "restore the files, or register the model again"
        return blocked("KF-G013", "digest", f"the model's files cannot be read: {evidence.problem}"[:300], fix)
    if evidence.model_digest != certificate.model_digest:
        text = f"the model's files have the digest {evidence.model_digest[:19]}…, certified is {certificate.model_digest[:19]}…"
        return blocked("KF-G012", "digest", text, "the files were changed after the certificate: register the model again")
    return met("digest", f"the files are the certified ones ({evidence.model_digest[:19]}…)")


def _this_version(evidence: VersionEvidence, certificate: Certificate, standing: Standing) -> Reason:
    """A certificate of before workspaces were named counts in the default one; elsewhere only for a version that stood there before."""
    named = certificate.workspace or (evidence.workspace if evidence.model_digest in standing.former_digests else DEFAULT_WORKSPACE)
    if named != evidence.workspace:
        said = f"in the workspace {named}" if certificate.workspace else "and names no workspace"
        text = f"the certificate speaks for {certificate.model} v{certificate.version} {said}; this is the workspace {evidence.workspace}"
        return blocked("KF-G014", "subject", text, f"MLFLOW_WORKSPACE={evidence.workspace} {certify_command(evidence)}")
    same_id = certificate.model_id in {None, evidence.model_id}
    if (certificate.model, certificate.version) == (evidence.model, evidence.version) and same_id:
        return met("subject", "the certificate speaks for this version")
    return blocked("KF-G014", "subject", f"the certificate speaks for {certificate.model} v{certificate.version}", certify_command(evidence))
