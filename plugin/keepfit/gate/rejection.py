"""What a request does to a move: an open one is shown beside the verdict, one that was rejected refuses, in the words of who rejected it.

A rejection is no rule that a waiver could set aside: a new request is all that it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from keepfit.gate.move import Move
from keepfit.gate.pending import REASON
from keepfit.gate.reasons import blocked
from keepfit.gate.times import utc
from keepfit.records import JournalRow, Reason

RULE = "request"


def request_reasons(move: Move) -> Iterator[Reason]:
    """Yield what was requested on this certificate: shown as long as it is open, refusing once it was rejected."""
    request = move.standing.request
    if request is None:
        return
    if request.rejected is None:
        yield Reason(code="KF-G057", rule=RULE, text=f"{_who(request.asked)} requested the move{_why(request.asked)}", blocking=False)
        return
    text = f"{_who(request.rejected)} rejected the request of {request.asked.who}{_why(request.rejected)}"
    again = f"keepfit request {quote(move.evidence.model)} {move.evidence.version} --reason …"
    yield blocked("KF-G056", RULE, text, f"certify a better candidate or newer evidence, or answer it in a new request: {again}")


def _who(row: JournalRow) -> str:
    return f"on {utc(row.at):%Y-%m-%d} {row.who}"


def _why(row: JournalRow) -> str:
    reason = row.detail.get(REASON)
    return f": {reason}" if reason else ""
