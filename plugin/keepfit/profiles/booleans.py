"""Booleans in two tables, whatever stores them: true and false, 0 and 1 of any type, or the words.

The reference says what a column is and how its values are named. Looked at are the values of a column only where the two tables store it in another way,
or where both hold a few words. A column of which most values are no booleans is another one, and its change of kind is told as such.
Blind to other words (yes and no are two texts) and to booleans that are numbers on both sides: those are compared as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from keepfit.profiles.boolean_words import boolean_words
from keepfit.profiles.lost_booleans import Lost, lost_booleans
from keepfit.profiles.schema import family_of
from keepfit.records.words import ValueForm
from keepfit.tables.batches import Rows
from keepfit.tables.mapped_pass import MappedPass
from keepfit.tables.passes import RowPass, State, run_pass
from keepfit.tables.values import form_of_names, in_form, plain_of

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
        return map(self._change(), self.rows.batches(columns))

    def run(self, look: RowPass[State]) -> State:
        """Run a pass where the rows below are; they are read there as they are compared."""
        return run_pass(self.rows, MappedPass(look, self._change(), changes=frozenset(self.forms)))

    def _change(self) -> Callable[[pa.Table], pa.Table]:
        return partial(_read, forms=self.forms, names=self.names)


def _read(batch: pa.Table, *, forms: Mapping[str, ValueForm], names: Mapping[str, tuple[str, ...]]) -> pa.Table:
    for place, name in enumerate(batch.column_names):
        if name in forms:
            read = in_form(batch[name], forms[name], kind="categorical", names=names.get(name)).values
            batch = batch.set_column(place, name, plain_of(read).cast(TYPES[forms[name]]))
    return batch


def booleans_alike(reference: Rows, current: Rows, shared: Sequence[str]) -> tuple[Rows, Mapping[str, Lost], Mapping[str, str]]:
    """Return the current rows with their booleans stored as the reference's, the values that were lost, and what to note of a column.

    >>> from keepfit.tables.batches import TableRows
    >>> rows, lost, notes = booleans_alike(*(TableRows(pa.table({"v": values})) for values in ([True, False], ["TRUE", "no"])), ["v"])
    >>> next(rows.batches(["v"]))["v"].to_pylist(), lost["v"].lost, notes["v"]
    ([True, None], 1, 'stored as text, was boolean')
    """
    families = {name: (family_of(reference.schema.field(name).type), family_of(current.schema.field(name).type)) for name in shared}
    words = [name for name, (before, now) in families.items() if before == "text" and now in ("boolean", "number", "text")]
    names = {name: tuple(sorted(known)) for name, known in boolean_words(reference, words).items() if form_of_names(known) == "boolean text"}
    asked = {name: form for name, (before, now) in families.items() if (form := _form(before, now, worded=name in names)) is not None}
    counted = lost_booleans(current, [name for name in asked if families[name][1] not in ("boolean", families[name][0])])
    forms = {name: form for name, form in asked.items() if name not in counted or not counted[name].mostly}
    lost = {name: found for name, found in counted.items() if name in forms and found.lost}
    notes = {name: f"stored as {families[name][1]}, was {families[name][0]}" for name in forms if families[name][0] != families[name][1]}
    return BooleanRows(rows=current, forms=forms, names=names) if forms else current, lost, notes


def _form(before: str, now: str, *, worded: bool) -> ValueForm | None:
    """What the current column is read as; None where it stays as it is."""
    if before == "boolean" and now in ("number", "text"):
        return "boolean"
    if before == "number" and now in ("boolean", "text"):
        return "number"
    return "boolean text" if worded else None
