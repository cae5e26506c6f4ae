"""The certificate: which files it speaks for, and which of those that lie beside a version is the one that counts.

How a key signs or verifies is not known here: the functions come in as arguments.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from keepfit.errors import KeepfitError
from keepfit.gate.attestation import Attestation
from keepfit.gate.statement import Sign, Statement, parse_statement, stated
from keepfit.gate.times import utc
from keepfit.records import Certificate
from keepfit.records.envelope import NewerFormError

# MLflow writes this file into the root of a model directory when it is loaded: the only file that may come later.
LEFT_OUT = "registered_model_meta"
DIGEST_SHOWN = 12
AHEAD = timedelta(minutes=1)  # how far a signer's clock may be before the server's


def tree_digest(files: Iterable[tuple[str, str]]) -> str:
    """Return the digest of a model directory: of all its files as (path relative to it with `/`, sha256 in hex).

    A file more, less, renamed or changed gives another digest; the order does not count. Empty folders, times and
    permissions are not seen.

    >>> tree_digest([("MLmodel", "aa"), ("data/m", "bb")]) == tree_digest([("data/m", "bb"), ("MLmodel", "aa")])
    True
    >>> tree_digest([("MLmodel", "aa"), ("registered_model_meta", "cc")]) == tree_digest([("MLmodel", "aa")])
    True
    """
    listed = sorted([path, sha256] for path, sha256 in files if path != LEFT_OUT)
    return "sha256:" + hashlib.sha256(json.dumps(listed, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class SignedCertificate:
    """A certificate, and the statement that it was read from or is stored as."""

    certificate: Certificate
    statement: Statement

    @property
    def identity(self) -> str:
        """The digest of its stored payload: what approvals and waivers are bound to."""
        return self.statement.identity

    @property
    def file_name(self) -> str:
        """The name under which it is uploaded."""
        return f"certificate-{self.identity.removeprefix('sha256:')[:DIGEST_SHOWN]}.json"


def sign(certificate: Certificate, *, key: str, by: Sign) -> SignedCertificate:
    """Sign a certificate; `key` is the public half, which hints a verifier at whom to trust."""
    return SignedCertificate(certificate=certificate, statement=stated("certificate", certificate, key=key, by=by))


def unsigned(certificate: Certificate) -> SignedCertificate:
    """Return the certificate as one that only `trust: self` accepts."""
    return SignedCertificate(certificate=certificate, statement=stated("certificate", certificate))


def parse_certificate(text: str) -> SignedCertificate:
    """Read a certificate of whatever form, verified by nobody; raises `KeepfitError` for a text that is none."""
    statement = parse_statement(text, "certificate")
    return SignedCertificate(certificate=statement.says(Certificate), statement=statement)


@dataclass(frozen=True, kw_only=True)
class Lying:
    """A certificate that lies beside a version, who stands behind it, and when it was issued by its signer's clock."""

    signed: SignedCertificate
    attestation: Attestation
    issued: datetime

    def about(self, model: str, version: str) -> bool:
        """Whether it speaks for this version."""
        return (self.signed.certificate.model, self.signed.certificate.version) == (model, version)


def parsed(texts: Iterable[str], *, judge: Callable[[Statement], Attestation]) -> tuple[Lying, ...]:
    """Return the certificates among texts; one that is none counts as none: anybody may upload files to a run.

    Raises `NewerFormError` for one that is trusted and that only a newer keepfit can read: it may be the one that counts.
    """
    found: list[Lying] = []
    for text in texts:
        try:
            statement = parse_statement(text, "certificate")
            judged = judge(statement)
            certificate = statement.says(Certificate)
            found.append(Lying(signed=SignedCertificate(certificate=certificate, statement=statement), attestation=judged, issued=utc(certificate.issued)))
        except NewerFormError:
            if judged.trusted:
                raise
        except (KeepfitError, OverflowError):  # a time at the edge of the calendar overflows
            continue
    return tuple(found)


def issued_ahead(lying: Iterable[Lying], *, model: str, version: str, now: datetime) -> frozenset[str]:
    """Return the digests of the trusted certificates about this version that were issued more than a minute after `now`.

    Their signer's clock runs fast: nobody can tell whether such a one is newer than another.
    """
    fast = (each for each in lying if each.attestation.trusted and each.about(model, version) and each.issued > utc(now) + AHEAD)
    return frozenset(each.signed.identity for each in fast)


def choose(texts: Iterable[str], *, model: str, version: str, judge: Callable[[Statement], Attestation]) -> tuple[SignedCertificate | None, Attestation]:
    """Read certificates, and return the one that speaks."""
    return chosen(parsed(texts, judge=judge), model=model, version=version)


def chosen(lying: Sequence[Lying], *, model: str, version: str, ahead: Collection[str] = frozenset()) -> tuple[SignedCertificate | None, Attestation]:
    """Return the newest certificate that is trusted, those about this version before others; else the newest one at all.

    One whose digest is in `ahead` (it was issued in the future) comes last among those.
    """
    if not lying:
        return None, Attestation(by=None, problem="the version has no certificate")

    def rank(each: Lying) -> tuple[bool, bool, bool, datetime]:
        timely = not ahead or each.signed.identity not in ahead
        return each.attestation.trusted, each.about(model, version), timely, each.issued

    best = max(lying, key=rank)
    return best.signed, best.attestation
