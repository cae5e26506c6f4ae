"""The records: one frozen dataclass a word of the design, JSON both ways, no tool imported but pydantic.

A record never holds NaN or infinity: what could not be measured is None and its status is `error` or `undecided`.

>>> pin = Pin(model="flights", version="3", digest="sha256:ab", trained_until=None, evaluated_until=None)
>>> from_json(Pin, to_json(pin)) == pin
True
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, dataclass_transform

from pydantic import ConfigDict, TypeAdapter, ValidationError

from keepfit.errors import KeepfitError

Record = TypeVar("Record")
Task = Literal["classification", "regression"]
Status = Literal["pass", "fail", "undecided", "error"]
Severity = Literal["critical", "warning", "info"]
Action = Literal["continue", "inspect", "improve", "rollback"]
Ground = Literal["schema", "quality", "harm", "opportunity", "age", "regret"]
EvidenceKind = Literal["schema", "quality", "data", "prediction", "target", "performance", "scout", "regret", "age"]
RuleKind = Literal["not_worse_than", "no_proof_of_harm", "at_least", "at_most"]
Basis = Literal["later", "same-period"]


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def record(cls: type[Record]) -> type[Record]:
    """Make a class a record: frozen, keyword-only; reading NaN or infinity is refused."""
    cls.__pydantic_config__ = ConfigDict(allow_inf_nan=False)  # type: ignore[attr-defined]
    return dataclass(frozen=True, kw_only=True)(cls)


# -- data ---------------------------------------------------------------------------------------------------------------


@record
class Window:
    """Which rows: half-open `[start, end)` in the table's own clock, or rows `[first_row, last_row)` of one source."""

    schema: int = 1
    id: str
    source: str
    start: datetime | None = None
    end: datetime | None = None
    first_row: int | None = None
    last_row: int | None = None


@record
class NumericProfile:
    """Counts of a numeric column on `edges` (len(edges) + 1 bins; bin i holds edges[i-1] < x <= edges[i]) and moments.

    `n` counts finite values; `missing` NULL and NaN; `nonfinite` plus and minus infinity.
    """

    kind: Literal["numeric"] = "numeric"
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n: int
    missing: int
    nonfinite: int
    total: float
    total_squared: float
    low: float | None
    high: float | None


@record
class CategoricalProfile:
    """Counts of the reference's categories; `other` counts values that are not among them."""

    kind: Literal["categorical"] = "categorical"
    categories: tuple[str, ...]
    counts: tuple[int, ...]
    n: int
    missing: int
    other: int


ColumnProfile = NumericProfile | CategoricalProfile


@record
class Profile:
    """Mergeable statistics of a window: one `ColumnProfile` a column."""

    schema: int = 1
    window: str
    rows: int
    columns: Mapping[str, ColumnProfile]


@record
class Reference:
    """What live windows are compared with: profiles of days (or shorter), in time order, on common edges."""

    schema: int = 1
    profiles: tuple[Profile, ...]


@record
class ExpectationOutcome:
    """One expectation on one batch: `level` row means that failing rows can be set aside, batch that they cannot."""

    suite: str
    expectation: str
    type: str
    column: str | None
    severity: Severity
    level: Literal["row", "batch"]
    status: Status
    observed: str
    unexpected: int
    sample: tuple[str, ...] = ()
    window: str | None = None
    detail: str = ""


@record
class WindowValidation:
    """What the suites said about one window and what follows: its rows quarantined, or the window blocked."""

    window: str
    rows: int
    quarantined: int
    blocked: bool
    decision: Literal["exclude", "accept"] | None = None
    reason: str = ""
    outcomes: tuple[ExpectationOutcome, ...]


@record
class Validation:
    """All windows (and named side tables such as weather) against their suites; `suites` maps suite to sha256."""

    schema: int = 1
    windows: tuple[WindowValidation, ...]
    suites: Mapping[str, str]


@record
class Part:
    """Rows of one window that went one way: train, replay, evaluate, holdout or left out, and why."""

    window: str
    part: Literal["train", "replay", "evaluate", "holdout", "out"]
    reason: str
    rows: int
    labelled: int
    weight: float = 1.0


@record
class Composition:
    """The diffable summary of a manifest; `basis` says if candidates are judged on later rows or on the holdout."""

    schema: int = 1
    action: Action
    basis: Basis
    trained_from: datetime | None
    trained_until: datetime | None
    evaluated_from: datetime | None
    evaluated_until: datetime | None
    parts: tuple[Part, ...]
    target_share: Mapping[str, float] = field(default_factory=dict)
    manifest: str = ""


# -- model --------------------------------------------------------------------------------------------------------------


@record
class ModelMeta:
    """What keepfit knows of a trained model; lies as `meta.json` in train's out beside the estimator."""

    schema: int = 1
    model: str
    task: Task
    target: str
    features: Mapping[str, Literal["numeric", "categorical"]]
    flavor: Literal["sklearn", "mlflow", "command"]
    estimator: str
    classes: tuple[str, ...] = ()
    rows: int
    trained_from: datetime | None
    trained_until: datetime | None


@record
class Pin:
    """A registered version as a comparison's other side; `value` is its certified primary metric."""

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
class Baseline:
    """`baseline.json`: what comparisons are made against; `previous` is what served before (rollback)."""

    schema: int = 1
    champion: Pin | None = None
    previous: Pin | None = None


@record
class ScoreRow:
    """Slice x metric x rule. `difference` is challenger against champion, signed so that positive is better."""

    slice: str
    metric: str
    rule: RuleKind
    bound: float | None
    champion: float | None
    challenger: float | None
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    n: int
    status: Status
    detail: str = ""


@record
class Scorecard:
    """What evaluate found: the rows, the model expectations' outcomes, and on which data."""

    schema: int = 1
    model: str
    task: Task
    metric: str
    basis: Basis
    champion: Pin | None
    evaluated_from: datetime | None
    evaluated_until: datetime | None
    n: int
    rows: tuple[ScoreRow, ...]
    expectations: tuple[ExpectationOutcome, ...] = ()


# -- gate ---------------------------------------------------------------------------------------------------------------


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


# -- monitoring ---------------------------------------------------------------------------------------------------------


@record
class Evidence:
    """How strongly a comparison speaks; knows no threshold.

    `effect` is signed so that larger is more (drift) or better (performance, scout, regret); `low`/`high` its interval.
    """

    kind: EvidenceKind
    subject: str
    detector: str
    statistic: float | None
    effect: float | None
    p_value: float | None = None
    e_value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    n_reference: int
    detail: str = ""


@record
class Decision:
    """What the update policy says after a window; `cause` identifies the root cause, `target` is for compose."""

    schema: int = 1
    window: str
    action: Action
    ground: Ground | None
    cause: str | None
    target: str | None
    reasons: tuple[str, ...]


@record
class PolicyState:
    """What the fold remembers between windows."""

    schema: int = 1
    windows: int = 0
    last_improve: datetime | None = None
    drifting: Mapping[str, int] = field(default_factory=dict)


@record
class Ticket:
    """One root cause with all that it explains, who is affected, what to do next."""

    schema: int = 1
    id: str
    model: str
    champion: str
    action: Action
    ground: Ground
    cause: str
    window: str
    opened: datetime
    target: str | None
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    affected: str
    next: tuple[str, ...]
    status: Literal["open", "acknowledged", "resolved"] = "open"
    until: datetime | None = None
    note: str = ""
    branch: str | None = None


# -- JSON ---------------------------------------------------------------------------------------------------------------


_cached_adapter = cache(TypeAdapter)


def _adapter(cls: Any) -> TypeAdapter[Any]:
    adapter: TypeAdapter[Any] = _cached_adapter(cls)
    return adapter


def to_data(value: object) -> Any:
    """Return the record as JSON-able plain values (datetimes as ISO 8601)."""
    return _adapter(type(value)).dump_python(value, mode="json")


def to_json(value: object) -> str:
    """Return pretty JSON with sorted keys and a trailing newline; refuses NaN and infinity."""
    return json.dumps(to_data(value), sort_keys=True, allow_nan=False, ensure_ascii=False, indent=2) + "\n"


def canonical(value: object) -> bytes:
    """Return the bytes that are signed and hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(to_data(value), sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """Return `sha256:` and the hex digest of the canonical JSON."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def from_data(cls: type[Record], data: object, *, where: str | None = None) -> Record:
    """Build a record from plain values; what does not fit is one `KeepfitError` naming the first place."""
    try:
        value: Record = _adapter(cls).validate_python(data)
    except ValidationError as bad:
        raise _misfit(cls, bad, where) from bad
    return value


def from_json(cls: type[Record], text: str | bytes, *, where: str | None = None) -> Record:
    """Read a record's JSON; what does not fit is one `KeepfitError` naming the first place."""
    try:
        value: Record = _adapter(cls).validate_json(text)
    except ValidationError as bad:
        raise _misfit(cls, bad, where) from bad
    return value


def _misfit(cls: type, bad: ValidationError, where: str | None) -> KeepfitError:
    first = bad.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the whole text"
    return KeepfitError(
        f"not a {cls.__name__} record: {place}: {first['msg']}", where=where, fix="the file was edited or is from another version: restore it with git"
    )
