"""The classes of a target of three and more: each value, as people write it, is the place of its class in `model.classes`, its *code*.

The number of classes is the code of a class that is not in the list: such a row is labelled, no model has learned to answer it, and it is told by its
written value (`tables/written_targets.py`).

>>> import pyarrow as pa
>>> codes_of(pa.array(["outage", "billing", None, "legal"]), ("billing", "outage")).to_pylist()
[1.0, 0.0, None, 2.0]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from keepfit.tables.written_targets import WRITTEN, text_of, word_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from keepfit.params import Params

    Floats = npt.NDArray[np.float64]


def codes_of(values: pa.Array, classes: Sequence[str]) -> pa.Array:
    """Return the code of each value as float64: `len(classes)` for a class that is not among them, NULL for none (nothing, NaN, an empty text)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = values if pa.types.is_dictionary(values.type) else pc.dictionary_encode(values)
    known = {name: float(code) for code, name in enumerate(classes)}
    words = text_of(encoded.dictionary).to_pylist()
    codes = pa.array([None if word is None or word == "" else known.get(word, float(len(classes))) for word in words], pa.float64())
    return codes.take(encoded.indices)


def codes_again(table: pa.Table, target: str, classes: Sequence[str]) -> pa.Array:
    """Return the codes of a table that was coded before, by what was written: the list may have another order or more classes by now.

    A label without a written value keeps its code.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pc.dictionary_encode(table[WRITTEN].combine_chunks())
    words = pa.array([word_of(text) for text in written.dictionary.to_pylist()], pa.string())
    codes = codes_of(pa.DictionaryArray.from_arrays(written.indices, words), classes)
    return pc.coalesce(codes, pc.cast(table[target].combine_chunks(), pa.float64()))


def class_texts(codes: Floats, classes: Sequence[str], written: Sequence[str | None] | None = None) -> list[str | None]:
    """Return the class of each code as text, None where there is no label; of a class that is not in the list what was `written`, if that is known.

    >>> import numpy as np
    >>> class_texts(np.array([1.0, np.nan, 2.0, 2.0]), ("billing", "outage"), [None, None, '"legal"', None])
    ['outage', None, 'legal', 'another class']
    """
    named: list[str | None] = [(classes[int(code)] if code < len(classes) else OTHER) if code == code else None for code in codes.tolist()]
    if written is None:
        return named
    words = {text: word_of(text) for text in set(written) if text is not None}
    return [words.get(text, OTHER) if name is OTHER and text is not None else name for name, text in zip(named, written, strict=True)]


SHOWN = 60
OTHER = "another class"
"""What a class is called that is not in the list, where nobody knows what was written."""


def in_class_texts(table: pa.Table, target: str, classes: Sequence[str]) -> pa.Table:
    """Return the table with its target as the texts of its classes, as a person reads it."""
    import numpy as np
    import pyarrow as pa

    codes = table[target].combine_chunks().cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    written = table[WRITTEN].to_pylist() if WRITTEN in table.column_names else None
    return table.set_column(table.column_names.index(target), target, pa.array(class_texts(codes, classes, written), pa.string()))


def unlisted(table: pa.Table, params: Params) -> Counter[str]:
    """Return how many rows are labelled with each class that is not in `model.classes`, by what was written; nothing of a target of two classes."""
    import pyarrow.compute as pc

    target, classes = params.model.target, params.model.classes
    if classes is None or target not in table.column_names:
        return Counter()
    strange = table.filter(pc.fill_null(pc.equal(table[target], float(len(classes))), fill_value=False))
    return Counter(unlisted_names(strange, strange.num_rows).tolist())


def unlisted_names(table: pa.Table, rows: int) -> npt.NDArray[np.object_]:
    """Return what was written of each of so many rows of classes that are not listed, as far as it is known."""
    import numpy as np

    written = table[WRITTEN].to_pylist() if WRITTEN in table.column_names else [None] * rows
    words = {text: OTHER if text is None else word_of(text)[:SHOWN] for text in set(written)}
    return np.array([words[text] for text in written], dtype=object)
