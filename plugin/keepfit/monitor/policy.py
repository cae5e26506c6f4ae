"""The update policy: a fold over windows, `step(policy, state, evidence …) -> (state, decision)`.

Live monitoring is the last step of the very fold that a backtest runs over history. The policy never sees data, only evidence.

| ground | when | action |
|---|---|---|
| schema, quality | evidence with an effect above 0 | inspect: never retrain on broken data |
| regret | lower bound of the previous champion's gain above 0 | rollback |
| harm | upper bound of (value - promised) below -harm_margin | improve |
| opportunity | lower bound of the scout's gain above min_gain, cooldown over | improve |
| age | training data older than max_age_days, cooldown over | improve |

Anything else is `continue`: drift is told and remembered, but drift alone is no ground to retrain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from keepfit.monitor.evidence import drifting
from keepfit.monitor.rootcause import ACTIONS, Alarm, root_first
from keepfit.params import MonitorParams, UpdateParams
from keepfit.records import Decision, Evidence, PolicyState, Window

TOLD = 5


@dataclass(frozen=True, kw_only=True)
class UpdatePolicy:
    """The thresholds, all in one place; margins and gains in the metric's own unit."""

    min_effect: float = 0.1
    alpha: float = 0.001
    min_rows: int = 100
    min_gain: float = 0.005
    harm_margin: float = 0.05
    max_age_days: int | None = 365
    cooldown_days: int = 45

    @classmethod
    def of(cls, update: UpdateParams, monitor: MonitorParams) -> UpdatePolicy:
        """Take the thresholds from params."""
        return cls(
            min_effect=monitor.min_effect,
            alpha=monitor.alpha,
            min_rows=monitor.min_rows,
            min_gain=update.min_gain,
            harm_margin=update.harm_margin,
            max_age_days=update.max_age_days,
            cooldown_days=update.cooldown_days,
        )


def step(
    policy: UpdatePolicy,
    state: PolicyState,
    *,
    evidence: Sequence[Evidence],
    window: Window,
    now: datetime,
    loud: Sequence[Evidence] | None = None,
) -> tuple[PolicyState, Decision]:
    """Fold one window's evidence in; `now` is when the window closed (or `--until`), never the machine's clock.

    `target` of an improve is the ISO time at which training data ends: the judged window's start, so that a candidate
    can be judged on the window; of a rollback the version that the regret evidence names as its subject. `loud` is the drift that
    the rule over evidence found (`monitor/alerts.py`); None: by the fixed rule, from `evidence`.
    """
    if loud is None:
        loud = drifting(evidence, alpha=policy.alpha, min_effect=policy.min_effect, min_rows=policy.min_rows)
    alarms = root_first(_alarms(policy, evidence))
    waits = _cooling(policy, state, now)
    acting = [alarm for alarm in alarms if not (waits and alarm.ground in ("opportunity", "age"))]
    decision = _decide(acting, window, reasons=_reasons(acting, alarms, loud=loud, waits=waits))
    counts = {one.subject: state.drifting.get(one.subject, 0) + 1 for one in loud}
    last = now if decision.action == "improve" else state.last_improve
    return replace(state, windows=state.windows + 1, last_improve=last, drifting=counts), decision


def _decide(acting: Sequence[Alarm], window: Window, *, reasons: tuple[str, ...]) -> Decision:
    if not acting:
        return Decision(window=window.id, action="continue", ground=None, cause=None, target=None, reasons=reasons)
    root = acting[0]
    action = ACTIONS[root.ground]
    ends = window.start.isoformat() if window.start else window.id
    target = {"improve": ends, "rollback": root.subject}.get(action)
    return Decision(window=window.id, action=action, ground=root.ground, cause=root.cause, target=target, reasons=reasons)


def _alarms(policy: UpdatePolicy, evidence: Sequence[Evidence]) -> list[Alarm]:
    found = (_alarm(policy, one) for one in evidence)
    return [alarm for alarm in found if alarm is not None]


def _alarm(policy: UpdatePolicy, one: Evidence) -> Alarm | None:
    """The alarm that a piece of evidence raises, if any; what has too few rows is undecided and raises none."""
    if one.effect is None:
        return None
    if one.kind == "schema" and one.effect > 0:
        return Alarm(ground="schema", subject=one.subject, sentence=f"{one.subject}: {one.detail or 'the table changed'}", size=one.effect)
    if one.kind == "quality" and one.effect > 0:
        return Alarm(ground="quality", subject=one.subject, sentence=f"the expectation {one.subject} failed ({one.detail})", size=one.effect)
    if one.kind == "age" and policy.max_age_days is not None and one.effect > policy.max_age_days:
        return Alarm(ground="age", subject="", sentence=f"the training data is {one.effect:.0f} days old, allowed are {policy.max_age_days}")
    return _of_performance(policy, one, one.effect) if one.n >= policy.min_rows else None


def _of_performance(policy: UpdatePolicy, one: Evidence, effect: float) -> Alarm | None:
    if one.kind == "regret" and one.low is not None and one.low > 0:
        said = f"the previous champion (version {one.subject}) is better by {effect:.4f} {one.detector}, at least {one.low:.4f}, on {one.n:,} rows"
        return Alarm(ground="regret", subject=one.subject, sentence=said, size=effect)
    if one.kind == "performance" and one.high is not None and one.high < -policy.harm_margin:
        said = f"{one.detector} of {one.subject} is {-effect:.4f} worse than promised, at least {-one.high:.4f}, allowed is {policy.harm_margin:g}"
        return Alarm(ground="harm", subject=one.subject, sentence=f"{said}, on {one.n:,} rows", size=-effect)
    if one.kind == "scout" and one.low is not None and one.low > policy.min_gain:
        said = f"a retraining would gain {effect:.4f} {one.detector}, at least {one.low:.4f}, worth a review is {policy.min_gain:g}, on {one.n:,} rows"
        return Alarm(ground="opportunity", subject="", sentence=said, size=effect)
    return None


def _cooling(policy: UpdatePolicy, state: PolicyState, now: datetime) -> datetime | None:
    """When the cooldown ends, None if it is over."""
    if state.last_improve is None:
        return None
    ends = state.last_improve + timedelta(days=policy.cooldown_days)
    return ends if now < ends else None


def _reasons(acting: Sequence[Alarm], alarms: Sequence[Alarm], *, loud: Sequence[Evidence], waits: datetime | None) -> tuple[str, ...]:
    said = [alarm.sentence for alarm in acting[:TOLD]]
    if len(acting) > TOLD:
        said.append(f"and {len(acting) - TOLD} more alarms")
    said += [f"{alarm.sentence}; not before {waits:%Y-%m-%d} (cooldown)" for alarm in alarms if alarm not in acting and waits]
    if loud:
        named = ", ".join(f"{one.subject} ({one.detector} {one.effect:.3f})" for one in loud[:TOLD])
        more = f" and {len(loud) - TOLD} more" if len(loud) > TOLD else ""
        said.append(f"drift in {named}{more}")
    return tuple(said) or ("no change worth acting on",)
