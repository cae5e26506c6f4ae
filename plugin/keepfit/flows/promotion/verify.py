"""`keepfit verify models:/m@champion`: are these the bytes that someone trusted has certified? For whoever serves them.

Asks the tracking server for files and certificate and verifies by the rules that lie here; the journal is not needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote

from keepfit.errors import ProjectError, UnknownNameError
from keepfit.flows.promotion.explain import evidence_there
from keepfit.flows.promotion.promote import the_registry
from keepfit.flows.rules.file import rules_file, where_rules_lie
from keepfit.flows.rules.served import VARIABLE
from keepfit.gate.version_evidence import VersionEvidence

PREFIX = "models:/"


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was found: the version, and why its bytes do not count (None: they do)."""

    model: str
    version: str
    problem: str | None
    by: str | None
    digest: str | None
    certificate: str | None

    @property
    def exit_code(self) -> int:
        """0 verified, 3 not."""
        return 0 if self.problem is None else 3


def verify(uri: str, *, rules: str | None = None) -> Verified:
    """Verify the version that a `models:/` address names by alias or number."""
    model, version = resolve(uri)
    registry, _ = the_registry()
    if where_rules_lie(rules) is None:  # the server's own would be its word for its own files
        raise ProjectError("whose keys are trusted? no rules lie here", where=uri, fix=f"keepfit verify {quote(uri)} --rules PLACE, or set {VARIABLE}")
    evidence = evidence_there(registry, model, version, rules_file(rules).rules.of(model))
    return Verified(
        model=model,
        version=version,
        problem=_problem(evidence),
        by=evidence.attestation.by,
        digest=evidence.model_digest,
        certificate=evidence.signed.identity if evidence.signed else None,
    )


def resolve(uri: str) -> tuple[str, str]:
    """Return model and version of `models:/NAME@ALIAS` or `models:/NAME/VERSION`; raises `UnknownNameError` for another form."""
    name = uri.removeprefix(PREFIX)
    model, at, alias = name.rpartition("@")
    if at and model and alias:
        registry, _ = the_registry()
        number = registry.alias(model, alias)
        if number is None:
            raise UnknownNameError("alias", alias, known=registry.aliases(model), where=model)
        return model, number
    model, slash, version = name.rpartition("/")
    if not (slash and model and version.isdigit()):
        raise UnknownNameError("address", uri, known=["models:/NAME@ALIAS", "models:/NAME/VERSION"])
    return model, version


def _problem(evidence: VersionEvidence) -> str | None:
    if evidence.signed is None or not evidence.attestation.trusted:
        return evidence.attestation.problem or "no trusted certificate"
    certificate = evidence.signed.certificate
    if evidence.model_digest is None:
        return f"the files cannot be read: {evidence.problem}"
    if evidence.model_digest != certificate.model_digest:
        return f"the files have the digest {evidence.model_digest[:19]}…, certified is {certificate.model_digest[:19]}…"
    if certificate.workspace not in {None, evidence.workspace}:
        return f"the certificate speaks for the workspace {certificate.workspace}, not for {evidence.workspace}"
    if (certificate.model, certificate.version) != (evidence.model, evidence.version):
        return f"the certificate speaks for {certificate.model} v{certificate.version}"
    return None
