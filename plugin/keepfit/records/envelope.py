"""The envelope of what is signed: DSSE 1.0 (https://github.com/secure-systems-lab/dsse), as in-toto and sigstore use it.

The payload is stored as the bytes that were signed, so no later form of a record changes what a signature is over. The signature is
over the payload's type too: what was signed as one thing is never read as another.
"""

from __future__ import annotations

import base64
import binascii

from keepfit.errors import KeepfitError
from keepfit.records.form import record

_STANDARD = str.maketrans("-_", "+/")


class NewerFormError(KeepfitError):
    """Something stored whose form only a newer keepfit can read."""

    def __init__(self, what: str, *, form: int, known: int, where: str | None = None) -> None:
        """Name what is newer, and say what to do."""
        super().__init__(f"{what} has form v{form}; this keepfit reads forms up to v{known}", where=where, fix="upgrade keepfit here: pip install -U keepfit")


@record
class Signature:
    """One signature (base64). `keyid` only hints at the key: keepfit writes the public key (base64) there, and trusts none for it."""

    keyid: str = ""
    sig: str


@record
class Envelope:
    """A payload (base64) with its type and signatures, by DSSE's own names; without any it is not signed."""

    payloadType: str  # noqa: N815 - DSSE's name
    payload: str
    signatures: tuple[Signature, ...] = ()


def pae(payload_type: str, body: bytes) -> bytes:
    """Return what DSSE signs: type and body, each behind its length in bytes.

    >>> pae("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    named = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(named), named, len(body), body)


def sealed(payload_type: str, body: bytes, signatures: tuple[Signature, ...] = ()) -> Envelope:
    """Put a body into an envelope."""
    return Envelope(payloadType=payload_type, payload=base64.b64encode(body).decode(), signatures=signatures)


def body_of(envelope: Envelope) -> bytes:
    """Return the payload's bytes; raises `KeepfitError` if it is no base64."""
    try:
        return base64.b64decode(standard(envelope.payload), validate=True)
    except (binascii.Error, ValueError) as bad:
        raise KeepfitError("the envelope's payload is no base64", fix="the file was edited: make it anew") from bad


def standard(encoded: str) -> str:
    """Return base64 in the standard alphabet: DSSE allows the URL-safe one as well."""
    return encoded.translate(_STANDARD)
