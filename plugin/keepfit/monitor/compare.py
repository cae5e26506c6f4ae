"""What changed from one profile to another: the schema first, then every column by effect, and one verdict.

`keepfit compare` and a window's page are made from this record; it holds all that they show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from keepfit.errors import DataError, UnknownNameError
from keepfit.monitor.detectors.missing import Missing
from keepfit.monitor.detectors.psi import PopulationStability
from keepfit.monitor.evidence import choose_detectors, compare_profiles, drifting, usual_detectors
from keepfit.monitor.rules.fixed import Fixed
from keepfit.profiles.profile import Kind, kind_of
from keepfit.profiles.readable import Unreadable, readable
from keepfit.profiles.schema import family_of, schema_changes
from keepfit.profiles.stream import profile_reference, profile_rows
from keepfit.records import ColumnProfile, Evidence, EvidenceKind, FoundSlice, Profile, record
from keepfit.tables.batches import Rows, TableRows
from keepfit.tables.first_values import first_values
from keepfit.tables.free_text import is_free_text
from keepfit.tables.number_text import is_text

if TYPE_CHECKING:
    from keepfit.params import ColumnParams

BESIDE = PopulationStability.name
"""The measure that is shown beside every column's own."""
VerdictWord = Literal["drift", "no drift", "too few rows", "nothing compared"]
MOSTLY = 0.5
BLIND = 0.9


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From where on a change is called drift; see `monitor/evidence.py`."""

    min_effect: float = 0.1
    alpha: float = 0.001
    min_rows: int = 100


@record
class Change:
    """One column: the evidence that can call it drift, PSI to show beside it, and both sides' counts."""

    column: str
    kind: EvidenceKind
    drifts: bool
    effect: float | None
    evidence: tuple[Evidence, ...]
    psi: float | None
    reference: ColumnProfile
    current: ColumnProfile
    note: str = ""


@record
class Drift:
    """A comparison's whole result; `changes` by effect, largest first; `skipped` says why a column was not compared.

    `unreadable` says how many values of a column of numbers are none. The verdict is `nothing compared` where no column could tell
    anything: too few of its values are there, or nearly every one is a rare text.

    `joint` is evidence on several columns at once and `slices` are those whose share of the rows changed, if they were asked for
    (`monitor/joint.py`).
    """

    schema: int = 1
    reference: str
    current: str
    rows_reference: int
    rows_current: int
    verdict: VerdictWord
    columns: tuple[Evidence, ...] = ()
    joint: tuple[Evidence, ...] = ()
    slices: tuple[FoundSlice, ...] = ()
    changes: tuple[Change, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)
    unreadable: Mapping[str, Unreadable] = field(default_factory=dict)
    min_effect: float
    alpha: float
    min_rows: int
    rule: str = Fixed.name


def drift_of(
    reference: Profile,
    current: Profile,
    *,
    thresholds: Thresholds | None = None,
    rules: Mapping[str, ColumnParams] | None = None,
    kinds: Mapping[str, EvidenceKind] | None = None,
    columns: Sequence[Evidence] = (),
) -> Drift:
    """Return what changed between two profiles on one layout.

    `rules` says which detector watches the columns of a pattern (default: auto for all), `kinds` says which columns are target or prediction,
    `columns` is the schema's evidence, named first; one with an effect makes the verdict drift.
    """
    limits = thresholds or Thresholds()
    chosen = choose_detectors(rules, reference.columns) if rules else usual_detectors(reference.columns)
    evidence = compare_profiles(reference, current, chosen=chosen, kinds=kinds)
    loud = {one.subject for one in drifting(evidence, alpha=limits.alpha, min_effect=limits.min_effect, min_rows=limits.min_rows)}
    changes = [_change(name, reference, current, evidence=evidence, drifts=name in loud) for name in chosen if name in current.columns]
    return Drift(
        reference=reference.window,
        current=current.window,
        rows_reference=reference.rows,
        rows_current=current.rows,
        verdict=_verdict(limits, (reference.rows, current.rows), changes, alarm=bool(loud) or any(one.effect for one in columns)),
        columns=tuple(columns),
        changes=tuple(sorted(changes, key=lambda change: (-(change.effect or 0.0), change.column))),
        min_effect=limits.min_effect,
        alpha=limits.alpha,
        min_rows=limits.min_rows,
    )


def as_called(drift: Drift, loud: Collection[str], *, rule: str) -> Drift:
    """Return the comparison with its verdict by another rule than the fixed one: `loud` are the columns that the rule calls drifting."""
    changes = tuple(replace(change, drifts=change.column in loud) for change in drift.changes)
    alarm = bool(loud) or any(one.effect for one in drift.columns)
    limits = Thresholds(min_effect=drift.min_effect, alpha=drift.alpha, min_rows=drift.min_rows)
    return replace(drift, changes=changes, rule=rule, verdict=_verdict(limits, (drift.rows_reference, drift.rows_current), changes, alarm=alarm))


def _verdict(limits: Thresholds, rows: tuple[int, int], changes: Sequence[Change], *, alarm: bool) -> VerdictWord:
    if alarm:
        return "drift"
    if min(rows) < limits.min_rows:
        return "too few rows"
    return "no drift" if any(tells(change, limits.min_rows) for change in changes) else "nothing compared"


def tells(change: Change, min_rows: int) -> bool:
    """Whether a column's comparison could have shown a change: enough values on both sides, and not nearly all of them rare texts."""
    own = [one for one in change.evidence if one.detector != Missing.name] or change.evidence
    if not any(one.effect is not None and min(one.n, one.n_reference) >= min_rows for one in own):
        return False
    return not all(side.kind == "categorical" and side.other > BLIND * side.n for side in (change.reference, change.current))


def _change(name: str, reference: Profile, current: Profile, *, evidence: Sequence[Evidence], drifts: bool) -> Change:
    own = tuple(one for one in evidence if one.subject == name)
    sides = reference.columns[name], current.columns[name]
    effects = [one.effect for one in own if one.effect is not None]
    psi = PopulationStability().compare(*sides, name).effect if sides[0].kind in PopulationStability.kinds else None
    return Change(
        column=name,
        kind=own[0].kind,
        drifts=drifts,
        effect=max(effects, default=None),
        evidence=own,
        psi=psi,
        reference=sides[0],
        current=sides[1],
        note=_note(sides[0], own),
    )


def _note(reference: ColumnProfile, own: Sequence[Evidence]) -> str:
    said = [one.detail for one in own if one.detail and one.detector != Missing.name]
    if reference.kind == "categorical" and reference.n and reference.other / reference.n > MOSTLY:
        said.append(f"{reference.other / reference.n:.0%} of the reference is outside its {len(reference.categories)} most frequent values")
    return "; ".join(said)


def with_joint(drift: Drift, evidence: Sequence[Evidence]) -> Drift:
    """Return the comparison with evidence on whole rows added; it makes the verdict drift by the same rule, with a Holm correction of its own."""
    joint = (*drift.joint, *evidence)
    found = replace(drift, joint=joint)
    return replace(found, verdict="drift") if loud_joint(found) else found


def loud_joint(drift: Drift) -> tuple[Evidence, ...]:
    """Return the evidence on whole rows that is called drift, largest effect first."""
    return drifting(drift.joint, alpha=drift.alpha, min_effect=drift.min_effect, min_rows=drift.min_rows)


def with_slices(drift: Drift, slices: Sequence[FoundSlice]) -> Drift:
    """Return the comparison with slices whose share of the rows changed; one that changed by the minimum effect makes the verdict drift."""
    found = replace(drift, slices=tuple(slices))
    return replace(found, verdict="drift") if loud_slices(found) else found


def loud_slices(drift: Drift) -> tuple[FoundSlice, ...]:
    """Return the slices that are called drift, largest change first: the search has kept alpha, what is left is effect and rows."""
    enough = min(drift.rows_reference, drift.rows_current) >= drift.min_rows
    return tuple(one for one in drift.slices if enough and abs(one.effect) >= drift.min_effect)


# -- two tables ---------------------------------------------------------------------------------------------------------


def compare_tables(
    reference: pa.Table, current: pa.Table, *, names: tuple[str, str], columns: Sequence[str] | None = None, thresholds: Thresholds | None = None
) -> Drift:
    """Return what changed between two tables in memory; see `compare_rows`."""
    return compare_rows(TableRows(reference), TableRows(current), names=names, columns=columns, thresholds=thresholds)


def compare_rows(
    reference: Rows,
    current: Rows,
    *,
    names: tuple[str, str],
    columns: Sequence[str] | None = None,
    thresholds: Thresholds | None = None,
    kinds: Mapping[str, EvidenceKind] | None = None,
) -> Drift:
    """Return what changed between two tables read in batches; `columns` limits it to some (default: all that both have).

    `kinds` says which column is the target or the prediction (`kinds_of`).

    Text that is numbers is compared as numbers (`readable.py`), free text by its words (`free_text.py`). Times and nested columns are skipped and named. Raises
    `UnknownNameError` for a column that neither table has and `DataError` when nothing can be compared.
    """
    _require(kinds or {}, (reference.schema, current.schema))
    ready = readable(reference, current, columns=columns)
    reference, current = ready.reference, ready.current
    before, now = (_limited(rows.schema, columns, (reference.schema, current.schema)) for rows in (reference, current))
    changed = schema_changes(before, now)
    shared = set(now.names) - {one.subject for one in changed}
    stored = {name: _kind(before, now, name) for name in before.names if name in shared}
    watched = {name: kind for name, kind in stored.items() if kind is not None}
    watched |= dict.fromkeys(_free_texts(reference, [name for name, kind in watched.items() if kind == "categorical"]), "text")
    if not (watched or any(one.effect for one in changed)):
        raise DataError("no column can be compared", fix="both tables need a column of numbers, text or booleans in common")
    learned = profile_reference(reference, watched, names[0])
    drift = drift_of(learned, profile_rows(current, learned.columns, names[1]), thresholds=thresholds, columns=changed, kinds=kinds)
    skipped = {name: f"{family_of(before.field(name).type)} column" for name, kind in stored.items() if kind is None}
    said = {name: f"the {kind}" for name, kind in (kinds or {}).items()}
    changes = tuple(replace(one, note="; ".join(filter(None, (said.get(one.column), ready.notes.get(one.column), one.note)))) for one in drift.changes)
    return replace(drift, changes=changes, skipped={**ready.left_out, **skipped}, unreadable=ready.unreadable)


def kinds_of(*, target: str | None, prediction: str | None) -> dict[str, EvidenceKind]:
    """Return which columns are the target and the prediction.

    >>> kinds_of(target="late", prediction=None)
    {'late': 'target'}
    """
    named: tuple[tuple[str | None, EvidenceKind], ...] = ((target, "target"), (prediction, "prediction"))
    return {name: kind for name, kind in named if name is not None}


def _require(kinds: Mapping[str, EvidenceKind], both: tuple[pa.Schema, pa.Schema]) -> None:
    known = dict.fromkeys([*both[0].names, *both[1].names])
    for name, kind in kinds.items():
        if name not in known:
            raise UnknownNameError("column", name, known=known, where=f"--{kind}")


def _free_texts(reference: Rows, names: Sequence[str]) -> list[str]:
    """The columns whose first rows are free text, which is compared by its words: as categories nearly every one would be new."""
    texts = [name for name in names if is_text(reference.schema.field(name).type)]
    return [name for name, values in first_values(reference, texts).items() if is_free_text(values)]


def _limited(schema: pa.Schema, columns: Sequence[str] | None, both: tuple[pa.Schema, pa.Schema]) -> pa.Schema:
    if columns is None:
        return schema
    known = dict.fromkeys([*both[0].names, *both[1].names])
    for name in columns:
        if name not in known:
            raise UnknownNameError("column", name, known=known, where="--columns")
    return pa.schema([schema.field(name) for name in dict.fromkeys(columns) if name in schema.names])


def _kind(reference: pa.Schema, current: pa.Schema, name: str) -> Kind | None:
    """The kind of a shared column; one that is empty on one side goes by the other."""
    before, now = (schema.field(name).type for schema in (reference, current))
    return kind_of(now if pa.types.is_null(before) else before)


def watched_columns(reference: Rows, current: Rows, columns: Sequence[str] | None = None) -> dict[str, Kind]:
    """Return the kind of each column that both tables have as one kind, or of those among `columns`; raises as `compare_rows` does."""
    schemas = (reference.schema, current.schema)
    both = [_limited(schema, columns, schemas) for schema in schemas]
    changed = {one.subject for one in schema_changes(both[0], both[1])}
    kinds = {name: _kind(both[0], both[1], name) for name in both[0].names if name in both[1].names and name not in changed}
    return {name: kind for name, kind in kinds.items() if kind is not None}
