"""The chain of the journal's rows: each has the hash of the one before it, and its own hash is of the bytes that are stored with it.

So a row that was written before a field was known, or with fields that are not known here, holds as it lies there. Rows of version 1
were stored without their bytes: those are worked out by a model that is kept for nothing else.

>>> from datetime import UTC, datetime
>>> row = JournalRow(at=datetime(2026, 1, 1, tzinfo=UTC), kind="promoted", model="m", version="3", target="alias champion", who="tess", via="server", text="")
>>> first = linked(row, id=1, parent=ORIGIN)
>>> second = linked(row, id=2, parent=first.row.hash)
>>> broken([first, second]), broken([second])
(None, 'row 2 stands where row 1 should be')
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Final

from keepfit.gate.history import ASKED
from keepfit.records import JournalRow, canonical, from_data, from_json, record, to_data
from keepfit.records.envelope import NewerFormError
from keepfit.records.v1 import JournalRowV1

ORIGIN: Final = "sha256:" + "0" * 64
OLDEST_WRITTEN: Final = 2
FORM: Final = 3
"""The newest form that is read. A row is written in the oldest that holds it: one of a kind that a keepfit before 3 does not know is of form 3, so that
such a keepfit refuses it by that name, and goes on with every model that has none."""
_MILLISECOND = 1000


@record
class RowForm:
    """By which form a row's bytes are to be read."""

    schema: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """A row at its place in the chain, and the bytes that its hash is over."""

    row: JournalRow
    body: bytes


def linked(row: JournalRow, *, id: int, parent: str) -> Link:  # noqa: A002 - the record's word
    """Return the row at its place, its time as exact as databases keep it, with its bytes and their hash."""
    at = row.at.astimezone(UTC)
    placed = replace(row, at=at.replace(microsecond=at.microsecond // _MILLISECOND * _MILLISECOND), id=id, parent=parent, hash="")
    said = {"schema": FORM if row.kind in ASKED else OLDEST_WRITTEN, **{name: value for name, value in to_data(placed).items() if name != "hash"}}
    body = json.dumps(said, sort_keys=True, allow_nan=False, ensure_ascii=True, separators=(",", ":")).encode()
    return Link(row=replace(placed, hash=_sha256(body)), body=body)


def row_of(body: str | bytes, *, hash: str, where: str | None = None) -> JournalRow:  # noqa: A002 - the record's word
    """Read a row's bytes; fields that are not known here are passed over. Raises `NewerFormError` for a form that is not known."""
    form = from_json(RowForm, body, where=where).schema
    if form > FORM:
        raise NewerFormError("a row of the gate's journal", form=form, known=FORM, where=where)
    return replace(from_json(JournalRow, body, where=where), hash=hash)


def link_of_version_1(row: JournalRow) -> Link:
    """Return a row that was stored without its bytes with those that its hash was over."""
    before = from_data(JournalRowV1, vars(row) | {"hash": ""}, where=f"keepfit_journal, row {row.id}")
    return Link(row=row, body=canonical(before))


def broken(links: Iterable[Link], *, after: JournalRow | None = None) -> str | None:
    """Return where the chain does not hold, in one sentence; None if it does. `links` in their order, from the first or `after`."""
    parent, number = (after.hash, after.id) if after else (ORIGIN, 0)
    for link in links:
        row = link.row
        number += 1
        if row.id != number:
            return f"row {row.id} stands where row {number} should be"
        if row.parent != parent:
            return f"row {row.id} does not follow the row before it"
        if _sha256(link.body) != row.hash or replace(from_json(JournalRow, link.body), hash=row.hash) != row:
            return f"row {row.id} was changed after it was written"
        parent = row.hash
    return None


def _sha256(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()
