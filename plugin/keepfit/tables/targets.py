"""The target column as a number: yes/no, True/False or churned/stayed become 1 and 0 at the border, classes their codes, numbers stay as they are.

>>> import pyarrow as pa
>>> as_number(pa.table({"left": ["yes", "no", None]}), "left", positive="yes")["left"].to_pylist()
[1.0, 0.0, None]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keepfit.errors import DataError, UnknownNameError
from keepfit.tables.classes import codes_again, codes_of
from keepfit.tables.written_targets import WRITTEN, loses_type, text_of, with_written

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

SHOWN = 5


def number_names(params: Params) -> list[str]:
    """Return the columns that are known to hold numbers: numeric features, and a target without classes that have names."""
    return [*(name for name, kind in params.data.features.items() if kind == "numeric"), *number_target(params)]


def number_target(params: Params) -> list[str]:
    """Return the target if it is known to hold numbers: no word counts as 1, and no classes are listed."""
    return [params.model.target] if params.model.positive is None and not params.model.many else []


def target_as_number(table: pa.Table, params: Params) -> pa.Table:
    """Return the table with its target as params say: a number, 1 for the word that counts as 1, or the code of its class; what was written is kept."""
    model = params.model
    if model.classes is not None:
        return with_codes(table, model.target, model.classes)
    return as_number(table, model.target, positive=model.positive, keep=model.task == "classification")


def with_codes(table: pa.Table, target: str, classes: Sequence[str]) -> pa.Table:
    """Return the table with the codes of its target's classes and what was written; one that has been here before is coded by what was written."""
    if target not in table.column_names:
        return table
    import pyarrow as pa

    at, values = table.column_names.index(target), table[target].combine_chunks()
    if WRITTEN in table.column_names:
        return table.set_column(at, target, codes_again(table, target, classes))
    plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    return with_written(table.set_column(at, target, codes_of(plain, classes)), plain, target)


def as_listed(table: pa.Table, params: Params) -> pa.Table:
    """Return rows that were coded before with the codes of the classes as they are listed now; a target without listed classes stays as it is."""
    if params.model.classes is None or WRITTEN not in table.column_names:
        return table
    return with_codes(table, params.model.target, params.model.classes)


def as_number(table: pa.Table, target: str, *, positive: str | None, keep: bool = False) -> pa.Table:
    """Return the table with its target as float64 (NULL where there is no label); a table without the column stays as it is.

    `positive` is the value, as text, that counts as 1; None takes numbers and booleans as they are. `keep` adds the target's own values
    (`tables/written_targets.py`) where the numbers are others, or of another type. Raises `DataError` for text
    without a `positive`, and `UnknownNameError` if the column holds two other values and never that one.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if target not in table.column_names:
        return table
    values = table[target].combine_chunks()
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    recoded = positive is not None and not _done(values, positive)
    if positive is not None and recoded:
        numbers = pc.cast(pc.equal(_either(text_of(values), target, positive), positive), pa.float64())
    elif pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        raise _words(values, target)
    else:
        numbers = pc.cast(values, pa.float64())
    nan = pc.is_nan(numbers)
    numbers = pc.if_else(pc.fill_null(nan, fill_value=True), pa.scalar(None, pa.float64()), numbers)
    table = table.set_column(table.column_names.index(target), target, numbers)
    return with_written(table, values, target) if keep and (recoded or loses_type(values)) else table


def _done(values: pa.Array, positive: str) -> bool:
    """Whether the column is 0.0 and 1.0 already: rows that went through here once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pa.types.is_floating(values.type) and positive not in {"0", "1"} and set(pc.unique(values).to_pylist()) <= {0.0, 1.0, None}


def _either(words: pa.Array, target: str, positive: str) -> pa.Array:
    """A misspelt word would make every label 0; one class alone may be a window's own."""
    import pyarrow.compute as pc

    known = pc.unique(words.drop_null()).to_pylist()
    if len(known) > 1 and positive not in known:
        raise UnknownNameError(f"value of {target!r}", positive, known=[word[:40] for word in known], where="params.yaml: model.positive")
    return words


def _words(values: pa.Array, target: str) -> DataError:
    known = sorted({str(value) for value in values.drop_null().to_pylist()})
    shown = ", ".join(repr(word[:40]) for word in known[:SHOWN])
    return DataError(f"the target {target!r} holds text: {shown}", where="params.yaml: model.positive", fix="name the value that counts as 1")
