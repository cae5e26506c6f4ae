"""What somebody signed, as it is stored: a certificate or a request, in an envelope or in the form of before there were envelopes.

A signature is over the stored bytes, and the identity is their sha256. So both hold whatever fields the records of today have, and
fields that are not known here are kept. Only then is a payload read, if its form is one that this keepfit knows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from keepfit.errors import KeepfitError
from keepfit.records import Envelope, Signature, canonical, from_data, from_json
from keepfit.records.envelope import NewerFormError, body_of, pae, sealed, standard
from keepfit.records.v1 import SignedCertificateV1, SignedRequestV1

Kind = Literal["certificate", "request"]
Sign = Callable[[bytes], str]
Said = TypeVar("Said")
FORM: Final = 2
"""The newest form that is read here, and the one that is written."""
_TYPE = re.compile(r"application/vnd\.keepfit\.([a-z]+)\.v([1-9][0-9]{0,8})\+json")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The signed bytes of a certificate or request, and the signatures over them; nothing in it is trusted yet."""

    kind: Kind
    form: int
    payload: bytes
    signatures: tuple[Signature, ...] = ()

    @property
    def identity(self) -> str:
        """The digest by which approvals, waivers and the journal name it."""
        return "sha256:" + hashlib.sha256(self.payload).hexdigest()

    @property
    def message(self) -> bytes:
        """What the signatures are over: type and payload; in version 1 the payload alone."""
        return self.payload if self.form == 1 else pae(self._type, self.payload)

    @property
    def text(self) -> str:
        """The envelope as one line of JSON."""
        return canonical(sealed(self._type, self.payload, self.signatures)).decode()

    @property
    def _type(self) -> str:
        return f"application/vnd.keepfit.{self.kind}.v{self.form}+json"

    def says(self, record: type[Said]) -> Said:
        """Read the payload; raises `NewerFormError` for a form that is not known here, `KeepfitError` for a payload that is none."""
        if self.form > FORM:
            raise NewerFormError(f"the {self.kind}", form=self.form, known=FORM)
        return from_json(record, self.payload)


def stated(kind: Kind, record: object, *, key: str | None = None, by: Sign | None = None) -> Statement:
    """Return a record as a statement of today's form, signed `by` the private half of the public `key` if there is one."""
    bare = Statement(kind=kind, form=FORM, payload=canonical(record))
    if key is None or by is None:
        return bare
    return Statement(kind=kind, form=FORM, payload=bare.payload, signatures=(Signature(keyid=key, sig=by(bare.message)),))


def parse_statement(text: str, kind: Kind) -> Statement:
    """Return what a text holds, whatever its form, unverified and unread; raises `KeepfitError` for a text that is no such statement."""
    try:
        data = json.loads(text)
    except ValueError as bad:
        raise KeepfitError(f"no {kind}: not JSON", fix="the file was edited: make it anew") from bad
    if not isinstance(data, dict) or "payloadType" not in data:
        return _of_version_1(text, kind)
    envelope = from_data(Envelope, data)
    named = _TYPE.fullmatch(envelope.payloadType)
    if named is None or named[1] != kind or int(named[2]) == 1:  # version 1 had no envelope
        raise KeepfitError(f"no {kind}: the envelope's type is {envelope.payloadType[:80]!r}")
    signatures = tuple(Signature(keyid=standard(each.keyid), sig=standard(each.sig)) for each in envelope.signatures)
    return Statement(kind=kind, form=int(named[2]), payload=body_of(envelope), signatures=signatures)


def _of_version_1(text: str, kind: Kind) -> Statement:
    """A record beside its signature, which is over the record's canonical JSON."""
    signed: SignedCertificateV1 | SignedRequestV1
    if kind == "certificate":
        signed = from_json(SignedCertificateV1, text)
        payload = canonical(signed.certificate)
    else:
        signed = from_json(SignedRequestV1, text)
        payload = canonical(signed.request)
    unsigned = signed.key is None or signed.signature is None
    signatures = () if unsigned else (Signature(keyid=signed.key or "", sig=signed.signature or ""),)
    return Statement(kind=kind, form=1, payload=payload, signatures=signatures)
