"""A window's rows read as the model knows its features, whatever stores them now; what that loses is evidence on the schema, never drift.

A change of storage that loses nothing (a boolean as 0 and 1, numbers as text) is a note. Where some values have no like in the feature's form they are
taken for missing, named and counted; where most have none, the column is another one: it is left as it is, and its evidence has effect 1.
Blind to storage that differs within a kind (int8 or int64, decimal or double): that is no change that people speak of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from keepfit.profiles.layout import Layout
from keepfit.profiles.schema import family_of
from keepfit.records import CategoricalProfile, ColumnProfile, Evidence, Profile
from keepfit.records.words import ValueForm
from keepfit.tables.values import Reading, family, form_of_names, in_form

MOSTLY = 0.5
UNREADABLE, ROUNDED, RETYPED = "unreadable", "rounded", "retyped"


@dataclass(frozen=True, kw_only=True)
class ReadTable:
    """The rows as they are compared and scored, how many values of a column were lost, the evidence on that, and what was stored another way."""

    table: pa.Table
    lost: Mapping[str, int] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def retyped(self) -> tuple[Evidence, ...]:
        """The columns that are no longer what they were."""
        return tuple(one for one in self.evidence if one.detector == RETYPED)

    def without_lost(self, profile: Profile) -> Profile:
        """Return a profile of these rows in which lost values are not missing ones: they are told as such."""
        columns = {name: _without(column, self.lost.get(name, 0)) for name, column in profile.columns.items()}
        return replace(profile, columns=columns) if self.lost else profile


def _without(column: ColumnProfile, lost: int) -> ColumnProfile:
    return replace(column, missing=max(0, column.missing - lost))


def forms_of_layout(layout: Layout) -> dict[str, ValueForm]:
    """Return the forms that a reference gives away that was made before they were kept: booleans, and 0 and 1 that may have been some."""
    names = {name: _names(column) for name, column in layout.items() if isinstance(column, CategoricalProfile)}
    found = {name: form_of_names(known) for name, known in names.items() if known and {each.lower() for each in known} <= {"true", "false", "0", "1"}}
    return {name: form for name, form in found.items() if form is not None}


def as_known(table: pa.Table, layout: Layout, forms: Mapping[str, ValueForm], *, mostly: float = MOSTLY) -> ReadTable:
    """Return the rows with the layout's columns read as their forms; a column without a form, or without a place in the table, stays as it is.

    A column is another one where more than the share `mostly` of its values have no like; 1: never, for rows that are a part of a window.

    >>> from keepfit.profiles.layout import learn_layout
    >>> layout = learn_layout(pa.table({"v": [True, False]}), {"v": "categorical"})
    >>> found = as_known(pa.table({"v": ["TRUE", "False", "maybe", None]}), layout, {"v": "boolean"})
    >>> found.table["v"].to_pylist(), found.lost, found.evidence[0].detail
    ([True, False, None, None], {'v': 1}, "1 of 3 values are no boolean: 'maybe'")
    """
    there, read = set(table.column_names), ReadTable(table=table)
    for name in (name for name in layout if name in forms and name in there):
        column, values = layout[name], table[name]
        reading = in_form(values, forms[name], kind=column.kind, names=_names(column))
        read = _with(read, name, values, reading=reading, form=forms[name], mostly=mostly)
    return read


def _names(column: ColumnProfile) -> tuple[str, ...] | None:
    """All values that the reference knows; None where it could not keep them."""
    if not isinstance(column, CategoricalProfile):
        return None
    return (*column.categories, *column.rare) if column.rare is not None else None


def _with(read: ReadTable, name: str, values: pa.ChunkedArray, *, reading: Reading, form: ValueForm, mostly: float) -> ReadTable:
    """The rows with one more column read, and what is to say of it."""
    was, now = family(form), family_of(values.type)
    if reading.lost > mostly * reading.known:
        return replace(read, evidence=(*read.evidence, _evidence(name, RETYPED, f"was {was}, is {now}", effect=1.0, rows=len(values))))
    if reading.values is values:
        return read
    table = read.table.set_column(read.table.column_names.index(name), name, reading.values)
    notes = [f"{name} was stored as {was} and is stored as {now}: its values are read as before"] if now not in (was, "empty") else []
    return ReadTable(
        table=table,
        lost={**read.lost, **({name: reading.lost} if reading.lost else {})},
        evidence=(*read.evidence, *_told(name, reading, form=form, rows=len(values))),
        notes=(*read.notes, *notes),
    )


def weighed(evidence: Sequence[Evidence], reference: Profile, *, least: float) -> tuple[Evidence, ...]:
    """Return evidence on cells that hold no number as it asks to act: effect 0 where they are not over `least` more than the reference had missing.

    A source in which some cells never could be read had them missing in training too, and one line of totals is no broken source: such are
    reported, and ask for nobody.
    """
    usual = {name: column.missing / max(1, column.n + column.missing) for name, column in reference.columns.items()}
    return tuple(one if (one.effect or 0.0) - usual.get(one.subject, 0.0) > least else replace(one, effect=0.0) for one in evidence)


def _told(name: str, reading: Reading, *, form: ValueForm, rows: int) -> list[Evidence]:
    told = []
    if reading.lost:
        shown = f": {', '.join(map(repr, reading.examples))}" if reading.examples else ""
        said = f"{reading.lost:,} of {reading.known:,} values are no {form.removesuffix(' text')}{shown}"
        told.append(_evidence(name, UNREADABLE, said, effect=reading.lost / reading.known, rows=rows))
    if reading.rounded:
        said = f"{reading.rounded:,} of {reading.known:,} integers came as floats above 2^53, where neighbours are one"
        told.append(_evidence(name, ROUNDED, said, effect=reading.rounded / reading.known, rows=rows))
    return told


def _evidence(name: str, detector: str, detail: str, *, effect: float, rows: int) -> Evidence:
    return Evidence(kind="schema", subject=name, detector=detector, statistic=None, effect=effect, n=rows, n_reference=0, detail=detail)
