"""Records of data: windows, profiles, what expectations found, and how a data set was composed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from keepfit.records.form import record
from keepfit.records.words import Action, Basis, Severity, Status


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
