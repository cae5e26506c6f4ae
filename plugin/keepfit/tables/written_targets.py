"""The target as its owner wrote it, kept beside the number that keepfit works with, for the owner's own training command.

The column `_target` is JSON text, so that windows whose targets are of different types fit together: `"yes"`, `true`, `2`. A row that has a
label but no such text (its window was closed before the column was kept) gets the value that the other rows of its class have.

>>> import pandas as pd
>>> as_written(pd.DataFrame({"left": [1.0, 0.0, 1.0], WRITTEN: ['"yes"', '"no"', None]}), "left")["left"].tolist()
['yes', 'no', 'yes']
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.params import Params

WRITTEN = "_target"
WHOLE = 1e15
"""Whole floats below it are written with all their digits."""


def with_written(table: pa.Table, before: pa.Array, target: str) -> pa.Table:
    """Return the table with `_target`: what `before`, the target's own values, says of each row that has a label now."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.unique(before.drop_null())
    texts = pa.array([json.dumps(value, ensure_ascii=False, default=float) for value in known.to_pylist()], pa.string())
    written = texts.take(pc.index_in(before, value_set=known))
    written = pc.if_else(pc.is_valid(table[target].combine_chunks()), written, pa.scalar(None, pa.string()))
    at = table.column_names.index(WRITTEN) if WRITTEN in table.column_names else None
    return table.append_column(WRITTEN, written) if at is None else table.set_column(at, WRITTEN, written)


def loses_type(values: pa.Array) -> bool:
    """Whether these values are of another type than the floats that stand for them: whole numbers and booleans."""
    import pyarrow as pa

    return bool(pa.types.is_boolean(values.type) or pa.types.is_integer(values.type))


def without_written(table: pa.Table) -> pa.Table:
    """Return the table as its owner knows its columns: expectations are not about ours."""
    return table.drop_columns([WRITTEN]) if WRITTEN in table.column_names else table


def as_written(frame: pd.DataFrame, target: str, classes: Sequence[str] = ()) -> pd.DataFrame:
    """Return the frame without `_target` and, where one is known for each class, with the target's own values and type.

    `classes` are the listed ones: a class of which nothing was written is its text.
    """
    import pandas as pd

    if WRITTEN not in frame.columns:
        return frame
    plain, texts = frame.drop(columns=WRITTEN), frame[WRITTEN]
    listed: dict[float, str] = {float(code): json.dumps(name, ensure_ascii=False) for code, name in enumerate(classes)}
    usual = listed | {label: found.value_counts().index[0] for label, found in texts.dropna().groupby(frame[target])}
    filled = texts.where(texts.notna(), frame[target].map(usual))
    if filled.isna().any():
        return plain
    values = {text: json.loads(text) for text in filled.unique()}
    return plain.assign(**{target: pd.Series([values[text] for text in filled], index=frame.index)})


def classes_of(params: Params, frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the target's values as text, the one that counts as 1 last: words where the owner has words, else 0 and 1; many as they are listed."""
    if params.model.classes is not None:
        return params.model.classes
    positive = params.model.positive
    if positive is None:
        return ("0", "1")
    if WRITTEN not in frame.columns:
        return (positive,)
    others = {word_of(text) for text in frame.loc[frame[params.model.target] == 0, WRITTEN].dropna().unique()}
    return (*sorted(others), positive)


def words_of(table: pa.Table) -> tuple[str, ...]:
    """Return the target's values as text, in order; none where a table does not keep them."""
    import pyarrow.compute as pc

    if WRITTEN not in table.column_names:
        return ()
    return tuple(sorted({word_of(text) for text in pc.unique(table[WRITTEN]).drop_null().to_pylist()}))


def in_words(table: pa.Table, target: str, positive: str) -> pa.Table:
    """Return the table with its target as the words that its owner reads; `positive` is the one that counts as 1.

    A label without a written word is `positive`, or the only other word that there is.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    others = [word for word in words_of(table) if word != positive]
    said = pc.if_else(pc.equal(table[target], 1.0), positive, others[0] if len(others) == 1 else pa.scalar(None, pa.string()))
    if WRITTEN in table.column_names:
        written = pc.dictionary_encode(table[WRITTEN].combine_chunks())
        words = pa.array([word_of(text) for text in written.dictionary.to_pylist()], pa.string())
        said = pc.coalesce(words.take(written.indices), said.combine_chunks())
    return table.set_column(table.column_names.index(target), target, said)


def word_of(text: str) -> str:
    """Return what a written target says, as people write it.

    >>> word_of('"yes"'), word_of("true"), word_of("2.0"), word_of("1234567.0")
    ('yes', 'true', '2', '1234567')
    """
    value = json.loads(text)
    return value if isinstance(value, str) else _number_text(value) if isinstance(value, float) else text


def text_of(values: pa.Array) -> pa.Array:
    """Return each value as people write it: whole floats without their `.0`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(values.type):
        return pa.array([None if value is None or value != value else _number_text(value) for value in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())


def _number_text(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() and abs(value) < WHOLE else f"{value:g}"
