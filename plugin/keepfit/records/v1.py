"""Version 1 of what is signed and chained, as it was when keepfit signed and hashed records rather than stored bytes.

Frozen: these classes say which bytes a version-1 certificate, request and journal row had, and nothing else is done with them. Whoever
changes one makes people's signatures, approvals, waivers and journals invalid. What they say is read as the record of today
(`keepfit.gate.statement`, `keepfit.gate.chain`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Literal

from keepfit.records.form import record, writes_record


@record
class PinV1:
    """A registered version as a comparison's other side."""

    schema: int = 1
    model: str
    version: str
    digest: str
    model_id: str | None = None
    trained_until: datetime | None
    evaluated_until: datetime | None
    metric: str | None = None
    value: float | None = None


@record
class ScoreRowV1:
    """Slice x metric x rule."""

    slice: str
    metric: str
    rule: str
    bound: float | None
    champion: float | None
    challenger: float | None
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    n: int
    status: Literal["pass", "fail", "undecided", "error"]
    detail: str = ""


@record
class ExpectationOutcomeV1:
    """One expectation on one batch."""

    suite: str
    expectation: str
    type: str
    column: str | None
    severity: Literal["critical", "warning", "info"]
    level: Literal["row", "batch"]
    status: Literal["pass", "fail", "undecided", "error"]
    observed: str
    unexpected: int
    sample: tuple[str, ...] = ()
    window: str | None = None
    detail: str = ""


@record
class ScorecardV1:
    """What evaluate found."""

    schema: int = 1
    model: str
    task: Literal["classification", "regression"]
    metric: str
    basis: Literal["later", "same-period"]
    champion: PinV1 | None
    evaluated_from: datetime | None
    evaluated_until: datetime | None
    n: int
    rows: tuple[ScoreRowV1, ...]
    expectations: tuple[ExpectationOutcomeV1, ...] = ()


@record
class CertificateV1:
    """A certificate; its canonical JSON was signed, and the sha256 of that was its identity."""

    schema: int = 1
    model: str
    version: str
    model_id: str | None
    model_digest: str
    train_md5: str
    data: Mapping[str, str]
    params: str
    suites: Mapping[str, str]
    scorecard: ScorecardV1
    expectations: tuple[ExpectationOutcomeV1, ...]
    commit: str
    merged: bool | None
    issued: datetime
    expires: datetime | None
    signer: str
    workspace: str | None = None

    @writes_record
    def _as_signed(self, write: Callable[[object], dict[str, Any]]) -> dict[str, Any]:
        """One that names no workspace has the bytes of before there was the field."""
        said: dict[str, Any] = write(self)
        return {name: value for name, value in said.items() if name != "workspace" or value is not None}


@record
class SignedCertificateV1:
    """A file `certificate-*.json`; `key` is the public key and `signature` the signature (base64), both None if unsigned."""

    schema: int = 1
    certificate: CertificateV1
    key: str | None
    signature: str | None


@record
class RequestV1:
    """A request to waive, adopt or retire; its canonical JSON was signed."""

    schema: int = 1
    verb: Literal["waive", "adopt", "retire"]
    workspace: str
    model: str
    version: str | None
    reason: str
    by: str
    issued: datetime
    nonce: str
    rule: str | None = None
    until: datetime | None = None
    certificate: str | None = None
    model_digest: str | None = None
    profile: str | None = None


@record
class SignedRequestV1:
    """The text of a tag `request-*`."""

    schema: int = 1
    request: RequestV1
    key: str | None
    signature: str | None


@record
class JournalRowV1:
    """A row of the journal; its hash is of its canonical JSON with an empty `hash`."""

    id: int = 0
    at: datetime
    workspace: str = "default"
    kind: Literal["promoted", "refused", "rolled back", "adopted", "retired", "approved", "withdrawn", "waived", "rules changed"]
    model: str
    version: str
    target: str
    previous: str | None = None
    model_digest: str | None = None
    certificate: str | None = None
    rules: str | None = None
    who: str
    via: str
    text: str
    detail: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    hash: str = ""
