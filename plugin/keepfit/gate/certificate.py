"""The certificate: which bytes it speaks for, the bytes that are signed, and whether a signature holds.

How a key signs or verifies is not known here: the functions come in as arguments.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from keepfit.errors import KeepfitError
from keepfit.gate.times import utc
from keepfit.records import Certificate, SignedCertificate, canonical, digest, from_json

Sign = Callable[[bytes], str]
Verify = Callable[[str, str, bytes], bool]  # public key, signature, message

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


def file_name(certificate: Certificate) -> str:
    """Return the name under which a certificate is uploaded."""
    return f"certificate-{digest(certificate).removeprefix('sha256:')[:DIGEST_SHOWN]}.json"


def sign(certificate: Certificate, *, key: str, by: Sign) -> SignedCertificate:
    """Sign a certificate's canonical JSON; `key` is the public half, by which a verifier finds whom to trust."""
    return SignedCertificate(certificate=certificate, key=key, signature=by(canonical(certificate)))


def unsigned(certificate: Certificate) -> SignedCertificate:
    """Return the certificate as one that only `trust: self` accepts."""
    return SignedCertificate(certificate=certificate, key=None, signature=None)


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """Who stands behind a certificate: the trusted key's name, `self`, or nobody and why not."""

    by: str | None
    problem: str | None = None

    @property
    def trusted(self) -> bool:
        """Whether the certificate counts as evidence."""
        return self.by is not None


def attestation(
    key: str | None, signature: str | None, message: bytes, *, keys: Mapping[str, str], self_attested: bool, verify: Verify, what: str = "certificate"
) -> Attestation:
    """Judge the signature over a message against the trusted keys (name to public key); `what` names it in a problem.

    With `self_attested` anybody's word counts, but a signature that is there must hold even then.
    """
    if signature is None or key is None:
        return Attestation(by="self") if self_attested else Attestation(by=None, problem=f"the {what} is not signed")
    if not verify(key, signature, message):
        return Attestation(by=None, problem=f"the {what}'s signature does not verify")
    if self_attested:
        return Attestation(by="self")
    known = next((name for name, trusted in sorted(keys.items()) if trusted == key), None)
    return Attestation(by=known, problem=None if known else f"the {what} is signed with a key that gate.yaml does not name")


@dataclass(frozen=True, kw_only=True)
class Lying:
    """A certificate that lies beside a version, who stands behind it, and when it was issued by its signer's clock."""

    signed: SignedCertificate
    attestation: Attestation
    issued: datetime

    def about(self, model: str, version: str) -> bool:
        """Whether it speaks for this version."""
        return (self.signed.certificate.model, self.signed.certificate.version) == (model, version)


def parsed(texts: Iterable[str], *, judge: Callable[[SignedCertificate], Attestation]) -> tuple[Lying, ...]:
    """Return the certificates among texts; one that is none counts as none: anybody may upload files to a run."""
    found: list[Lying] = []
    for text in texts:
        try:
            signed = from_json(SignedCertificate, text)
            found.append(Lying(signed=signed, issued=utc(signed.certificate.issued), attestation=judge(signed)))
        except (KeepfitError, OverflowError):  # a time at the edge of the calendar overflows
            continue
    return tuple(found)


def issued_ahead(lying: Iterable[Lying], *, model: str, version: str, now: datetime) -> frozenset[str]:
    """Return the digests of the trusted certificates about this version that were issued more than a minute after `now`.

    Their signer's clock runs fast: nobody can tell whether such a one is newer than another.
    """
    fast = (each for each in lying if each.attestation.trusted and each.about(model, version) and each.issued > utc(now) + AHEAD)
    return frozenset(digest(each.signed.certificate) for each in fast)


def choose(
    texts: Iterable[str], *, model: str, version: str, judge: Callable[[SignedCertificate], Attestation]
) -> tuple[SignedCertificate | None, Attestation]:
    """Read certificates, and return the one that speaks."""
    return chosen(parsed(texts, judge=judge), model=model, version=version)


def chosen(lying: Sequence[Lying], *, model: str, version: str, ahead: Collection[str] = frozenset()) -> tuple[SignedCertificate | None, Attestation]:
    """Return the newest certificate that is trusted, those about this version before others; else the newest one at all.

    One whose digest is in `ahead` (it was issued in the future) comes last among those.
    """
    if not lying:
        return None, Attestation(by=None, problem="the version has no certificate")

    def rank(each: Lying) -> tuple[bool, bool, bool, datetime]:
        timely = not ahead or digest(each.signed.certificate) not in ahead
        return each.attestation.trusted, each.about(model, version), timely, each.issued

    best = max(lying, key=rank)
    return best.signed, best.attestation
