"""Two tables made comparable: text that is numbers read as numbers, on both sides by one rule; what cannot be read is counted.

The reference says what a column is. Where it holds numbers (typed, or as text) the current column is read as numbers if most of it is;
where it holds text the current stays text. Booleans are read from 0 and 1 and from words (`booleans.py`). Codes of digits are text on both
sides, also where one side's reader took them for integers. What then still differs in kind is a change of the schema. Row numbers that a
table was written with (`__index_level_0__`, `Unnamed: 0`) are left out, since they only say where a row stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa

from keepfit.profiles.booleans import booleans_alike
from keepfit.records import record
from keepfit.tables.batches import Rows
from keepfit.tables.first_values import LOOKED_AT, first_values
from keepfit.tables.mapped_pass import MappedPass
from keepfit.tables.number_text import SHOWN, NumberSigns, as_numbers, is_text, plain_texts, signs_of
from keepfit.tables.passes import RowPass, State, run_pass
from keepfit.tables.plain import INDEX, NAMELESS


@record
class Unreadable:
    """How many values of a column of numbers (or booleans) are none, on each side, and some of them."""

    reference: int
    current: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Readable:
    """Both tables as they are compared, the values that could not be read, the columns left out with the reason, and those stored another way."""

    reference: Rows
    current: Rows
    unreadable: Mapping[str, Unreadable] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ReadRows:
    """Rows whose columns in `numbers` (name → whether decimals have a comma) come as float64 and those in `texts` as text."""

    rows: Rows
    numbers: Mapping[str, bool]
    texts: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    @property
    def schema(self) -> pa.Schema:
        """The table's schema with the types that the columns are read as."""
        kept = [one for one in self.rows.schema if one.name not in self.left_out]
        return pa.schema([one.with_type(self._type(one.name, one.type)) for one in kept])

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
        return run_pass(self.rows, MappedPass(look, self._change(), changes=self.texts | set(self.numbers)))

    def _change(self) -> Callable[[pa.Table], pa.Table]:
        return partial(_read, numbers=self.numbers, texts=self.texts)

    def _type(self, name: str, type_: pa.DataType) -> pa.DataType:
        return pa.float64() if name in self.numbers else pa.string() if name in self.texts else type_


def _read(batch: pa.Table, *, numbers: Mapping[str, bool], texts: frozenset[str]) -> pa.Table:
    for place, name in enumerate(batch.column_names):
        if name in numbers or name in texts:
            values = batch[name].combine_chunks()
            read = as_numbers(values, comma=numbers[name]) if name in numbers else plain_texts(values)
            batch = batch.set_column(place, name, read)
    return batch


def readable(reference: Rows, current: Rows, *, columns: Sequence[str] | None = None) -> Readable:
    """Return both tables as they are compared; of the columns that both have, or of those among `columns`.

    >>> from keepfit.tables.batches import TableRows
    >>> found = readable(*(TableRows(pa.table({"x": values})) for values in ([1.5, 2.5], ["1,5", "2,5"])))
    >>> next(found.current.batches(["x"]))["x"].to_pylist()
    [1.5, 2.5]
    """
    asked = None if columns is None else set(columns)
    shared = [name for name in reference.schema.names if name in current.schema.names and (asked is None or name in asked)]
    sides = tuple({name: rows.schema.field(name).type for name in shared} for rows in (reference, current))
    texts = [name for name in shared if any(is_text(types[name]) for types in sides)]
    signs = (_signs(reference, [name for name in texts if is_text(sides[0][name])]), _signs(current, [name for name in texts if is_text(sides[1][name])]))
    plans: tuple[_ReadAs, _ReadAs] = (_ReadAs({}, set()), _ReadAs({}, set()))
    for name in texts:
        _decide(name, (sides[0][name], sides[1][name]), (signs[0].get(name), signs[1].get(name)), plans)
    left_out = {} if columns is not None else _indices(reference, current)
    before, now = (
        ReadRows(rows=rows, numbers=plan.numbers, texts=frozenset(plan.texts), left_out=frozenset(left_out)) if plan.numbers or plan.texts or left_out else rows
        for rows, plan in zip((reference, current), plans, strict=True)
    )
    alike, lost, notes = booleans_alike(before, now, [name for name in shared if name not in left_out])
    unreadable = _unreadable(plans, signs) | {name: Unreadable(reference=0, current=one.lost, examples=one.examples) for name, one in lost.items()}
    return Readable(reference=before, current=alike, unreadable=unreadable, left_out=left_out, notes=notes)


@dataclass(frozen=True)
class _ReadAs:
    """What to do with one side's columns."""

    numbers: dict[str, bool]
    texts: set[str]


def _signs(rows: Rows, names: Sequence[str]) -> dict[str, NumberSigns]:
    """What each text column's values say of being numbers; those that hold none among their first thousand known ones are looked at no further."""
    first = first_values(rows, names, missing_words=False)
    found = {name: signs_of(texts) for name, texts in first.items()}
    candidates = [name for name, signs in found.items() if signs.share > 0 or len(first[name]) < LOOKED_AT]
    for start in range(0, len(candidates), rows.columns_at_once):
        whole = run_pass(rows, SignsPass(tuple(candidates[start : start + rows.columns_at_once])))
        found |= whole
    return found


@dataclass(frozen=True)
class SignsPass:
    """What the values of columns of text say of being numbers."""

    columns: tuple[str, ...]

    def start(self, first_row: int) -> dict[str, NumberSigns]:  # noqa: ARG002 - where a part starts is no matter to signs
        """Return what no values say."""
        return {name: NumberSigns() for name in self.columns}

    def add(self, state: dict[str, NumberSigns], batch: pa.Table) -> dict[str, NumberSigns]:
        """Look at a batch."""
        return {name: signs + signs_of(batch[name]) for name, signs in state.items()}

    def join(self, before: dict[str, NumberSigns], after: dict[str, NumberSigns]) -> dict[str, NumberSigns]:
        """Return what both parts' values say."""
        return {name: signs + after[name] for name, signs in before.items()}


def _decide(name: str, types: tuple[pa.DataType, pa.DataType], signs: tuple[NumberSigns | None, NumberSigns | None], plans: tuple[_ReadAs, _ReadAs]) -> None:
    """Write into the plans how a column is read that is text on at least one side."""
    before, now = signs
    numbers = _is_number(types[0]) if before is None else before.are_numbers
    if pa.types.is_null(types[0]) and now is not None:
        numbers = now.are_numbers
    if numbers:
        comma = _commas(before, now)
        for plan, own, decimal in zip(plans, signs, comma, strict=True):
            if own is not None and (own.mostly_numbers or not own.known):
                plan.numbers[name] = decimal
    elif before is not None and before.codes and before.mostly_numbers and _is_whole(types[1]):
        plans[1].texts.add(name)


def _is_whole(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or (pa.types.is_decimal(type_) and type_.scale == 0))


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def _commas(before: NumberSigns | None, now: NumberSigns | None) -> tuple[bool, bool]:
    """Whether each side's decimals have a comma; where its own values do not tell, the other side's do."""
    known = [one for one in (before, now) if one is not None and not one.ambiguous]
    fallback = known[0].comma if known else False
    first, second = (fallback if one is None or one.ambiguous else one.comma for one in (before, now))
    return first, second


def _unreadable(plans: tuple[_ReadAs, _ReadAs], signs: tuple[dict[str, NumberSigns], dict[str, NumberSigns]]) -> dict[str, Unreadable]:
    found = {}
    for name in dict.fromkeys([*plans[0].numbers, *plans[1].numbers]):
        counts, examples = [0, 0], list[str]()
        for place, (plan, own) in enumerate(zip(plans, signs, strict=True)):
            if name in plan.numbers and name in own:
                reading = own[name].reading(comma=plan.numbers[name])
                counts[place] = own[name].known - reading.numbers
                examples += reading.strange
        if sum(counts):
            found[name] = Unreadable(reference=counts[0], current=counts[1], examples=tuple(dict.fromkeys(examples))[:SHOWN])
    return found


def _indices(reference: Rows, current: Rows) -> dict[str, str]:
    """The columns of row numbers, or of an index without a name, that either table was written with."""
    names = dict.fromkeys([*reference.schema.names, *current.schema.names])
    return {name: NAMELESS for name in names if INDEX.match(name)}
