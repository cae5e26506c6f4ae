"""The records: one frozen dataclass a word of the design, JSON both ways, no tool imported but pydantic.

A record never holds NaN or infinity: what could not be measured is None and its status is `error` or `undecided`.

>>> pin = Pin(model="flights", version="3", digest="sha256:ab", trained_until=None, evaluated_until=None)
>>> from_json(Pin, to_json(pin)) == pin
True
"""

from __future__ import annotations

from keepfit.records.data import (
    CategoricalProfile,
    ColumnProfile,
    Composition,
    CuratedRule,
    CurationConflict,
    CurationReport,
    ExpectationOutcome,
    NumericProfile,
    Part,
    Profile,
    Reference,
    ShareCount,
    Stratum,
    StratumStatus,
    Validation,
    WindowValidation,
)
from keepfit.records.envelope import Envelope, Signature
from keepfit.records.form import canonical, digest, from_data, from_json, record, to_data, to_json
from keepfit.records.gate import Certificate, Explanation, JournalKind, JournalRow, Reason, Request, Told, Verdict
from keepfit.records.judged import JudgedWindow, WindowStatus
from keepfit.records.model import Adopted, Baseline, ModelMeta, Pin, RefitReport, Scorecard, ScoreRow, Shipped
from keepfit.records.monitoring import (
    DebtMemory,
    Decision,
    Estimate,
    Evidence,
    EvidenceMemory,
    FoundSlice,
    Gain,
    Incident,
    PolicyState,
    PolicyStep,
    RootCause,
    Ticket,
)
from keepfit.records.pairs import PairProfile, Pairs
from keepfit.records.time_features import TimeFeatures
from keepfit.records.window import Window, WindowOrder
from keepfit.records.words import (
    PREDICTION,
    Action,
    Basis,
    CauseKind,
    EvidenceKind,
    Ground,
    RowBasis,
    Severity,
    ShareGroup,
    Status,
    Task,
    TimeFeature,
    Undecided,
    ValueForm,
)

__all__ = [
    "PREDICTION",
    "Action",
    "Adopted",
    "Baseline",
    "Basis",
    "CategoricalProfile",
    "CauseKind",
    "Certificate",
    "ColumnProfile",
    "Composition",
    "CuratedRule",
    "CurationConflict",
    "CurationReport",
    "DebtMemory",
    "Decision",
    "Envelope",
    "Estimate",
    "Evidence",
    "EvidenceKind",
    "EvidenceMemory",
    "ExpectationOutcome",
    "Explanation",
    "FoundSlice",
    "Gain",
    "Ground",
    "Incident",
    "JournalKind",
    "JournalRow",
    "JudgedWindow",
    "ModelMeta",
    "NumericProfile",
    "PairProfile",
    "Pairs",
    "Part",
    "Pin",
    "PolicyState",
    "PolicyStep",
    "Profile",
    "Reason",
    "Reference",
    "RefitReport",
    "Request",
    "RootCause",
    "RowBasis",
    "ScoreRow",
    "Scorecard",
    "Severity",
    "ShareCount",
    "ShareGroup",
    "Shipped",
    "Signature",
    "Status",
    "Stratum",
    "StratumStatus",
    "Task",
    "Ticket",
    "TimeFeature",
    "TimeFeatures",
    "Told",
    "Undecided",
    "Validation",
    "ValueForm",
    "Verdict",
    "Window",
    "WindowOrder",
    "WindowStatus",
    "WindowValidation",
    "canonical",
    "digest",
    "from_data",
    "from_json",
    "record",
    "to_data",
    "to_json",
]
