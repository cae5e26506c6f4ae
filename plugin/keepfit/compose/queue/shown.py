"""What people see of a row that they are asked about: which columns, and their values as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.tables.columns import id_column

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params import Params

LONGEST = 30_000
"""Characters of a cell that are shown: a spreadsheet's cell holds 32,767."""
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def shown_columns(names: Sequence[str], params: Params, *, columns: Sequence[str] | None, redacted: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that people see: those asked for (None: the time and the features), without the redacted ones.

    `redacted` are names, or patterns such as `customer_*`. Raises `UnknownNameError` for a name that no column has, also for one that should be
    redacted: a typing error there would show what nobody should see; `ParamsError` for the target, which is what people are asked for.
    """
    known = [name for name in names if not name.startswith("_")]
    for name in redacted:
        if not any(fnmatchcase(one, name) for one in known):
            raise UnknownNameError("column", name, known=known, where="--redact")
    target = params.model.target
    for name in columns or ():
        if name == target:
            raise ParamsError(f"{target!r} is what people are asked for", where="--columns", fix="leave it out: its column is there to be filled in")
        if name not in known:
            raise UnknownNameError("column", name, known=known, where="--columns")
    asked = columns if columns is not None else [name for name in (params.data.time, *params.data.features) if name in known]
    hidden = {id_column(params), target}
    return tuple(dict.fromkeys(one for one in asked if one not in hidden and not any(fnmatchcase(one, name) for name in redacted)))


def shown_rows(table: pa.Table, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the values of each row as text, in the order of the columns."""
    if not columns:
        return [()] * table.num_rows
    texts = [[_text(value) for value in table[name].to_pylist()] for name in columns]
    return list(zip(*texts, strict=True))


def _text(value: object) -> str:
    r"""A value as people write it; what is no character of a text is left out.

    >>> [_text(one) for one in (None, 3.0, 0.1, True, datetime(2013, 2, 1, 8, 30), "a\x00b", float("nan"))]
    ['', '3', '0.1', 'true', '2013-02-01 08:30:00', 'ab', '']
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    text = UNSEEN.sub("", value.isoformat() if isinstance(value, date) else value if isinstance(value, str) else str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
