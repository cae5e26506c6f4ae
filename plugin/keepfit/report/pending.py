"""Open requests as text: what is asked for, since when and why, what would come of it now, who may act on it."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from keepfit.gate.names import either
from keepfit.gate.times import utc
from keepfit.records import PendingRequest
from keepfit.report.tables import plain

MAX_REASONS = 5
NONE = "no request is open"


def pending_text(requests: Sequence[PendingRequest]) -> str:
    """Return the text of `keepfit gate requests`: a paragraph a request; one that newer evidence has left behind says so."""
    return "\n".join(line for request in requests for line in _lines(request)) or NONE


def _lines(request: PendingRequest) -> list[str]:
    why = f": {request.reason}" if request.reason else ""
    lines = [plain(f"{request.model} v{request.version} as {request.target}: requested by {request.who} on {utc(request.at):%Y-%m-%d %H:%M} UTC{why}")]
    if request.lapsed:
        again = f"keepfit request {quote(request.model)} {request.version} --reason …"
        return [*lines, f"  newer evidence lies there than it was made on: it counts no more → {again}"]
    lines.append(f"  approvals: {len(request.approvers)} of {request.approvals}{_by(request)}; {_movers(request)}")
    lines.append("  the gate would let it pass now" if request.promote else "  the gate would refuse it now:")
    lines += ["    " + plain(f"{one.code}  {one.rule}: {one.text}" + (f" → {one.fix}" if one.fix else "")) for one in request.reasons[:MAX_REASONS]]
    left = len(request.reasons) - MAX_REASONS
    return [*lines, f"    and {left} more: keepfit gate explain {quote(request.model)} {request.version}"] if left > 0 else lines


def _by(request: PendingRequest) -> str:
    return " " + plain(f"({', '.join(request.approvers)})") if request.approvers else ""


def _movers(request: PendingRequest) -> str:
    return "anybody may move it" if "*" in request.movers else plain(f"who may move it: {either(request.movers)}")
