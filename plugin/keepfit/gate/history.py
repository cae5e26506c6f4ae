"""The journal's meaning: the chain that holds its rows together, and what they say about where the pointers stand.

A registry is explained by its journal if every protected pointer stands where the fold of the rows leaves it.

>>> from datetime import UTC, datetime
>>> row = JournalRow(at=datetime(2026, 1, 1, tzinfo=UTC), kind="promoted", model="m", version="3", target="alias champion", who="tess", via="server", text="")
>>> first = sealed(row, id=1, parent=ORIGIN)
>>> second = sealed(row, id=2, parent=first.hash)
>>> broken([first, second]), fold([first, second])["alias champion"].version
(None, '3')
>>> broken([second])
'row 2 stands where row 1 should be'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from keepfit.records import JournalKind, JournalRow, digest

ORIGIN = "sha256:" + "0" * 64
POINTED: tuple[JournalKind, ...] = ("promoted", "rolled back", "adopted")
STAGE = "stage "
_SEPARATOR = ", "
_MILLISECOND = 1000


def sealed(row: JournalRow, *, id: int, parent: str) -> JournalRow:  # noqa: A002 - the record's word
    """Return the row at its place in the chain: normalised as a database keeps it, with the hash over all of it."""
    at = row.at.astimezone(UTC)
    placed = replace(row, at=at.replace(microsecond=at.microsecond // _MILLISECOND * _MILLISECOND), id=id, parent=parent, hash="")
    return replace(placed, hash=digest(placed))


def broken(rows: Iterable[JournalRow], *, after: JournalRow | None = None) -> str | None:
    """Return where the chain does not hold, in one sentence; None if it does. `rows` in their order, from the first or `after`."""
    parent, number = (after.hash, after.id) if after else (ORIGIN, 0)
    for row in rows:
        number += 1
        if row.id != number:
            return f"row {row.id} stands where row {number} should be"
        if row.parent != parent:
            return f"row {row.id} does not follow the row before it"
        if digest(replace(row, hash="")) != row.hash:
            return f"row {row.id} was changed after it was written"
        parent = row.hash
    return None


def pointers(row: JournalRow) -> tuple[str, ...]:
    """Return the pointers that a row names."""
    return tuple(row.target.split(_SEPARATOR)) if row.target else ()


def targets(names: Iterable[str]) -> str:
    """Return the `target` of a row that names several pointers."""
    return _SEPARATOR.join(names)


def fold(rows: Iterable[JournalRow]) -> dict[str, JournalRow]:
    """Return for each pointer of one model the row that put it where it stands; a retired one stands nowhere."""
    standing: dict[str, JournalRow] = {}
    for row in rows:
        if row.kind in POINTED:
            named = pointers(row)
            if any(pointer.startswith(STAGE) for pointer in named):  # a version is in one stage: it has left its former one
                standing = {pointer: stood for pointer, stood in standing.items() if not (pointer.startswith(STAGE) and stood.version == row.version)}
            standing |= dict.fromkeys(named, row)
        elif row.kind == "retired":
            standing = {pointer: stood for pointer, stood in standing.items() if pointer not in pointers(row)}
    return standing


def unexplained(standing: Mapping[str, Sequence[str]], rows: Iterable[JournalRow]) -> Iterator[tuple[str, str]]:
    """Yield each pointer that the journal does not explain or that is gone, with a sentence.

    `standing` names the versions that hold a pointer, the one that is served last: the gate leaves a stage to one alone.
    """
    said = fold(rows)
    for pointer, versions in sorted(standing.items()):
        *others, version = versions
        row = said.get(pointer)
        if row is None:
            yield pointer, f"the {pointer} stands on v{version}, but no promotion put it there"
        elif row.version != version:
            yield pointer, f"the {pointer} stands on v{version}, but the journal left it on v{row.version}"
        elif others:
            yield pointer, f"the {pointer} is held by v{others[-1]} too, but the journal left it to v{version} alone"
    for pointer, row in sorted(said.items()):
        if pointer not in standing:
            yield pointer, f"the {pointer} stands nowhere, but the journal left it on v{row.version}"


def approvers(rows: Iterable[JournalRow], *, version: str, certificate: str | None) -> tuple[str, ...]:
    """Return who has approved a version on exactly this certificate and not withdrawn it, in their order."""
    found: dict[str, None] = {}
    for row in rows:
        if row.version != version:
            continue
        if row.kind == "withdrawn":
            found.clear()
        elif row.kind == "approved" and certificate is not None and row.certificate == certificate:
            found[row.who] = None
    return tuple(found)


def waivers(rows: Iterable[JournalRow], *, version: str, certificate: str | None, now: datetime) -> dict[str, JournalRow]:
    """Return the waivers in force for a version on exactly this certificate, by rule; the latest of a rule counts."""
    return {
        row.detail["rule"]: row
        for row in rows
        if row.kind == "waived" and row.version == version and certificate is not None and row.certificate == certificate and _until(row) > now
    }


def nonces(rows: Iterable[JournalRow]) -> frozenset[str]:
    """Return the nonces of the requests that have been carried out."""
    return frozenset(row.detail["nonce"] for row in rows if "nonce" in row.detail)


def _until(row: JournalRow) -> datetime:
    return datetime.fromisoformat(row.detail["until"])
