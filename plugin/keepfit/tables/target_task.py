"""What there is to be predicted in a column: two classes, of which one counts as 1, or numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from keepfit.errors import DataError
from keepfit.records import Task
from keepfit.tables.written_targets import text_of

WHERE = "--target"
YES = ("1", "yes", "true", "y", "t", "positive", "late", "churned", "default", "fraud")


def task_of(table: pa.Table, target: str) -> tuple[Task, str | None]:
    """Return the task, and the word that counts as 1 where classes are words: two values are classification, more numbers are regression.

    Raises `DataError` for a target of one value, of none, or of more than two texts.

    >>> task_of(pa.table({"y": ["no", "yes", "no"]}), "y"), task_of(pa.table({"y": [1, 2, 3]}), "y")
    (('classification', 'yes'), ('regression', None))
    """
    values = table[target].combine_chunks()
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    words = text_of(values).to_pylist()
    known = sorted({word for word in words if word is not None})
    if not known:
        raise DataError(f"the target {target!r} has no value in any row", where=WHERE, fix="name the column that is to be predicted")
    if len(known) == 1:
        what = f"the target {target!r} has one value only, {known[0]!r}: nothing to learn"
        raise DataError(what, where=WHERE, fix="two classes, or numbers that differ")
    if len(known) == 2:
        return "classification", None if known == ["0", "1"] or pa.types.is_boolean(values.type) else _positive(known, words)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        return "regression", None
    raise DataError(f"the target {target!r} has {len(known)} different texts; two classes or a number are needed", where=WHERE, fix="make a 0/1 column")


def _positive(known: Sequence[str], values: Sequence[str | None]) -> str:
    """The word that sounds like yes, else the rarer one."""
    named = [word for word in known if word.lower() in YES]
    return named[0] if len(named) == 1 else min(known, key=lambda word: (values.count(word), word))
