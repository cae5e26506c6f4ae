"""The update policy: a fold over windows, `step(policy, state, evidence …) -> (state, decision)`.

Live monitoring is the last step of the very fold that a backtest runs over history. The policy never sees data, only evidence.

| ground | when | action |
|---|---|---|
| schema, quality | evidence with an effect above 0 | inspect: never retrain on broken data |
| regret | lower bound of the previous champion's gain above 0 | rollback |
| harm | upper bound of (value - promised) below -harm_margin | improve |
| opportunity | lower bound of the scout's gain above min_gain, cooldown over | improve |
| age | training data older than max_age_days, cooldown over | improve |

| drift | asked for by page_on_drift, and no other ground | inspect |

Anything else is `continue`: drift is told and remembered, but drift alone is no ground to retrain. A change that a rule knows since an earlier
window is still told, but no alarm again, unless an acknowledgement of it has run out.

Hysteresis: a harm once raised stands until the loss is no longer shown to exceed `release` x harm_margin, so that a value that
wavers about the margin is one incident. Acknowledgement: a root cause that people acknowledged is silent, with all that it
explains, for windows that close before its expiry; broken data still asks to inspect (nothing may train on it).

>>> worse = Evidence(kind="performance", subject="overall", detector="auc", statistic=0.6, effect=-0.08, low=-0.09, high=-0.06, n=900, n_reference=0)
>>> march = Window(id="2013-03", source="live", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))
>>> state, decision = step(UpdatePolicy(), PolicyState(), evidence=[worse], window=march, now=datetime(2013, 4, 1))
>>> decision.action, decision.cause, state.harmed
('improve', 'harm:overall', ('overall',))
>>> told = replace(state, acknowledged={"harm:overall": datetime(2013, 6, 1)})
>>> step(UpdatePolicy(), told, evidence=[worse], window=march, now=datetime(2013, 4, 1))[1].action
'continue'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from keepfit.monitor.evidence import drifting
from keepfit.monitor.rootcause import ACTIONS, Alarm, root_first
from keepfit.params import MonitorParams, UpdateParams
from keepfit.records import Decision, Evidence, Ground, PolicyState, PolicyStep, Window

TOLD = 5
SILENCE = "silence"
"""The detector of rows that did not come (monitor/silence.py, which counts with numpy)."""
ALWAYS: tuple[Ground, ...] = ("schema", "quality", "regret")


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
    release: float = 0.8
    grounds: tuple[str, ...] = ("harm", "opportunity", "age")
    page_on_drift: bool = False

    @property
    def settings(self) -> Mapping[str, bool | int | float | tuple[str, ...] | None]:
        """The thresholds by name, as a step records them."""
        return asdict(self)

    def listens_to(self, ground: Ground) -> bool:
        """Whether the policy acts on a ground: broken data and regret always, the others if they are asked for."""
        return ground in ALWAYS or ground in self.grounds or (ground == "drift" and self.page_on_drift)

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
            release=update.release,
            grounds=tuple(update.grounds),
            page_on_drift=monitor.page_on_drift,
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
    counts = {one.subject: state.drifting.get(one.subject, 0) + 1 for one in loud}
    alarms = root_first(_alarms(policy, state, evidence) + _of_drift(policy, _news(state, loud, window, now), counts))
    waits = _cooling(policy, state, now)
    acting = [alarm for alarm in alarms if not (waits and alarm.ground in ("opportunity", "age"))]
    silent = _silent_until(state, acting, now)
    acts = [] if silent else acting
    reasons = (*_reasons(acts, alarms, waits=waits, silent=silent), *_of_changes(alarms, loud, window))
    decision = _decide(acts, window, reasons=reasons or ("no change worth acting on",))
    last = now if decision.action == "improve" else state.last_improve
    after = replace(state, windows=state.windows + 1, last_improve=last, drifting=counts, harmed=_harmed(state, alarms, evidence))
    return after, decision


def replayed(taken: PolicyStep) -> Decision:
    """Take a recorded step again and return what it decides now; `TypeError` for thresholds that this policy does not have."""
    policy = UpdatePolicy(**taken.policy)  # type: ignore[arg-type]
    return step(policy, taken.state, evidence=taken.evidence, window=taken.window, now=taken.now, loud=taken.loud)[1]


def _decide(acting: Sequence[Alarm], window: Window, *, reasons: tuple[str, ...]) -> Decision:
    if not acting:
        return Decision(window=window.id, action="continue", ground=None, cause=None, target=None, reasons=reasons)
    root = acting[0]
    action = ACTIONS[root.ground]
    ends = window.start.isoformat() if window.start else window.id
    target = {"improve": ends, "rollback": root.subject}.get(action)
    return Decision(window=window.id, action=action, ground=root.ground, cause=root.cause, target=target, reasons=reasons)


def _alarms(policy: UpdatePolicy, state: PolicyState, evidence: Sequence[Evidence]) -> list[Alarm]:
    found = (_alarm(policy, state, one) for one in evidence)
    return [alarm for alarm in found if alarm is not None and policy.listens_to(alarm.ground)]


def _alarm(policy: UpdatePolicy, state: PolicyState, one: Evidence) -> Alarm | None:
    """The alarm that a piece of evidence raises, if any; what has too few rows is undecided and raises none."""
    if one.effect is None:
        return None
    if one.kind == "schema" and one.effect > 0:
        return Alarm(ground="schema", subject=one.subject, sentence=f"{one.subject}: {one.detail or 'the table changed'}", size=one.effect)
    if one.kind == "quality" and one.effect > 0:
        said = one.detail if one.detector == SILENCE else f"the expectation {one.subject} failed ({one.detail})"
        return Alarm(ground="quality", subject=one.subject, sentence=said, size=one.effect)
    if one.kind == "age" and policy.max_age_days is not None and one.effect > policy.max_age_days:
        return Alarm(ground="age", subject="", sentence=f"the training data is {one.effect:.0f} days old, allowed are {policy.max_age_days}")
    return _of_performance(policy, state, one, one.effect) if one.n >= policy.min_rows else None


def _of_performance(policy: UpdatePolicy, state: PolicyState, one: Evidence, effect: float) -> Alarm | None:
    if one.kind == "regret" and one.low is not None and one.low > 0:
        said = f"the previous champion (version {one.subject}) is better by {effect:.4f} {one.detector}, at least {one.low:.4f}, on {one.n:,} rows"
        return Alarm(ground="regret", subject=one.subject, sentence=said, size=effect)
    if one.kind == "performance" and one.high is not None:
        return _of_harm(policy, one, effect, least=-one.high, stands=one.subject in state.harmed)
    if one.kind == "scout" and one.low is not None and one.low > policy.min_gain:
        said = f"a retraining would gain {effect:.4f} {one.detector}, at least {one.low:.4f}, worth a review is {policy.min_gain:g}, on {one.n:,} rows"
        return Alarm(ground="opportunity", subject="", sentence=said, size=effect)
    return None


def _of_harm(policy: UpdatePolicy, one: Evidence, effect: float, *, least: float, stands: bool) -> Alarm | None:
    """A harm is raised above the margin and ends below its release: `least` is the loss that is sure."""
    margin = policy.harm_margin * (policy.release if stands else 1.0)
    if least <= margin:
        return None
    allowed = f"allowed is {policy.harm_margin:g}" + (f" and the harm raised before ends at {margin:g}" if stands and least <= policy.harm_margin else "")
    said = f"{one.detector} of {one.subject} is {-effect:.4f} worse than promised, at least {least:.4f}, {allowed}"
    return Alarm(ground="harm", subject=one.subject, sentence=f"{said}, on {one.n:,} rows", size=-effect)


def _is_new(one: Evidence, window: Window) -> bool:
    return one.since in ("", window.id)


def _news(state: PolicyState, loud: Sequence[Evidence], window: Window, now: datetime) -> list[Evidence]:
    """The drift that nobody was told of, or whose acknowledgement has run out."""
    run_out = {cause for cause, until in state.acknowledged.items() if until <= now}
    return [one for one in loud if _is_new(one, window) or f"drift:{one.subject}" in run_out]


def _of_drift(policy: UpdatePolicy, loud: Sequence[Evidence], counts: Mapping[str, int]) -> list[Alarm]:
    """With page_on_drift one alarm, about the column that drifts for most windows: a name that does not change with every window."""
    if not loud or not policy.page_on_drift:
        return []
    root = max(loud, key=lambda one: (counts[one.subject], one.effect or 0.0, one.subject))
    return [Alarm(ground="drift", subject=root.subject, sentence=_drift_sentence(loud), size=root.effect or 0.0)]


def _harmed(state: PolicyState, alarms: Sequence[Alarm], evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The subjects whose harm stands after this window; what the window could not measure stands on."""
    raised = {alarm.subject for alarm in alarms if alarm.ground == "harm"}
    measured = {one.subject for one in evidence if one.kind == "performance" and one.high is not None}
    return tuple(sorted(raised | (set(state.harmed) - measured)))


def _silent_until(state: PolicyState, acting: Sequence[Alarm], now: datetime) -> datetime | None:
    """Until when the root cause is acknowledged, None if it is not; broken data is never silent."""
    if not acting or acting[0].ground in ("schema", "quality"):
        return None
    until = state.acknowledged.get(acting[0].cause)
    return until if until is not None and now < until else None


def _cooling(policy: UpdatePolicy, state: PolicyState, now: datetime) -> datetime | None:
    """When the cooldown ends, None if it is over."""
    if state.last_improve is None:
        return None
    ends = state.last_improve + timedelta(days=policy.cooldown_days)
    return ends if now < ends else None


def _reasons(acting: Sequence[Alarm], alarms: Sequence[Alarm], *, waits: datetime | None, silent: datetime | None) -> list[str]:
    said = [alarm.sentence for alarm in acting[:TOLD]]
    if len(acting) > TOLD:
        said.append(f"and {len(acting) - TOLD} more alarms")
    return [*said, *(f"{alarm.sentence}; {_why_not(alarm, waits, silent)}" for alarm in [one for one in alarms if one not in acting][:TOLD])]


def _why_not(alarm: Alarm, waits: datetime | None, silent: datetime | None) -> str:
    if waits and alarm.ground in ("opportunity", "age"):
        return f"not before {waits:%Y-%m-%d} (cooldown)"
    return f"its cause is acknowledged until {silent:%Y-%m-%d}"


def _of_changes(alarms: Sequence[Alarm], loud: Sequence[Evidence], window: Window) -> list[str]:
    """What drifts since this window, unless an alarm says it, and what was told before and still does."""
    new, still = [one for one in loud if _is_new(one, window)], [one for one in loud if not _is_new(one, window)]
    said = [_drift_sentence(new)] if new and not any(alarm.ground == "drift" for alarm in alarms) else []
    named = ", ".join(f"{one.subject} ({one.effect or 0.0:.3f}, since {one.since})" for one in still[:TOLD])
    more = f" and {len(still) - TOLD} more" if len(still) > TOLD else ""
    return [*said, f"still changed: {named}{more}"] if still else said


def _drift_sentence(loud: Sequence[Evidence]) -> str:
    named = ", ".join(f"{one.subject} ({one.detector} {one.effect:.3f})" for one in loud[:TOLD])
    more = f" and {len(loud) - TOLD} more" if len(loud) > TOLD else ""
    return f"drift in {named}{more}"
