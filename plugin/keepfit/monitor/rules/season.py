"""The same period last year as the reference (`monitor.reference: last_year`): what recurs every year is no change.

A window is held to the days of the same period one year before, widened evenly to four weeks where it is shorter: one earlier day says neither what is
normal nor how much days differ. The rule over evidence goes on from window to window although its reference changes: the bet on a window is
against a share that was known before it, so what a bettor is worth still has the mean that the theorem of `monitor/rules/shiryaev_roberts.py` needs.

Blind to what changed a year ago and stayed (it is told for one year, then it is normal), to a trend slower than that year's noise, and to a season that
does not keep its date: a feast that moves by more than two weeks is a change twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from keepfit.monitor.rules.rule import EvidenceRule, Weighed
from keepfit.records import Evidence, EvidenceKind, EvidenceMemory, Profile, Window

LEAST = timedelta(days=28)
FEWEST_PROFILES = 8


def period_last_year(window: Window) -> tuple[datetime, datetime] | None:
    """Return the half-open period that a window is held to; None for a window without times.

    >>> march = Window(id="2024-03", source="live", start=datetime(2024, 3, 1), end=datetime(2024, 4, 1))
    >>> [f"{time:%Y-%m-%d}" for time in period_last_year(march) or ()]
    ['2023-03-01', '2023-04-01']
    >>> leap_day = Window(id="2024-02-29", source="live", start=datetime(2024, 2, 29), end=datetime(2024, 3, 1))
    >>> [f"{time:%Y-%m-%d}" for time in period_last_year(leap_day) or ()]
    ['2023-02-14', '2023-03-15']
    """
    if window.start is None or window.end is None:
        return None
    start, end = _a_year_before(window.start), _a_year_before(window.end)
    pad = timedelta(days=ceil(max(LEAST - (end - start), timedelta(0)) / timedelta(days=2)))
    return start - pad, end + pad


def _a_year_before(time: datetime) -> datetime:
    leap = (time.month, time.day) == (2, 29)
    return time.replace(year=time.year - 1, day=28 if leap else time.day)


@dataclass(frozen=True)
class Waiting:
    """Stands in for a rule on a window that has nothing to be held to, and says `why`: nothing is called drift but what needs no reference (errors)."""

    rule: EvidenceRule
    kinds: dict[str, EvidenceKind]
    why: str

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Fold in a window's errors alone; what the rule remembers of columns stays as it is."""
        weighed = self.rule.step(memory, _errors(profile), (), steps=tuple(map(_errors, steps)))
        learned = weighed.memory
        kept = replace(memory, rule=learned.rule, reference=learned.reference, worth=learned.worth, incidents=learned.incidents)
        kept = replace(kept, labelled=learned.labelled, waiting=learned.waiting)
        errors = tuple(one for one in weighed.evidence if one.kind == "performance")
        loud = tuple(one for one in weighed.loud if one.kind == "performance")
        return Weighed(memory=kept, evidence=(*(self._silent(profile, name) for name in profile.columns), *errors), loud=loud)

    def _silent(self, profile: Profile, name: str) -> Evidence:
        column = profile.columns[name]
        return Evidence(
            kind=self.kinds.get(name, "data"),
            subject=name,
            detector=self.name,
            statistic=None,
            effect=None,
            n=column.n + column.missing,
            n_reference=0,
            detail=f"calibrating: {self.why}",
        )


def _errors(profile: Profile) -> Profile:
    return replace(profile, columns={}, shares={name: share for name, share in profile.shares.items() if share.group != "pairs"})
