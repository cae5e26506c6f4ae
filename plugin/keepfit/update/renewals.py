"""Renewals for age alone: what they brought says how long the next one waits.

Age asks when the champion's training data is older than `max_age_days`. A renewal that was refused, or that a scout had shown to gain nothing for
sure, doubles the wait; one that gained, or a promotion for another ground, ends that. Without a scout only refusals are known.
"""

from __future__ import annotations

from dataclasses import replace

from keepfit.records import Decision, Evidence, PolicyState
from keepfit.update.rootcause import Alarm


def age_alarm(age: Evidence, max_age_days: int | None, *, vain: int) -> Alarm | None:
    """Return the alarm of training data (`effect` in days) older than is allowed after so many renewals in vain; None for no limit.

    >>> old = Evidence(kind="age", subject="version 3", detector="age", statistic=400.0, effect=400.0, n=0, n_reference=0)
    >>> age_alarm(old, 365, vain=0).sentence, age_alarm(old, 365, vain=1)
    ('the training data is 400 days old, allowed are 365', None)
    """
    if max_age_days is None or age.effect is None or age.effect <= max_age_days << vain:
        return None
    doubled = "" if vain == 0 else f" ({max_age_days} doubled {_times(vain)}: so many renewals for age were refused or gained nothing for sure)"
    return Alarm(ground="age", subject="", sentence=f"the training data is {age.effect:.0f} days old, allowed are {max_age_days << vain}{doubled}")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def after_decision(state: PolicyState, decision: Decision, scout: Evidence | None) -> PolicyState:
    """Return the state after a decision: a candidate that is asked for its age alone is in vain until it is promoted, and then if it gained nothing."""
    if decision.action != "improve":
        return state
    if decision.ground != "age":
        return replace(state, renews=False)
    equal = scout is not None and scout.low is not None and scout.low <= 0
    return replace(state, vain=state.vain + 1, renews=equal)


def after_promotion(state: PolicyState) -> PolicyState:
    """Return the state once another champion serves."""
    return replace(state, vain=state.vain if state.renews else 0, renews=False)
