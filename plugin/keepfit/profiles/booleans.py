"""Booleans in two tables, whatever stores them: true and false, 0 and 1 of any type, or the words.

The reference says what a column is and how its values are named. Looked at are the values of a column only where the two tables store it in another way,
or where both hold a few words. A column of which most values are no booleans is another one, and its change of kind is told as such.
Blind to other words (yes and no are two texts) and to booleans that are numbers on both sides: those are compared as numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.profiles.schema import family_of
from keepfit.records.words import ValueForm
from keepfit.tables.batches import Rows
from keepfit.tables.values import SPELT, form_of_names, in_form, plain_of

MOSTLY = 0.5
TYPES: Mapping[str, pa.DataType] = {"boolean": pa.bool_(), "number": pa.float64(), "boolean text": pa.string()}


@dataclass(frozen=True, kw_only=True)
class BooleanRows:
    """Rows whose columns in `forms` come as the reference's booleans: as such, as 0 and 1, or as its words (`names`)."""

    rows: Rows
    forms: Mapping[str, ValueForm]
    names: Mapping[str, tuple[str, ...]]

    @property
    def schema(self) -> pa.Schema:
        """The table's schema with the types that the columns are read as."""
        return pa.schema([one.with_type(TYPES[self.forms[one.name]]) if one.name in self.forms else one for one in self.rows.schema])

    @property
    def rows_at_most(self) -> int:
        """As many as the table below has."""
        return self.rows.rows_at_most

    @property
    def columns_at_once(self) -> int:
        """As the table below is best read."""
        return self.rows.columns_at_once

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows, read as they are compared."""
        for batch in self.rows.batches(columns):
            for name in (name for name in columns if name in self.forms):
                read = in_form(batch[name], self.forms[name], kind="categorical", names=self.names.get(name)).values
                batch = batch.set_column(batch.column_names.index(name), name, plain_of(read).cast(TYPES[self.forms[name]]))  # noqa: PLW2901
            yield batch


@dataclass(frozen=True, kw_only=True)
class Lost:
    """How many of the known values of a column are no booleans, and some of them."""

    known: int = 0
    lost: int = 0
    examples: tuple[str, ...] = ()


def booleans_alike(reference: Rows, current: Rows, shared: Sequence[str]) -> tuple[Rows, Mapping[str, Lost], Mapping[str, str]]:
    """Return the current rows with their booleans stored as the reference's, the values that were lost, and what to note of a column.

    >>> from keepfit.tables.batches import TableRows
    >>> rows, lost, notes = booleans_alike(*(TableRows(pa.table({"v": values})) for values in ([True, False], ["TRUE", "no"])), ["v"])
    >>> next(rows.batches(["v"]))["v"].to_pylist(), lost["v"].lost, notes["v"]
    ([True, None], 1, 'stored as text, was boolean')
    """
    families = {name: (family_of(reference.schema.field(name).type), family_of(current.schema.field(name).type)) for name in shared}
    words = [name for name, (before, now) in families.items() if before == "text" and now in ("boolean", "number", "text")]
    names = {name: tuple(sorted(known)) for name, known in _few_words(reference, words).items() if form_of_names(known) == "boolean text"}
    forms: dict[str, ValueForm] = {}
    lost: dict[str, Lost] = {}
    for name, (before, now) in families.items():
        form = _form(before, now, worded=name in names)
        if form is None or (found := _lost(current, name, before=before, now=now)).lost > MOSTLY * found.known:
            continue
        forms[name] = form
        lost |= {name: found} if found.lost else {}
    notes = {name: f"stored as {families[name][1]}, was {families[name][0]}" for name in forms if families[name][0] != families[name][1]}
    return BooleanRows(rows=current, forms=forms, names=names) if forms else current, lost, notes


def _form(before: str, now: str, *, worded: bool) -> ValueForm | None:
    """What the current column is read as; None where it stays as it is."""
    if before == "boolean" and now in ("number", "text"):
        return "boolean"
    if before == "number" and now in ("boolean", "text"):
        return "number"
    return "boolean text" if worded else None


def _lost(current: Rows, name: str, *, before: str, now: str) -> Lost:
    """What the current column holds beside booleans; text that has always been text can hold anything."""
    found = Lost()
    if now == "boolean" or before == now:
        return found
    for batch in current.batches([name]):
        reading = in_form(batch[name], "boolean", kind="categorical")
        examples = tuple(dict.fromkeys((*found.examples, *reading.examples)))[:3]
        found = Lost(known=found.known + reading.known, lost=found.lost + reading.lost, examples=examples)
        if found.lost > MOSTLY * max(current.rows_at_most, 1):
            break
    return found


def _few_words(rows: Rows, columns: Sequence[str]) -> dict[str, set[str]]:
    """The words of the columns that hold true and false only; a column is looked at until it says another one."""
    size, found = rows.columns_at_once, {name: set[str]() for name in columns}
    for group in (list(columns)[start : start + size] for start in range(0, len(columns), size)):
        left = list(group)
        for batch in rows.batches(group):
            for name in left:
                found[name] |= set(pc.unique(plain_of(batch[name].slice(0, 100))).drop_null().to_pylist())
            left = [name for name in left if {word.lower() for word in found[name]} <= SPELT]
            for name in left:
                found[name] |= set(pc.unique(plain_of(batch[name])).drop_null().to_pylist())
            left = [name for name in left if {word.lower() for word in found[name]} <= SPELT]
            if not left:
                break
    return {name: known for name, known in found.items() if {word.lower() for word in known} <= SPELT}
