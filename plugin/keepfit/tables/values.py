"""One canonical form of a column's values, whatever stores them.

A feature's *form* is what its values are: `boolean`, `integer`, `number`, `text` or `time`; `boolean text` is a boolean that is stored as text. It is learned
from the rows that train a model and kept in the model's meta; every later table is read as it. Reading loses nothing where each value has its like in the form
(true is True, 1 and 1.0, "1" and 1.00 are one integer); what has none (a word in a number, a fraction in an integer) is *lost*: NULL, and counted.

| form | a category is | read from |
|---|---|---|
| boolean | `true`, `false` | booleans, 0 and 1 of any type, the words true and false in any case, "0", "1" |
| integer | its digits | whole numbers of any type, digits as text, booleans as 0 and 1 |
| number | the shortest text that reads back as it, whole ones without a point | numbers of any type, numbers as text, booleans as 0 and 1 |
| text | itself | text of any type, dictionaries; all else as it is written |
| time | `timestamp[us]` without a zone, in UTC | dates, times of any unit, ISO 8601 as text |

A numeric feature is float64 in the end, so a fraction in integers is no loss there; only text that is no number is. Blind to integers above 2**53 that
a float64 had rounded before they came (they are counted, `Reading.rounded`), to words for booleans other than true and false, and to numbers in other
notations.

A feature of kind `text` has the form text, whatever is stored.

>>> readings = in_form(pa.chunked_array([["True", "false", "maybe", None]]), "boolean", kind="categorical")
>>> readings.values.to_pylist(), readings.lost, readings.examples
([True, False, None, None], 1, ('maybe',))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.records.words import ValueForm

Kind = Literal["numeric", "categorical", "text"]
WORDS = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
SPELT = {"true", "false"}
INTEGER = re.compile(r"[+-]?(0|[1-9]\d*)(\.0*)?")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
EXACT = 2**53
FAMILIES: Mapping[str, str] = {"boolean": "boolean", "integer": "number", "number": "number", "text": "text", "time": "time"}
EXAMPLES = 3


@dataclass(frozen=True)
class Reading:
    """A column read as its form: `lost` of its `known` values have no like in it and are NULL now, `rounded` integers came as floats above 2**53."""

    values: pa.ChunkedArray
    known: int = 0
    lost: int = 0
    rounded: int = 0
    examples: tuple[str, ...] = ()


# -- what a column's values are -----------------------------------------------------------------------------------------


def form_of(values: pa.ChunkedArray, kind: Kind) -> ValueForm | None:
    """Return the form of a column; None where nothing is known of it (no value) or nothing is told apart (lists, durations).

    >>> [form_of(pa.chunked_array([each]), "categorical") for each in ([True, None], [1.0, 2.0], [1, 2.5], ["a"], ["TRUE"], ["1", "2"], ["01"])]
    ['boolean', 'integer', 'number', 'text', 'boolean text', 'integer text', 'text']
    """
    plain = plain_of(values)
    if plain.null_count == len(plain):
        return None
    if kind == "text":
        return "text"
    if pa.types.is_boolean(plain.type):
        return "boolean"
    if is_number(plain.type):
        return "integer" if pa.types.is_integer(plain.type) or _all_whole(plain) else "number"
    if is_text(plain.type):
        return _form_of_texts(pc.unique(plain).drop_null().to_pylist(), kind)
    return "time" if kind == "categorical" and (pa.types.is_timestamp(plain.type) or pa.types.is_date(plain.type)) else None


def forms_of(table: pa.Table, kinds: Mapping[str, Kind]) -> dict[str, ValueForm]:
    """Return the forms of the columns that have one."""
    found = {name: form_of(table[name], kind) for name, kind in kinds.items()}
    return {name: form for name, form in found.items() if form is not None}


def form_of_names(names: Iterable[str]) -> ValueForm | None:
    """Return the form that category names give away: true and false, or whole numbers. None for any other.

    >>> form_of_names(["False", "True"]), form_of_names(["0", "1"]), form_of_names(["EV"]), form_of_names([])
    ('boolean text', 'integer text', None, None)
    """
    known = list(names)
    form = _form_of_texts(known, "categorical") if known else "text"
    return None if form == "text" else form


def _form_of_texts(known: Collection[str], kind: Kind) -> ValueForm:
    """Text that says booleans or whole numbers, each in one way. Fractions stay text as categories: "1.1" and "1.10" can be two versions of something."""
    if {text.lower() for text in known} <= SPELT:
        return "boolean text" if len(known) == len({text.lower() for text in known}) else "boolean"
    if all(INTEGER.fullmatch(text) for text in known) and (kind == "numeric" or len({_integer_of(text) for text in known}) == len(known)):
        return "integer text"
    return "number" if kind == "numeric" and all(NUMBER.fullmatch(text.strip()) for text in known) else "text"


def _all_whole(values: pa.ChunkedArray) -> bool:
    known = pc.cast(values, pa.float64(), safe=False)
    return pc.all(_whole(known), skip_nulls=True).as_py() is not False


def _whole(floats: Any) -> Any:
    """Which values are whole; NaN is no value (NULL), infinity is not whole."""
    known = pc.if_else(pc.is_nan(floats), None, floats)
    return pc.and_(pc.equal(pc.floor(known), known), pc.is_finite(known))


def family(form: ValueForm) -> str:
    """Return the kind of storage that a form was learned from, as people speak of it.

    >>> family("integer"), family("boolean text")
    ('number', 'text')
    """
    return "text" if form.endswith("text") else FAMILIES[form]


def is_number(type_: Any) -> bool:
    """Whether a column of this type holds numbers."""
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def is_text(type_: Any) -> bool:
    """Whether a column of this type holds text."""
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


# -- reading ------------------------------------------------------------------------------------------------------------


def plain_of(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values out of their dictionary; float16 and text views, for which Arrow has few functions, as float32 and text."""
    values = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    if pa.types.is_string_view(values.type):
        return values.cast(pa.string())
    return values.cast(pa.float32()) if pa.types.is_float16(values.type) else values


def in_form(values: pa.ChunkedArray, form: ValueForm, *, kind: Kind, names: Collection[str] | None = None) -> Reading:
    """Return the column read as a form; values that are in it already are not touched.

    `names` are the categories that a reference knows: booleans are spelt as they are there, and a number in a text feature that none of them says is lost.
    What is stored as text can hold anything, so a form of text that reads as something else (`boolean text` …) loses nothing.
    """
    if is_canonical(values.type, form, kind):
        return Reading(values)
    if kind == "categorical" and form.endswith("text"):
        return _texts(values, form.removesuffix(" text"), names)
    return _READERS[form.removesuffix(" text")](plain_of(values), kind)


def in_own_form(table: pa.Table, kinds: Mapping[str, Kind]) -> pa.Table:
    """Return a table with these columns read as the forms that they have themselves: what every later table is read as."""
    for name, form in forms_of(table, kinds).items():
        read = in_form(table[name], form, kind=kinds[name])
        table = table.set_column(table.column_names.index(name), name, read.values)
    return table


def is_canonical(type_: Any, form: ValueForm, kind: Kind) -> bool:
    """Whether values of this type need no reading: the form's own storage, and for numeric features any number."""
    types = pa.types
    if types.is_null(type_):
        return True
    if kind == "numeric":
        return bool(is_number(type_) or types.is_boolean(type_))
    own = {"boolean": types.is_boolean, "integer": types.is_integer, "text": _is_coded_text, "time": _is_plain_time}
    return form in own and bool(own[form](type_))


def _is_coded_text(type_: Any) -> bool:
    return is_text(type_.value_type if pa.types.is_dictionary(type_) else type_)


def _is_plain_time(type_: Any) -> bool:
    return bool(type_ == pa.timestamp("us"))


def _boolean(values: pa.ChunkedArray, kind: Kind) -> Reading:
    if pa.types.is_boolean(values.type):
        return Reading(values)
    if is_text(values.type) and kind == "categorical":
        return _parsed(values, lambda text: WORDS.get(text.lower()), pa.bool_())
    numbers = _number(values, kind)
    if kind == "numeric":
        return numbers
    known = pc.if_else(pc.is_nan(numbers.values), None, numbers.values)
    either = pc.or_(pc.equal(known, 0.0), pc.equal(known, 1.0))
    return _kept(known, pc.if_else(either, pc.equal(known, 1.0), None))


def _integer(values: pa.ChunkedArray, kind: Kind) -> Reading:
    if kind == "numeric":
        return _number(values, kind)
    if pa.types.is_boolean(values.type):
        return Reading(pc.cast(values, pa.int64()))
    if is_text(values.type):
        return _parsed(values, _integer_of, pa.int64())
    if pa.types.is_integer(values.type):
        return Reading(values)
    if pa.types.is_decimal(values.type):
        whole = pc.if_else(pc.equal(pc.floor(values), values), values, None)
        return _kept(values, _digits(whole))
    if not pa.types.is_floating(values.type):
        return _nothing(values)
    floats = pc.cast(values, pa.float64())
    floats = pc.if_else(pc.is_nan(floats), None, floats)
    whole = pc.if_else(_whole(floats), floats, None)
    rounded = pc.sum(pc.greater_equal(pc.abs(whole), float(EXACT))).as_py() or 0
    return _kept(floats, _digits(whole), rounded=rounded)


def _digits(whole: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers as int64, or as their digits where one does not fit."""
    try:
        return pc.cast(whole, pa.int64())
    except pa.ArrowInvalid:
        return pa.chunked_array([pa.array([None if value is None else str(int(value)) for value in whole.to_pylist()], pa.string())])


def _number(values: pa.ChunkedArray, kind: Kind) -> Reading:
    if pa.types.is_boolean(values.type):
        return Reading(pc.cast(pc.cast(values, pa.int8()), pa.float64()))
    if is_text(values.type):
        return _parsed(values, _number_of, pa.float64(), missing=_is_nan)
    if not is_number(values.type):
        return _nothing(values, pa.float64())
    if kind == "categorical" and pa.types.is_floating(values.type) and not pa.types.is_float64(values.type):
        return _parsed(pc.cast(values, pa.string()), _number_of, pa.float64(), missing=_is_nan)  # the shortest text of a float32: .1 stays .1
    return Reading(pc.add(pc.cast(values, pa.float64(), safe=False), 0.0))


def _text(values: pa.ChunkedArray, _kind: Kind) -> Reading:
    return Reading(_written(values))


def _written(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Each value as its category is named."""
    if pa.types.is_decimal(values.type):
        values = _digits(values) if _all_whole(values) else pc.cast(values, pa.float64(), safe=False)
    if pa.types.is_floating(values.type):
        known = pc.if_else(pc.is_nan(values), None, values)
        values = pc.add(known, pa.scalar(0.0, values.type))
    if pa.types.is_nested(values.type):
        return pa.chunked_array([pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.string())])
    return pc.cast(values, pa.string())


def _texts(values: pa.ChunkedArray, base: str, names: Collection[str] | None) -> Reading:
    """A feature that is stored as text: other storage is written as text, numbers and booleans among the texts as the reference writes them."""
    plain = plain_of(values)
    if base == "text":
        texts = _written(plain)
        known = None if names is None else pc.is_in(texts, value_set=pa.array(list(names), pa.string()))
        return Reading(texts) if known is None else _kept(texts, pc.if_else(known, texts, None))
    if is_text(plain.type):
        return Reading(_rewritten(values, base, names))
    reading = _READERS[base](plain, "categorical")
    if base == "boolean":
        return Reading(pc.coalesce(pc.if_else(reading.values, *_spelling(names)), _written(plain)), known=reading.known)
    said = pc.coalesce(_written(reading.values), _written(plain))
    return Reading(_rewritten(said, base, names), known=reading.known, rounded=reading.rounded)


def _rewritten(values: pa.ChunkedArray, base: str, names: Collection[str] | None) -> pa.ChunkedArray:
    """Texts that say a number or a boolean another way than the reference."""
    coded = (values if pa.types.is_dictionary(values.type) else pc.dictionary_encode(values)).combine_chunks()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    texts = coded.dictionary.to_pylist()
    if names is None or set(texts) <= set(names):
        return values
    (true, false), digits = _spelling(names), _numbers_in(names)
    say: Mapping[str, Callable[[str], str | None]] = {
        "boolean": lambda text: {True: true, False: false, None: None}[WORDS.get(text.lower())],
        "integer": lambda text: None if (found := _integer_of(text)) is None else digits.get(found, str(found)),
    }
    written = [None if text is None else say[base](text) or text for text in texts]
    return pa.chunked_array([pa.array(written, pa.string()).take(coded.indices)])


def _numbers_in(names: Collection[str] | None) -> dict[int, str]:
    """How whole numbers are written."""
    return {found: name for name in names or () if (found := _integer_of(name)) is not None}


def _spelling(names: Collection[str] | None) -> tuple[str, str]:
    """How true and false are written."""
    spelt = {name.lower(): name for name in names or ()}
    return spelt.get("true", "True"), spelt.get("false", "False")


def _time(values: pa.ChunkedArray, _kind: Kind) -> Reading:
    if is_text(values.type):
        return _parsed(values, _time_of, pa.timestamp("us"))
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        values = pc.local_timestamp(pc.cast(values, pa.timestamp(values.type.unit, "UTC")))
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        return Reading(pc.cast(values, pa.timestamp("us"), safe=False))
    return _nothing(values, pa.timestamp("us"))


_READERS: Mapping[str, Callable[[pa.ChunkedArray, Kind], Reading]] = {
    "boolean": _boolean, "integer": _integer, "number": _number, "text": _text, "time": _time,
}  # fmt: skip


# -- parts of it --------------------------------------------------------------------------------------------------------


def _integer_of(text: str) -> int | None:
    if INTEGER.fullmatch(text):
        return int(text.partition(".")[0])
    word = WORDS.get(text.lower())
    return None if word is None else int(word)


def _number_of(text: str) -> float | None:
    if NUMBER.fullmatch(text.strip()):
        return float(text) + 0.0
    word = WORDS.get(text.lower())
    return None if word is None else float(word)


def _is_nan(text: str) -> bool:
    return text.strip().lower() in ("nan", "+nan", "-nan")


def _time_of(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)


def _parsed(values: pa.ChunkedArray, parse: Callable[[str], Any], type_: Any, *, missing: Callable[[str], bool] = lambda _text: False) -> Reading:
    """Texts, each different one parsed once."""
    coded = pc.dictionary_encode(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    texts = coded.dictionary.to_pylist()
    read = [None if text is None else parse(text) for text in texts]
    none = {place for place, text in enumerate(texts) if text is not None and read[place] is None and not missing(text)}
    counts = {row["values"]: row["counts"] for row in pc.value_counts(coded.indices).to_pylist()}
    lost = sum(counts.get(place, 0) for place in none)
    known = sum(count for place, count in counts.items() if place is not None and (read[place] is not None or place in none))
    shown = tuple(dict.fromkeys(str(texts[place])[:40] for place in sorted(none)))[:EXAMPLES]
    return Reading(pa.chunked_array([_column(read, type_).take(coded.indices)]), known=known, lost=lost, examples=shown)


def _column(values: list[Any], type_: Any) -> pa.Array:
    try:
        return pa.array(values, type_)
    except (OverflowError, pa.ArrowInvalid):  # integers that int64 does not hold: their digits tell them apart as well
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _kept(before: pa.ChunkedArray, after: pa.ChunkedArray, *, rounded: int = 0) -> Reading:
    """What became of the values: those that are NULL only afterwards are lost."""
    known, lost = len(before) - before.null_count, after.null_count - before.null_count
    gone = before.filter(pc.and_(pc.is_valid(before), pc.is_null(after))) if lost else before.slice(0, 0)
    return Reading(after, known=known, lost=lost, rounded=rounded, examples=tuple(map(str, pc.unique(gone).slice(0, EXAMPLES).to_pylist())))


def _nothing(values: pa.ChunkedArray, type_: Any = None) -> Reading:
    """No value has its like in the form."""
    known = len(values) - values.null_count
    return Reading(pa.chunked_array([pa.nulls(len(values), type_ or pa.int64())]), known=known, lost=known)
