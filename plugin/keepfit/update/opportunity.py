"""The ground `opportunity`, in whose place staleness debt has come (`update/debt.py`): kept so that steps which were taken by it replay as they were.

A scout that was surely better by more than `min_gain` asked for a retraining, unless the last was asked for within `cooldown_days`; age waited as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from keepfit.records import Evidence, Ground
from keepfit.update.rootcause import Alarm

WAITING: tuple[Ground, ...] = ("opportunity", "age")


@dataclass(frozen=True, kw_only=True)
class OpportunityRule:
    """The thresholds of before: a gain in the metric, and days."""

    min_gain: float
    cooldown_days: int

    def alarm(self, scout: Evidence) -> Alarm | None:
        """Return the alarm of a scout that is surely better by more than the threshold."""
        if scout.effect is None or scout.low is None or scout.low <= self.min_gain:
            return None
        gains = f"a retraining would gain {scout.effect:.4f} {scout.detector}, at least {scout.low:.4f}"
        return Alarm(ground="opportunity", subject="", sentence=f"{gains}, worth a review is {self.min_gain:g}, on {scout.n:,} rows", size=scout.effect)

    def waits(self, last: datetime | None, now: datetime) -> str:
        """Return why nothing is asked for yet; empty once the cooldown is over.

        >>> OpportunityRule(min_gain=0.005, cooldown_days=45).waits(datetime(2013, 4, 1), datetime(2013, 5, 1))
        'not before 2013-05-16 (cooldown)'
        """
        ends = None if last is None else last + timedelta(days=self.cooldown_days)
        return f"not before {ends:%Y-%m-%d} (cooldown)" if ends is not None and now < ends else ""


def waiting(alarms: Sequence[Alarm], why: str) -> dict[str, str]:
    """Return the causes that wait, each with why."""
    return {alarm.cause: why for alarm in alarms if why and alarm.ground in WAITING}
