"""Whether a candidate cures the harm that asked for it: what was promised, what it brings, what is allowed to be missing.

A candidate is judged against a champion that has become bad; to be no worse than that is not yet to be as good as promised.
Blind to chance: the candidate's value is a point estimate on the rows that judged it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keepfit.records import Evidence, Scorecard, Ticket
from keepfit.slices.name import OVERALL


@dataclass(frozen=True, kw_only=True)
class Cure:
    """The metric of a ticket's harm on the candidate: what was `promised` of `subject`, the candidate's `value` (None: not measured) on `n` rows.

    `missing` is how much worse than promised the value is, negative where it is better; `allowed` how much may be missing.
    """

    subject: str
    metric: str
    promised: float
    value: float | None
    missing: float | None
    allowed: float
    n: int

    @property
    def holds(self) -> bool:
        """Whether the harm is gone; what was not measured is not known to be."""
        return self.missing is not None and self.missing <= self.allowed


def cure_of(ticket: Ticket, card: Scorecard, *, allowed: float, greater_is_better: bool) -> Cure | None:
    """Return what a candidate does to the harm that a ticket is about; None for a ticket of another ground, or without a promise.

    `greater_is_better` is said of the metric that measured the harm.
    """
    harm = _harm(ticket)
    if harm is None or harm.statistic is None or harm.effect is None:
        return None
    sign = 1.0 if greater_is_better else -1.0
    promised = harm.statistic - sign * harm.effect
    row = next((row for row in card.judged_rows if (row.slice, row.metric) == (harm.subject, harm.detector) and row.challenger is not None), None)
    value = None if row is None else row.challenger
    missing = None if value is None else sign * (promised - value)
    return Cure(
        subject=harm.subject, metric=harm.detector, promised=promised, value=value, missing=missing, allowed=allowed, n=card.n if row is None else row.n
    )


def harm_metric(ticket: Ticket) -> str | None:
    """Return the metric that measured the harm of a ticket, None if it is about another ground."""
    harm = _harm(ticket)
    return None if harm is None else harm.detector


def _harm(ticket: Ticket) -> Evidence | None:
    """The performance that was harmed: of the subject that the cause names, else of all rows."""
    if ticket.ground != "harm":
        return None
    found = list(_measured(ticket))
    subject = ticket.cause.removeprefix("harm:")
    named = [one for one in found if subject == one.subject or subject.startswith(f"{one.subject}/")]
    return max(named, key=lambda one: len(one.subject), default=next((one for one in found if one.subject == OVERALL), None))


def _measured(ticket: Ticket) -> Iterator[Evidence]:
    yield from (one for one in ticket.evidence if one.kind == "performance" and one.effect is not None and one.low is not None)
    if ticket.root is not None and ticket.root.harm is not None:
        yield ticket.root.harm
