"""What `keepfit doctor` found, as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Status = Literal["ok", "warn", "fail", "unknown"]
GAP = "  "
NAMED = 5
GRAVITY: tuple[Status, ...] = ("fail", "warn", "unknown", "ok")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at: what was found, and what to do about it (empty where nothing is to do)."""

    name: str
    status: Status
    found: str
    fix: str = ""


@dataclass(frozen=True, kw_only=True)
class FleetCheck:
    """A check with the models that it was found of; none: it is of the machine."""

    check: Check
    models: tuple[str, ...] = ()

    @property
    def said(self) -> Check:
        """The check with its models in words, five of them at most.

        >>> FleetCheck(check=Check(name="key", status="ok", found="closed"), models=tuple("abcdefg")).said.found
        'closed: 7 models (a, b, c, d, e …)'
        """
        if not self.models:
            return self.check
        number = len(self.models)
        named = f"{', '.join(self.models[:NAMED])}{' …' if number > NAMED else ''}"
        return replace(self.check, found=f"{self.check.found}: {named if number == 1 else f'{number} models ({named})'}")


def folded(found: Iterable[tuple[str | None, Check]]) -> tuple[FleetCheck, ...]:
    """Return each check once, with all models that it was found of: what failed first, then by how many it concerns."""
    models: dict[Check, dict[str, None]] = {}
    for model, check in found:
        models.setdefault(check, {}).update({} if model is None else {model: None})
    checks = (FleetCheck(check=check, models=tuple(names)) for check, names in models.items())
    return tuple(sorted(checks, key=lambda one: (GRAVITY.index(one.check.status), -len(one.models))))


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
