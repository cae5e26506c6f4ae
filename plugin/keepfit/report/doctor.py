"""What `keepfit doctor` found, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail", "unknown"]
GAP = "  "


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at: what was found, and what to do about it (empty where nothing is to do)."""

    name: str
    status: Status
    found: str
    fix: str = ""


def doctor_text(checks: Sequence[Check]) -> str:
    """Return one line a check, its fix on a line below, and a last line that counts.

    >>> print(doctor_text([Check(name="clock", status="ok", found="0 s apart"), Check(name="auth", status="warn", found="none", fix="add it")]), end="")
    ok       clock  0 s apart
    warn     auth   none
                    fix: add it
    2 checks: 1 ok, 1 warn
    """
    wide = max((len(check.name) for check in checks), default=0)
    lines: list[str] = []
    for check in checks:
        start = f"{check.status:<7}{GAP}{check.name:<{wide}}{GAP}"
        lines.append(start + check.found)
        if check.fix:
            lines.append(" " * len(start) + f"fix: {check.fix}")
    return "\n".join([*lines, _count(checks)]) + "\n"


def _count(checks: Sequence[Check]) -> str:
    statuses = [check.status for check in checks]
    counted = [f"{statuses.count(status)} {status}" for status in ("ok", "warn", "fail", "unknown") if status in statuses]
    return f"{len(checks)} checks: {', '.join(counted) or 'none'}"
