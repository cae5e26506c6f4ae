"""Records of the gate: the certificate, its findings, the verdict, and the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal

from keepfit.records import form
from keepfit.records.attempts import Attempt
from keepfit.records.data import ExpectationOutcome
from keepfit.records.form import record
from keepfit.records.model import Scorecard


@record
class Certificate:
    """What the gate needs to know of one version: the payload of a signed statement (`keepfit.gate.statement`).

    `workspace` is MLflow's, in which the version is registered; None in certificates of before it was named.
    """

    schema: int = 2
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
    workspace: str | None = None


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
class Explanation:
    """What a server would say to a move now: the verdict, and every demand, met ones too.

    `asker` is whose approval does not count; `waivable` names the rules that refuse and may be waived.
    """

    schema: int = 1
    verdict: Verdict
    demands: tuple[Reason, ...]
    asker: str
    waivable: tuple[str, ...] = ()


JournalKind = Literal[
    "promoted",
    "refused",
    "rolled back",
    "adopted",
    "retired",
    "approved",
    "withdrawn",
    "waived",
    "rules changed",
    "requested",
    "rejected",
    "request withdrawn",
    "evaluated",
]


@record
class JournalRow:
    """One row of the gate's history, chained to the one before: `hash` is of the bytes that are stored with it (`keepfit.gate.chain`).

    `target` names the protected pointers that moved, were given up, or were asked for ("alias champion, stage Production");
    `detail` holds what only this kind has: a waiver's rule and end, a request's nonce, the waivers that a promotion used and who had approved it.
    """

    id: int = 0
    at: datetime
    workspace: str = "default"
    kind: JournalKind
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


@record
class Told:
    """What a server's journal says of one model: its rows (the newest), changes of rules among them, and how many older ones it left out."""

    schema: int = 1
    rows: tuple[JournalRow, ...]
    older: int = 0


@record
class ServedRules:
    """What a server says of the rules that it judges a model by: their digest, and what holds for the model (`held`, the JSON of its part of gate.yaml)."""

    schema: int = 1
    rules: str
    held: str


@record
class PendingRequest:
    """A request to move a pointer that nobody has answered: who asks for what, since when and why, and what the gate would say to the move now.

    `reasons` are those that refuse, whoever moves it in the end: `movers` are who may. `approvers` count, of `approvals` that are needed. `lapsed`:
    newer evidence lies there than what it was made on, so it has to be made anew.
    """

    schema: int = 1
    model: str
    version: str
    target: str
    who: str
    at: datetime
    reason: str
    lapsed: bool
    movers: tuple[str, ...]
    approvers: tuple[str, ...]
    approvals: int
    promote: bool
    reasons: tuple[Reason, ...]


@record
class PendingRequests:
    """The open requests of one model, oldest first; of many the `older` ones are left out."""

    schema: int = 1
    requests: tuple[PendingRequest, ...]
    older: int = 0


@record
class Request:
    """What someone with a trusted key asks of the gate; it travels in a tag and counts once (`nonce`).

    `evaluate` says that a version's model was held against frozen rows (`evaluated`), with the certificate about it if there is one; it gives no right,
    so that it need not be signed.

    `waive` names rule, certificate and end; `adopt` the digest of the champion's files (and of its profile, if one is given);
    `retire` no more than the model.
    """

    schema: int = 2
    verb: Literal["waive", "adopt", "retire", "evaluate"]
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
    evaluated: Annotated[Attempt | None, form.LATER] = None
