"""Records of the gate: the certificate, its findings, the verdict, and the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from keepfit.records.data import ExpectationOutcome
from keepfit.records.form import record
from keepfit.records.model import Scorecard


@record
class Certificate:
    """What the gate needs to know of one version; signed over its canonical JSON."""

    schema: int = 1
    model: str
    version: str
    model_id: str | None
    model_digest: str
    train_md5: str
    data: Mapping[str, str]
    params: str
    suites: Mapping[str, str]
    scorecard: Scorecard
    expectations: tuple[ExpectationOutcome, ...]
    commit: str
    merged: bool | None
    issued: datetime
    expires: datetime | None
    signer: str


@record
class SignedCertificate:
    """A certificate with its Ed25519 signature (base64); `key` is the public key (base64), both None if unsigned."""

    schema: int = 1
    certificate: Certificate
    key: str | None
    signature: str | None


@record
class Reason:
    """One finding of the gate; `blocking` ones refuse. `code` is stable and documented."""

    code: str
    rule: str
    slice: str | None = None
    metric: str | None = None
    value: float | None = None
    bound: float | None = None
    text: str
    fix: str = ""
    blocking: bool = True


@record
class Verdict:
    """The gate's answer for moving `target` (alias champion, stage Production) to a version."""

    schema: int = 1
    model: str
    version: str
    target: str
    promote: bool
    kind: Literal["promoted", "refused", "rolled back"]
    self_attested: bool
    reasons: tuple[Reason, ...]
    rules: str
    certificate: str | None


@record
class JournalRow:
    """One row of the gate's history."""

    id: int
    at: datetime
    kind: Literal["promoted", "refused", "rolled back"]
    model: str
    version: str
    model_digest: str | None
    certificate: str | None
    previous: str | None
    target: str
    who: str
    via: str
    text: str
