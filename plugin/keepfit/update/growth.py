"""Whether a ticket that stands explains more than was reported of it: graver, more that changed or broke, or performance that is surely worse still.

Each is reported once: a severity when it is reached, a column, slice or expectation when it changes or breaks for the first time, a loss when its whole
interval lies below the one that was reported last. So a cause that stands for thirty windows is one report and not thirty, and there is no threshold to choose.
Blind to slices that a search would find, as nothing is searched anew for a ticket that stands; errors that rise in a slice (`errors of carrier=UA`) are seen.

>>> worse = Evidence(kind="performance", subject="overall", detector="auc", statistic=0.6, effect=-0.08, low=-0.09, high=-0.06, n=900, n_reference=0)
>>> worse_still = replace(worse, effect=-0.14, low=-0.16, high=-0.1)
>>> is_worse_still(worse, reported=worse), is_worse_still(worse_still, reported=worse)
(False, True)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from keepfit.records import Evidence, Growth, RootCause, Severity, Ticket

ERRORS_OF = "errors of "
BROKEN = ("schema", "quality")
GRAVEST_FIRST: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, kw_only=True)
class SeenAgain:
    """A ticket's cause in a later window: all `evidence` of it, the drift that is called there (`loud`), and how bad it is by that window alone."""

    window: str
    evidence: Sequence[Evidence]
    loud: Sequence[Evidence]
    root: RootCause
    severity: Severity


def grown(ticket: Ticket, seen: SeenAgain, *, loud: Sequence[Evidence], full: bool = False) -> Ticket:
    """Return the ticket with what is new in a window that it stands for; the same ticket where nothing is.

    `loud` is the drift that the ticket's own evidence calls. `full`: it may have called more than the ticket has kept, so that only what changed since this
    window counts as new.
    """
    graver = ticket.severity is not None and GRAVEST_FIRST.index(seen.severity) < GRAVEST_FIRST.index(ticket.severity)
    subjects = [*_changed(ticket, seen, before=loud, full=full), *_broken(ticket, seen.evidence)]
    growth = Growth(
        window=seen.window,
        severity=seen.severity if graver else None,
        also=tuple(one for one in subjects if not one.startswith(ERRORS_OF)),
        slices=tuple(one.removeprefix(ERRORS_OF) for one in subjects if one.startswith(ERRORS_OF)),
        harm=seen.root.harm if is_worse_still(seen.root.harm, reported=reported_harm(ticket)) else None,
    )
    if growth == Growth(window=seen.window):
        return ticket
    return replace(ticket, severity=growth.severity or ticket.severity, grown=(*ticket.grown, growth))


def is_worse_still(harm: Evidence | None, *, reported: Evidence | None) -> bool:
    """Whether performance is surely worse than reported last: its whole interval lies below that one."""
    if harm is None or reported is None or harm.high is None or reported.low is None or harm.detector != reported.detector:
        return False
    return harm.high < reported.low


def reported_harm(ticket: Ticket) -> Evidence | None:
    """Return the performance that was reported last."""
    later = [one.harm for one in ticket.grown if one.harm is not None]
    return later[-1] if later else None if ticket.root is None else ticket.root.harm


def _changed(ticket: Ticket, seen: SeenAgain, *, before: Iterable[Evidence], full: bool) -> list[str]:
    """What drifts for the first time."""
    known = {one.subject for one in before} | _known(ticket)
    new = (one for one in seen.loud if one.subject not in known and (one.since == seen.window or (one.since == "" and not full)))
    return list(dict.fromkeys(one.subject for one in new))


def _broken(ticket: Ticket, evidence: Iterable[Evidence]) -> list[str]:
    """What broke for the first time."""
    known = {one.subject for one in ticket.evidence if one.kind in BROKEN and one.effect} | _known(ticket)
    return list(dict.fromkeys(one.subject for one in evidence if one.kind in BROKEN and one.effect and one.subject not in known))


def _known(ticket: Ticket) -> set[str]:
    later = {name for one in ticket.grown for name in (*one.also, *(f"{ERRORS_OF}{name}" for name in one.slices))}
    return later if ticket.root is None else later | {ticket.root.column}
