"""A record in a row: its JSON as it was written, read by what is known of it today.

A newer keepfit of the same major version may have written fields that are not known here: they are ignored, and kept when the row is written again.
A record of a newer major version is refused by name.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, TypeVar

from pydantic_core import from_json as from_text

from keepfit.errors import KeepfitError, LedgerError
from keepfit.records import JudgedWindow, PolicyState, PolicyStep, Probation, Ticket, canonical, from_json
from keepfit.records.form import make_ready

Record = TypeVar("Record")
WHERE = "the ledger"


def ready_to_write() -> None:
    """Make what writes records, before a transaction is opened that others wait for."""
    make_ready(JudgedWindow, PolicyState, PolicyStep, Probation, Ticket)


def read(kind: type[Record], text: str) -> Record:
    """Return a row's record; raises `LedgerError` for one of a newer major version, or that is none."""
    try:
        found = from_json(kind, text)
    except KeepfitError as bad:
        _refuse_newer(kind, _fields(text).get("schema"))
        raise LedgerError(bad.what, where=WHERE, fix="a row was changed by another program: take the ledger back from a copy") from bad
    _refuse_newer(kind, getattr(found, "schema", None))
    return found


def written(record: object, *, over: str | None = None) -> str:
    """Return the JSON of a record for its row; `over` is what the row holds now, whose unknown fields stay.

    >>> from keepfit.records import Window
    >>> written(Window(id="2013-02", source="rows.csv"), over='{"id":"2013-02","zone":"CET"}')[-13:]
    '"zone":"CET"}'
    """
    text = canonical(record).decode()
    known = {field.name for field in fields(record)}  # type: ignore[arg-type]  # every record is a dataclass
    unknown = {name: value for name, value in ({} if over is None else _fields(over)).items() if name not in known}
    if not unknown:
        return text
    return json.dumps(json.loads(text) | unknown, sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _fields(text: str) -> dict[str, Any]:
    try:
        data = from_text(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _refuse_newer(kind: type, schema: object) -> None:
    known = getattr(kind, "schema", None)
    if isinstance(schema, int) and isinstance(known, int) and schema > known:
        what = f"the ledger holds a {kind.__name__} of schema {schema}, this keepfit knows {known}"
        raise LedgerError(what, where=WHERE, fix="update keepfit: another one that shares the ledger is newer")
