"""Pending requests: who may not move a pointer, or waits for approvals, asks for the move, and others answer. What the journal's rows say of them.

A request is for one version and bound to one certificate, as an approval is: newer evidence leaves it behind. It ends when the pointer moves there,
when who asked takes it back, or when one who may approve rejects it; a rejection holds for that certificate until somebody asks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from keepfit.gate.history import POINTED, REJECTED, REQUEST_WITHDRAWN, REQUESTED, pointers
from keepfit.records import JournalRow

REASON = "reason"  # in a row's detail: why it is asked for, or rejected


@dataclass(frozen=True, kw_only=True)
class MoveRequest:
    """A request that was neither taken back nor granted: the row that asks, and the row that rejects it, if there is one."""

    asked: JournalRow
    rejected: JournalRow | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return self.rejected is None


def pending(rows: Iterable[JournalRow], *, version: str, certificate: str | None) -> MoveRequest | None:
    """Return the last request for a version on exactly this certificate, open or rejected; None if it was never made, granted, or taken back.

    Only an open one ends by a move or by being taken back: a former champion that comes back has not had its rejection answered.
    """
    found: MoveRequest | None = None
    for row in rows:
        if row.version != version or certificate is None:
            continue
        if row.kind == REQUESTED and row.certificate == certificate:
            found = MoveRequest(asked=row)
        elif found is not None and found.is_open:
            found = _after(found, row)
    return found


def _after(request: MoveRequest, row: JournalRow) -> MoveRequest | None:
    """What one more row of the version leaves of an open request."""
    if row.kind in POINTED:
        return None if set(pointers(row)) & set(pointers(request.asked)) else request
    if row.certificate != request.asked.certificate:
        return request
    if row.kind == REJECTED:
        return replace(request, rejected=row)
    return None if row.kind == REQUEST_WITHDRAWN else request


def open_requests(rows: Sequence[JournalRow]) -> tuple[MoveRequest, ...]:
    """Return the open requests of a model, oldest first: of each version the one that was made last."""
    last = {row.version: row for row in rows if row.kind == REQUESTED}
    found = (pending(rows, version=version, certificate=row.certificate) for version, row in last.items())
    return tuple(sorted((one for one in found if one is not None and one.is_open), key=lambda one: one.asked.id))


def open_request(rows: Sequence[JournalRow], *, version: str) -> MoveRequest | None:
    """Return the open request for a version, on whichever certificate; None if there is none."""
    return next((one for one in open_requests(rows) if one.asked.version == version), None)
