"""The choices that records share: each a closed set of words."""

from __future__ import annotations

from typing import Literal

Task = Literal["classification", "regression"]
Status = Literal["pass", "fail", "undecided", "error"]
Severity = Literal["critical", "warning", "info"]
Action = Literal["continue", "inspect", "improve", "rollback"]
Ground = Literal["schema", "quality", "harm", "debt", "opportunity", "age", "regret", "drift", "request"]
CauseKind = Literal["schema", "quality", "covariate", "target", "concept", "prediction", "none"]
EvidenceKind = Literal["schema", "quality", "data", "prediction", "target", "performance", "scout", "newer", "regret", "age"]
EventKind = Literal[
    "ticket_opened",
    "ticket_grown",
    "ticket_closed",
    "window_blocked",
    "no_rows",
    "candidate_ready",
    "candidate_refused",
    "candidate_undecided",
    "promotion_refused",
    "promoted",
    "rolled_back",
    "probation_ended",
]
DeliveryStatus = Literal["waiting", "leased", "delivered", "dead", "dropped"]
ShareGroup = Literal["pairs", "performance", "slices", "confusions"]
Basis = Literal["later", "same-period"]
RowBasis = Literal["later", "same-period", "smoke", "past", "behaviour", "serving"]
Undecided = Literal["block", "approve"]
Unseen = Literal["known", "unknown"]
ValueForm = Literal["boolean", "integer", "number", "text", "time", "boolean text", "integer text"]
TimeFeature = Literal["minute_of_day", "hour", "day_part", "weekday", "is_weekend", "day_of_month", "day_of_year", "month", "quarter"]

BESIDE: frozenset[RowBasis] = frozenset({"smoke", "past", "behaviour", "serving"})
"""The bases of rows that were measured beside the rows that judge: a rule reads them only where it, or its kind, names their basis."""
CLASS = "class"
"""What the slices of a target's classes are called by: `class=billing`."""
PREDICTION = "prediction"
"""What the column of a model's own answers is called where it is profiled."""
CONFIDENCE = "_confidence"
"""What the column of the likeliest class's probability is called there, of a model of many classes."""
