"""Who stands behind a statement: whether its signatures hold, and whose keys they are by.

How a key verifies is not known here: the function comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from keepfit.gate.statement import Statement
from keepfit.records import Signature

Verify = Callable[[str, str, bytes], bool]  # public key, signature, message


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """Who stands behind a certificate: the trusted key's name, `self`, or nobody and why not."""

    by: str | None
    problem: str | None = None

    @property
    def trusted(self) -> bool:
        """Whether the certificate counts as evidence."""
        return self.by is not None


def attestation(statement: Statement, *, keys: Mapping[str, str], self_attested: bool, verify: Verify) -> Attestation:
    """Judge a statement's signatures against the trusted keys (name to public key): one by one of them is enough.

    With `self_attested` anybody's word counts, but signatures that are there must hold even then.
    """
    what = statement.kind
    if not statement.signatures:
        return Attestation(by="self") if self_attested else Attestation(by=None, problem=f"the {what} is not signed")
    signers = [_signer(each, statement.message, keys.values(), verify) for each in statement.signatures]
    known = next((name for name, trusted in sorted(keys.items()) if trusted in signers), None)
    if None in signers and (known is None or self_attested):
        return Attestation(by=None, problem=f"the {what}'s signature does not verify")
    if self_attested:
        return Attestation(by="self")
    return Attestation(by=known, problem=None if known else f"the {what} is signed with a key that gate.yaml does not name")


def _signer(signature: Signature, message: bytes, trusted: Collection[str], verify: Verify) -> str | None:
    """The public key by which a signature holds: a trusted one, else the one that it hints at; None if it holds by neither."""
    hinted_first = sorted(trusted, key=lambda key: (key != signature.keyid, key))
    tried = dict.fromkeys((*hinted_first, signature.keyid))
    return next((key for key in tried if verify(key, signature.sig, message)), None)
