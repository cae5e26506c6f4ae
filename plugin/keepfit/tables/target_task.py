"""What there is to be predicted in a column: two classes, of which one counts as 1, more classes, or numbers.

| values | are taken for | doubt |
|---|---|---|
| two | two classes | which counts as 1, where they are words |
| three to 256 texts, numbers among them or not | classes | — |
| three to 20 whole numbers | classes | they may as well be a number: a person says so |
| up to 256 whole numbers, each of which comes again ten times on average | a number | they may be codes of classes |
| other numbers | a number | — |
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError
from keepfit.params.model import MOST_CLASSES
from keepfit.records import Task
from keepfit.tables.number_text import as_numbers, is_text, signs_of, unread
from keepfit.tables.written_targets import text_of

WHERE = "--target"
YES = ("1", "yes", "true", "y", "t", "positive", "late", "churned", "default", "fraud")
FEW_NUMBERS = 20
"""So many different whole numbers are as likely codes of classes as a number."""
AGAIN = 10
RARE, SHOWN = 20, 3
WHY = "each is a column of every table of scores and a row of every scorecard"


@dataclass(frozen=True, kw_only=True)
class TargetTask:
    """The task; the word that counts as 1 where two classes are words; the classes where there are more.

    `doubt` is what a person should decide on, empty where the values leave nothing open; `rare` what there is to know of classes with few rows.
    """

    task: Task
    positive: str | None = None
    classes: tuple[str, ...] | None = None
    doubt: str = ""
    rare: str = ""


def task_of(table: pa.Table, target: str, said: Task | None = None) -> TargetTask:
    """Return what a column holds; `said` is what a person says of it, where its values leave that open.

    Raises `DataError` for a target of one value, of none, of more classes than one model is judged by, or of texts that are said to be numbers.

    >>> task_of(pa.table({"y": ["no", "yes", "no"]}), "y").positive, task_of(pa.table({"y": [1.5, 2.25, 3.5]}), "y").task
    ('yes', 'regression')
    >>> found = task_of(pa.table({"y": [1, 2, 3, 2]}), "y")
    >>> found.classes, found.doubt
    (('1', '2', '3'), '3 whole numbers are taken for classes, as nothing says that they are a number: if they are one, --task regression')
    """
    values = table[target].combine_chunks()
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    words = [None if word == "" else word for word in text_of(values).to_pylist()]
    counts = Counter(word for word in words if word is not None)
    known = sorted(counts)
    if not known:
        raise DataError(f"the target {target!r} has no value in any row", where=WHERE, fix="name the column that is to be predicted")
    if len(known) == 1:
        what = f"the target {target!r} has one value only, {known[0]!r}: nothing to learn"
        raise DataError(what, where=WHERE, fix="two classes or more, or numbers that differ")
    if said == "regression":
        return _said_to_be_numbers(values, known, target)
    if len(known) == 2:
        return TargetTask(task="classification", positive=None if known == ["0", "1"] or pa.types.is_boolean(values.type) else _positive(counts))
    return _classes(counts, target) if said == "classification" or not _is_number(values) else _open(counts, values, target)


def names_classes(values: pa.ChunkedArray) -> bool:
    """Whether a column of texts has words beside its numbers and few different values, as codes with a word for the others have: no number is lost then.

    >>> names_classes(pa.chunked_array([["1", "2", "other"]])), names_classes(pa.chunked_array([["1", "2", "n/a"]]))
    (True, False)
    """
    if not is_text(values.type):
        return False
    known = values.combine_chunks().unique()
    return len(known) <= MOST_CLASSES + 1 and bool(pc.any(unread(known, as_numbers(known, comma=signs_of(values).comma))).as_py())


def _said_to_be_numbers(values: pa.Array, known: list[str], target: str) -> TargetTask:
    if not _is_number(values):
        shown = ", ".join(repr(word[:40]) for word in known[:SHOWN])
        raise DataError(f"the target {target!r} holds no numbers: {shown}", where="--task regression", fix="--task classification, or a column of numbers")
    return TargetTask(task="regression")


def _open(counts: Counter[str], values: pa.Array, target: str) -> TargetTask:
    """Three numbers or more: few whole ones are classes until somebody says otherwise, as a wrong number says nothing of itself and a wrong class does."""
    whole = pa.types.is_integer(values.type) or all(value is None or float(value).is_integer() for value in values.to_pylist())
    if whole and len(counts) <= FEW_NUMBERS:
        found = _classes(counts, target)
        doubt = f"{len(counts)} whole numbers are taken for classes, as nothing says that they are a number: if they are one, --task regression"
        return TargetTask(task=found.task, classes=found.classes, doubt=doubt, rare=found.rare)
    if whole and len(counts) <= MOST_CLASSES and counts.total() >= AGAIN * len(counts):
        doubt = f"{len(counts)} whole numbers that come again and again are taken for a number: if they are codes of classes, --task classification"
        return TargetTask(task="regression", doubt=doubt)
    return TargetTask(task="regression")


def _classes(counts: Counter[str], target: str) -> TargetTask:
    if len(counts) > MOST_CLASSES:
        what = f"the target {target!r} has {len(counts):,} different values, and one model is judged by {MOST_CLASSES} classes at most, as {WHY}"
        raise DataError(what, where=WHERE, fix="group rare ones together, or name a column of classes")
    if len(counts) == 2:
        return TargetTask(task="classification", positive=_positive(counts))
    rare = sorted((rows, name) for name, rows in counts.items() if rows < RARE)
    more = f" and {len(rare) - SHOWN} more classes" if len(rare) > SHOWN else ""
    said = ", ".join(f"{name[:40]} has {rows} row{'' if rows == 1 else 's'}" for rows, name in rare[:SHOWN])
    return TargetTask(
        task="classification",
        classes=tuple(sorted(counts, key=_order)),
        rare=f"{said}{more}: too few to learn or to judge; group them, or wait" if rare else "",
    )


def _order(word: str) -> tuple[float, str]:
    """Numbers by their value, texts by the alphabet after them."""
    try:
        return float(word), word
    except ValueError:
        return float("inf"), word


def _is_number(values: pa.Array) -> bool:
    return bool(pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type))


def _positive(counts: Counter[str]) -> str:
    """The word that sounds like yes, else the rarer one."""
    named = [word for word in sorted(counts) if word.lower() in YES]
    return named[0] if len(named) == 1 else min(counts, key=lambda word: (counts[word], word))
