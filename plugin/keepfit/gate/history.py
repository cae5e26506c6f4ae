"""The journal's meaning: what its rows say about where the pointers stand.

A registry is explained by its journal if every protected pointer stands where the fold of the rows leaves it.

>>> from datetime import UTC
>>> row = JournalRow(at=datetime(2026, 1, 1, tzinfo=UTC), kind="promoted", model="m", version="3", target="alias champion", who="tess", via="server", text="")
>>> fold([row])["alias champion"].version
'3'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from keepfit.records import JournalKind, JournalRow

POINTED: tuple[JournalKind, ...] = ("promoted", "rolled back", "adopted")
REQUESTED: JournalKind = "requested"
REJECTED: JournalKind = "rejected"
REQUEST_WITHDRAWN: JournalKind = "request withdrawn"
ASKED: tuple[JournalKind, ...] = (REQUESTED, REJECTED, REQUEST_WITHDRAWN)
TOLD: tuple[JournalKind, ...] = (*POINTED, "refused", "retired", *ASKED)
ALIAS, STAGE = "alias ", "stage "
EVERY_MODEL = "*"  # whose rows the changes of rules are
DEFAULT_WORKSPACE = "default"
CODE = "KF-"  # the target of a refusal that is about no move, and on no page
AHEAD = "ahead"  # in a row's detail: the certificates of the future that lay there
UNDECIDED = "undecided"  # in a promoted row's detail: which undecided rows passed by the approval of the row's approvers
REQUESTED_BY = "requested by"  # in a promoted row's detail: whose open request the move grants
CREATED = "created"  # in a row's detail: when the version that was moved was registered, in ms since 1970
VERSIONS = "versions"  # in a retired row's detail: all versions that stood there, of which the row's own column holds a few
_SEPARATOR = ", "


def pointers(row: JournalRow) -> tuple[str, ...]:
    """Return the pointers that a row names."""
    return _split(row.target)


@lru_cache(maxsize=1024)
def _split(target: str) -> tuple[str, ...]:
    """Names are few and rows many: each protected move folds its model's whole history."""
    return tuple(target.split(_SEPARATOR)) if target else ()


def targets(names: Iterable[str]) -> str:
    """Return the `target` of a row that names several pointers."""
    return _SEPARATOR.join(names)


def fold(rows: Iterable[JournalRow]) -> dict[str, JournalRow]:
    """Return for each pointer of one model the row that put it where it stands; a retired one stands nowhere."""
    standing: dict[str, JournalRow] = {}
    for row in rows:
        standing = _after(standing, row)
    return standing


def _after(standing: dict[str, JournalRow], row: JournalRow) -> dict[str, JournalRow]:
    """Where the pointers stand after one more row."""
    named = pointers(row)
    if row.kind == "retired":
        return {pointer: stood for pointer, stood in standing.items() if pointer not in named}
    if row.kind not in POINTED:
        return standing
    if any(pointer.startswith(STAGE) for pointer in named):  # a version is in one stage: it has left its former one
        standing = {pointer: stood for pointer, stood in standing.items() if not (pointer.startswith(STAGE) and stood.version == row.version)}
    return standing | dict.fromkeys(named, row)


def told(rows: Iterable[JournalRow]) -> dict[str, tuple[str, JournalRow]]:
    """Return for each version of one model what its page must say: the last verdict on it, or that another took its place.

    In the order in which it was last told; each with the row that says so.
    """
    standing: dict[str, JournalRow] = {}
    found: dict[str, tuple[str, JournalRow]] = {}
    for row in rows:
        for version, left in _left(standing, row).items():
            found.pop(version, None)
            found[version] = (f"replaced: {targets(left)}", row)
        if row.kind in TOLD and not row.target.startswith(CODE):
            for version in row.detail.get(VERSIONS, row.version).split(_SEPARATOR):
                found.pop(version, None)
                found[version] = (f"{row.kind}: {row.target}", row)
        standing = _after(standing, row)
    return found


def _left(standing: Mapping[str, JournalRow], row: JournalRow) -> dict[str, list[str]]:
    """The pointers that a row takes from other versions, by version."""
    found: dict[str, list[str]] = {}
    for pointer in pointers(row) if row.kind in POINTED else ():
        stood = standing.get(pointer)
        if stood is not None and stood.version != row.version:
            found.setdefault(stood.version, []).append(pointer)
    return found


def replaced_by(rows: Iterable[JournalRow], *, version: str) -> str | None:
    """Return the version that this one replaced when it was promoted last, None if it replaced none; a rollback does not count."""
    promoted = [row.previous for row in rows if row.version == version and row.kind == "promoted" and row.previous != version]
    return promoted[-1] if promoted else None


def unexplained(
    standing: Mapping[str, Sequence[str]], rows: Iterable[JournalRow], *, created: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, str]]:
    """Yield each pointer that the journal does not explain or that is gone, with a sentence.

    `standing` names the versions that hold a pointer, the one that is served last: the gate leaves a stage to one alone.
    `created` is when each of them was registered: numbers come again after a deletion, a version that has the same time does not.
    Blind to files that were changed in place: `keepfit verify` and `keepfit audit --files` read them.
    """
    said = fold(rows)
    for pointer, versions in sorted(standing.items()):
        *others, version = versions
        row = said.get(pointer)
        if row is None:
            yield pointer, f"the {pointer} stands on v{version}, but no promotion put it there"
        elif row.version != version:
            yield pointer, f"the {pointer} stands on v{version}, but the journal left it on v{row.version}"
        elif _another(row, created.get(version)):
            yield pointer, f"the {pointer} stands on another v{version} than the journal left it on: that was deleted, and the number given again"
        elif others:
            yield pointer, f"the {pointer} is held by v{others[-1]} too, but the journal left it to v{version} alone"
    for pointer, row in sorted(said.items()):
        if pointer not in standing:
            yield pointer, f"the {pointer} stands nowhere, but the journal left it on v{row.version}"


def _another(row: JournalRow, created: str | None) -> bool:
    """Whether the version under the row's number is not the one that the row moved; rows of before that was noted do not tell."""
    return created is not None and row.detail.get(CREATED, created) != created


def with_changes(rows: Sequence[JournalRow], changes: Iterable[JournalRow]) -> list[JournalRow]:
    """Return a model's rows with the changes of rules among them that it was judged by, or that came after its first row, in their order."""
    if not rows:
        return []
    first, used = rows[0].id, {row.rules for row in rows}
    between = [row for row in changes if row.kind == "rules changed" and (row.id > first or row.rules in used)]
    return sorted([*rows, *between], key=lambda row: row.id)


def approvals(rows: Iterable[JournalRow], *, version: str) -> tuple[JournalRow, ...]:
    """Return the approvals of a version that stand, on whichever certificate.

    Who withdraws, or rejects the request for the version, ends the own ones; a withdrawal that names no `approver` ends everybody's: of a server without users.
    """
    standing: list[JournalRow] = []
    for row in rows:
        if row.version == version and row.kind == "approved":
            standing.append(row)
        elif row.version == version and row.kind == "withdrawn":
            whose = row.detail.get("approver")
            standing = [approval for approval in standing if whose is not None and approval.who != whose]
        elif row.version == version and row.kind == REJECTED:
            standing = [approval for approval in standing if approval.who != row.who]
    return tuple(standing)


def approvers(rows: Iterable[JournalRow], *, version: str, certificate: str | None) -> tuple[str, ...]:
    """Return who has approved a version on exactly this certificate and not withdrawn it, in their order."""
    found = (row.who for row in approvals(rows, version=version) if certificate is not None and row.certificate == certificate)
    return tuple(dict.fromkeys(found))


def waivers(rows: Iterable[JournalRow], *, version: str, certificate: str | None, now: datetime) -> dict[str, JournalRow]:
    """Return the waivers in force for a version on exactly this certificate, by rule; the latest of a rule counts."""
    return {
        row.detail["rule"]: row
        for row in rows
        if row.kind == "waived" and row.version == version and certificate is not None and row.certificate == certificate and _until(row) > now
    }


def waived(rows: Iterable[JournalRow], *, now: datetime) -> dict[tuple[str, str], frozenset[str]]:
    """Return of each model and version for which any waiver stands the rules that are set aside, on whichever certificate of it."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for row in rows:
        if row.kind == "waived" and row.version is not None and _until(row) > now:
            found[row.model, row.version] = found.get((row.model, row.version), frozenset()) | {row.detail["rule"]}
    return found


def ahead(rows: Iterable[JournalRow]) -> frozenset[str]:
    """Return the digests of the certificates that were issued in the future when a version was judged: none of them ever speaks."""
    return frozenset(one for row in rows for one in _split(row.detail.get(AHEAD, "")))


def nonces(rows: Iterable[JournalRow]) -> frozenset[str]:
    """Return the nonces of the requests that have been carried out."""
    return frozenset(row.detail["nonce"] for row in rows if "nonce" in row.detail)


def _until(row: JournalRow) -> datetime:
    return datetime.fromisoformat(row.detail["until"])
