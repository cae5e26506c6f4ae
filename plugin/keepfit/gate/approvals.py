"""Whose approvals count: of others than the one who asks, who are who `gate.yaml` says may approve, and have an account still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from shlex import quote

from keepfit.gate.movers import NO_USERS
from keepfit.gate.names import canonical, either
from keepfit.gate.rules import ANONYMOUS, ModelRules
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Reason

SHOWN = 5
ASKED, PASSED = "KF-G029", "KF-G032"
ADVISORY = "approvals are advisory: this server has no authentication, so nobody knows who asks or approves"


def same_person(one: str, other: str) -> bool:
    """Whether two accounts are counted as one: their names differ in case, or in letters that look alike.

    >>> same_person("Paul", "paul"), same_person("paul", "paula")
    (True, False)
    """
    return canonical(one) == canonical(other)


def counted(standing: Standing, held: ModelRules) -> tuple[str, ...]:
    """Return the approvers who count, one for each person, in their order.

    Where the server knows nobody (the requester is anonymous), everybody's counts as much as another's.
    """
    people: dict[str, str] = {}
    for who in standing.approvers:
        if _why_not(who, standing, held) is None:
            people.setdefault(canonical(who), who)
    return tuple(people.values())


def _why_not(who: str, standing: Standing, held: ModelRules) -> str | None:
    """Why an approver does not count, None if they do."""
    if standing.requester != ANONYMOUS and (who == ANONYMOUS or any(same_person(who, asker) for asker in standing.askers)):
        return "asks for the move" if who != ANONYMOUS else "is not known"
    if who in standing.gone:
        return "has no account any more"
    return None if held.may_approve(who) else "is none whom gate.yaml names"


def approval_reasons(evidence: VersionEvidence, standing: Standing, held: ModelRules) -> Iterator[Reason]:
    """Whether enough have approved; without authentication nobody can tell who they are, and that is said."""
    if not held.approvals:
        return
    by = counted(standing, held)
    missing = len(by) < held.approvals
    yield Reason(
        code="KF-G050" if missing else "KF-G000",
        rule="approvals",
        value=len(by),
        bound=held.approvals,
        text=_said(by, standing, held),
        fix=_fix(evidence, standing, held) if missing else "",
        blocking=missing,
    )
    if standing.requester == ANONYMOUS:
        yield Reason(code="KF-G051", rule="approvals", text=ADVISORY, blocking=False)


def by_approval(reasons: Iterable[Reason], evidence: VersionEvidence, standing: Standing, held: ModelRules) -> Iterator[Reason]:
    """Let an undecided row that may be approved pass where somebody has approved this certificate, else say who may.

    Those count who count for `approvals`; one is enough. What failed or could not be measured asks for no approval.
    """
    asked, by = False, counted(standing, held)
    for reason in reasons:
        asked = asked or reason.code == ASKED
        if reason.code != ASKED:
            yield reason
        elif by:
            yield replace(reason, code=PASSED, text=f"{reason.text}; passes by the approval of {', '.join(by)}", fix="", blocking=False)
        else:
            yield replace(reason, fix=f"{_fix(evidence, standing, held)}; {reason.fix}")
    if asked and standing.requester == ANONYMOUS and not held.approvals:
        yield Reason(code="KF-G051", rule="approvals", text=ADVISORY, blocking=False)


def _said(by: tuple[str, ...], standing: Standing, held: ModelRules) -> str:
    whose = "" if "*" in held.approvers else f" and among {named(held)}"
    text = f"{len(by)} of {held.approvals} approvals by others than {' and '.join(standing.askers)}{whose}" + (f": {', '.join(by)}" if by else "")
    left = [f"{who} {why}" for who in standing.approvers if (why := _why_not(who, standing, held)) is not None]
    return text + (f"; not counted: {', '.join(left[:SHOWN])}" if left else "")


def _fix(evidence: VersionEvidence, standing: Standing, held: ModelRules) -> str:
    if standing.requester == ANONYMOUS and "*" not in held.approvers:
        return NO_USERS
    if not held.approvers:
        return "gate.yaml names nobody who may approve: approvers"
    someone = "someone else" if "*" in held.approvers else named(held)
    pointer = next(iter((*held.aliases, *held.stages)), "champion")
    command = f"keepfit approve {quote(evidence.model)} {evidence.version}"
    return f"{someone} adds the tag approve = {pointer} on the version's page (if it is there: pencil, Save), or: {command}"


def when_registered(reason: Reason, held: ModelRules) -> Reason:
    """Return what is asked of a version that is not registered yet: nobody can have approved it, and no command names it."""
    if reason.code != ASKED:
        return reason
    who = "anybody else" if "*" in held.approvers else named(held)
    *_, labels = reason.fix.partition("; ")
    return replace(reason, fix=f"once it is registered and certified {who} may approve it; {labels}")


def named(held: ModelRules) -> str:
    """Return who may approve, in words."""
    return either(held.approvers)
