"""From evidence to "this column drifts": the fixed rule, Holm over all comparisons of a window joined with a minimum effect.

Also here: the evidence that is no detector's — what suites said of a window, and how old the champion's data is.
The rule holds no memory: it is loud on streams whose natural variation from window to window is larger than sampling noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from keepfit import plugins
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

if TYPE_CHECKING:
    from keepfit.monitor.detectors.detector import ColumnDetector, ColumnKind
    from keepfit.params import ColumnParams

DRIFT: tuple[EvidenceKind, ...] = ("data", "prediction", "target")


def choose_detectors(rules: Mapping[str, ColumnParams], columns: Mapping[str, ColumnProfile]) -> dict[str, ColumnDetector]:
    """Return each column's detector by the most exact pattern; `auto` is ks for numbers and chi2 for categories.

    A rule without `*` or `?` that names no column raises `UnknownNameError`, as does a detector that nobody knows; a column no rule covers is not
    watched.
    """
    for pattern in rules:
        if not set(pattern) & set("*?[") and pattern not in columns:
            raise UnknownNameError("column", pattern, known=columns, where="params.yaml: monitor.columns")
    covering = {column: _most_exact(rules, column) for column in columns}
    watched = {column: (pattern, columns[column].kind) for column, pattern in covering.items() if pattern is not None}
    made = {(pattern, kind): _detector(rules[pattern], kind, pattern) for pattern, kind in dict.fromkeys(watched.values())}
    return {column: made[which] for column, which in watched.items()}


def usual_detectors(columns: Mapping[str, ColumnProfile]) -> dict[str, ColumnDetector]:
    """Return each column's detector where nobody has written a rule: the one that `auto` stands for."""
    made = {kind: plugins.make("detectors", plugins.AUTO[kind], where="monitor.columns") for kind in dict.fromkeys(one.kind for one in columns.values())}
    return {column: made[one.kind] for column, one in columns.items()}


def _most_exact(rules: Mapping[str, ColumnParams], column: str) -> str | None:
    if column in rules:
        return column
    return max((pattern for pattern in rules if fnmatchcase(column, pattern)), key=len, default=None)


def _detector(rule: ColumnParams, kind: ColumnKind, pattern: str) -> ColumnDetector:
    name = plugins.AUTO[kind] if rule.is_auto else rule.detector
    made: ColumnDetector = plugins.make(
        "detectors", name, rule.fields, where=f"params.yaml: monitor.columns.{pattern}.detector", beside=type(rule).model_fields
    )
    return made


def compare_profiles(
    reference: Profile,
    current: Profile,
    *,
    chosen: Mapping[str, ColumnDetector],
    kinds: Mapping[str, EvidenceKind] | None = None,
) -> tuple[Evidence, ...]:
    """Return the evidence of every chosen column that both profiles hold, and of its missing values where there are any.

    `kinds` says which columns are the target or the prediction (others: data).
    """
    from keepfit.monitor.detectors.missing import Missing

    found = []
    for column, detector in chosen.items():
        sides = reference.columns.get(column), current.columns.get(column)
        if sides[0] is None or sides[1] is None:
            continue
        wanted = [detector] if isinstance(detector, Missing) or not (_lacks(sides[0]) or _lacks(sides[1])) else [detector, Missing()]
        found += [_as_kind(each.compare(sides[0], sides[1], column), (kinds or {}).get(column, "data")) for each in wanted]
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
