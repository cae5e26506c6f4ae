"""From evidence to "this column drifts": the fixed rule, Holm over all comparisons of a window joined with a minimum effect.

Also here: the evidence that is no detector's — what suites said of a window, and how old the champion's data is.
The rule holds no memory: it is loud on streams whose natural variation from window to window is larger than sampling noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Protocol

from keepfit.errors import UnknownNameError
from keepfit.records import (
    ColumnProfile,
    Evidence,
    EvidenceKind,
    ExpectationOutcome,
    Pin,
    Profile,
    WindowValidation,
)
from keepfit.stats.holm import holm

DRIFT: tuple[EvidenceKind, ...] = ("data", "prediction", "target")
MISSING = "missing"


class Detector(Protocol):
    """Compares one column's profile with the reference's; knows no threshold."""

    name: str

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return how strongly the two differ."""


def choose_detectors(rules: Mapping[str, str], columns: Mapping[str, ColumnProfile]) -> dict[str, str]:
    """Return each column's detector name by the most exact pattern; `auto` is ks for numbers and chi2 for categories.

    A rule without `*` or `?` that names no column raises `UnknownNameError`; a column no rule covers is not watched.
    """
    for pattern in rules:
        if not set(pattern) & set("*?[") and pattern not in columns:
            raise UnknownNameError("column", pattern, known=columns, where="params.yaml: monitor.columns")
    covering = {column: _most_exact(rules, column) for column in columns}
    return {column: _by_kind(rules[pattern], columns[column]) for column, pattern in covering.items() if pattern is not None}


def _most_exact(rules: Mapping[str, str], column: str) -> str | None:
    if column in rules:
        return column
    return max((pattern for pattern in rules if fnmatchcase(column, pattern)), key=len, default=None)


def _by_kind(name: str, profile: ColumnProfile) -> str:
    if name != "auto":
        return name
    return "ks" if profile.kind == "numeric" else "chi2"


def compare_profiles(
    reference: Profile,
    current: Profile,
    *,
    chosen: Mapping[str, str],
    detector: Callable[[str], Detector],
    kinds: Mapping[str, EvidenceKind] | None = None,
) -> tuple[Evidence, ...]:
    """Return the evidence of every chosen column that both profiles hold, and of its missing values where there are any.

    `detector` returns the detector of a name; `kinds` says which columns are the target or the prediction (others: data).
    """
    found = []
    for column, name in chosen.items():
        sides = reference.columns.get(column), current.columns.get(column)
        if sides[0] is None or sides[1] is None:
            continue
        wanted = [name] if name == MISSING or not (_lacks(sides[0]) or _lacks(sides[1])) else [name, MISSING]
        found += [_as_kind(detector(each).compare(sides[0], sides[1], column), (kinds or {}).get(column, "data")) for each in wanted]
    return tuple(found)


def _lacks(profile: ColumnProfile) -> bool:
    return profile.missing > 0 or (profile.kind == "numeric" and profile.nonfinite > 0)


def _as_kind(evidence: Evidence, kind: EvidenceKind) -> Evidence:
    return evidence if evidence.kind == kind else replace(evidence, kind=kind)


def drifting(evidence: Sequence[Evidence], *, alpha: float, min_effect: float, min_rows: int = 1) -> tuple[Evidence, ...]:
    """Return the drift evidence that speaks: adjusted p below `alpha`, effect at least `min_effect`, enough rows; largest effect first.

    Evidence without a p-value never speaks here; `min_rows` counts the window's rows and the reference's.
    """
    judged = [one for one in evidence if one.kind in DRIFT and one.p_value is not None and min(one.n, one.n_reference) >= min_rows]
    adjusted = holm([one.p_value for one in judged if one.p_value is not None])
    loud = [one for one, p in zip(judged, adjusted, strict=True) if p < alpha and (one.effect or 0.0) >= min_effect]
    return tuple(sorted(loud, key=lambda one: (-(one.effect or 0.0), one.subject, one.detector)))


def quality_evidence(validation: WindowValidation) -> tuple[Evidence, ...]:
    """Return what the suites said of a window: effect 1 for what blocks it, 0 for what is only told, nothing for what passed.

    A batch-level critical failure (or one that could not be measured) blocks until a person has decided on the window;
    row-level failures have set their rows aside already.
    """
    told = [outcome for outcome in validation.outcomes if outcome.status in ("fail", "error")]
    return tuple(_of_outcome(outcome, validation) for outcome in told)


def _of_outcome(outcome: ExpectationOutcome, validation: WindowValidation) -> Evidence:
    blocks = outcome.blocks and validation.decision is None
    said = f"{outcome.suite}: {outcome.type}" + (f" of {outcome.column}" if outcome.column else "")
    return Evidence(
        kind="quality",
        subject=outcome.expectation,
        detector=outcome.type,
        statistic=float(outcome.unexpected),
        effect=1.0 if blocks else 0.0,
        n=validation.rows,
        n_reference=0,
        detail=f"{said}, observed {outcome.observed}"[:300],
    )


def age_evidence(champion: Pin, now: datetime) -> Evidence:
    """Return how old the champion's training data is: `effect` in days, None when the pin does not say."""
    days = None if champion.trained_until is None else (now - champion.trained_until).total_seconds() / 86400
    return Evidence(kind="age", subject=f"version {champion.version}", detector="age", statistic=days, effect=days, n=0, n_reference=0)
