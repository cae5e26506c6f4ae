"""The update policy: a fold over windows, `step(policy, state, evidence …) -> (state, decision)`.

Live monitoring is the last step of the very fold that a backtest runs over history. The policy never sees data, only evidence.

| ground | when | action |
|---|---|---|
| schema, quality | evidence with an effect above 0 | inspect: never retrain on broken data |
| regret | lower bound of the previous champion's gain above 0 | rollback |
| harm | upper bound of (value - promised) below -margin | improve; inspect where the scout is surely worse |
| debt | what retrained models would have gained since the champion's data reaches what a retraining is worth (`update/debt.py`) | improve |
| age | training data older than max_age_days, doubled for each renewal that was refused or gained nothing for sure | improve |
| harm | a loss that is sure, within the margin, while the scout is surely worse, and no other ground acts | inspect |
| drift | asked for by page_on_drift, or labels of a class that is not in the list, and no other ground | inspect |

What a person asks for in MLflow (ground `request`) passes the policy by: `flows/monitoring/requests.py`.

Anything else is `continue`: drift is told and remembered, but drift alone is no ground to retrain. A change that a rule knows since an earlier
window is still told, but no alarm again, unless an acknowledgement of it has run out.

The margin is `harm_margin`; None: as wide as the first model's own interval, half of it, taken from its first labelled window and kept for its
successors (promotions reset no yardstick). A loss that is sure is told even within the margin. A first model, whose certificate was taken in the
period of its training, is held to it once, in its first labelled window (subject `certificate`), where the margin is its own: a person should know.

Debt and age ask for nothing in a window whose scout is surely worse than the champion: the candidate would be refused. The price is the only brake on
debt: what was asked for costs one price, promoted or not, and is asked for again when as much is owed anew.

Hysteresis: a harm once raised stands until the loss is no longer shown to exceed `release` x margin, so that a value that
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
from datetime import datetime

from keepfit.monitor.evidence import drifting
from keepfit.monitor.measures import is_of_source
from keepfit.monitor.new_classes import asking
from keepfit.params import MonitorParams, UpdateParams
from keepfit.records import DebtMemory, Decision, Evidence, EvidenceMemory, Ground, PolicyState, PolicyStep, Window
from keepfit.update.debt import Debt, DebtRule, asked, debt_in_words, settled
from keepfit.update.opportunity import OpportunityRule, waiting
from keepfit.update.renewals import after_decision, after_promotion, age_alarm
from keepfit.update.rootcause import FIRST, INCURABLE, WITHIN, Alarm, root_first

TOLD = 5
OVERALL, CERTIFICATE = "overall", "certificate"
HELD = (OVERALL, CERTIFICATE)
"""What a champion is held to: its promise, and once, for a first model, the certificate of its training's own period."""
ALWAYS: tuple[Ground, ...] = ("schema", "quality", "regret")
OF_BEFORE = ("min_gain", "cooldown_days")


@dataclass(frozen=True, kw_only=True)
class UpdatePolicy:
    """The thresholds, all in one place; margins and gains in the metric's own unit, `price` in the metric x windows (`window`: their size).

    `min_gain` and `cooldown_days` are those of steps that were taken by the ground of before (`update/opportunity.py`).
    """

    min_effect: float = 0.1
    alpha: float = 0.001
    min_rows: int = 100
    price: float | None = None
    reviews_a_year: float = 4.0
    window: str = ""
    harm_margin: float | None = None
    max_age_days: int | None = 365
    release: float = 0.8
    grounds: tuple[str, ...] = ("harm", "debt", "age")
    page_on_drift: bool = False
    min_gain: float | None = None
    cooldown_days: int | None = None

    def margin(self, state: PolicyState, evidence: Sequence[Evidence] = ()) -> float:
        """How far performance may fall: as set, else as the first model's own interval says, of an earlier window or of this evidence."""
        if self.harm_margin is not None:
            return self.harm_margin
        return next((width for width in (state.margin, self.first_interval(evidence)) if width is not None), 0.0)

    def first_interval(self, evidence: Sequence[Evidence]) -> float | None:
        """Half the width of the champion's own interval, on the side of a loss; None where it was not measured on enough rows."""
        held = (one for one in evidence if one.kind == "performance" and one.subject in HELD and one.n >= self.min_rows)
        return next((one.effect - one.low for one in held if one.effect is not None and one.low is not None), None)

    @property
    def settings(self) -> Mapping[str, bool | int | float | str | tuple[str, ...] | None]:
        """The thresholds by name, as a step records them."""
        return {name: value for name, value in asdict(self).items() if value is not None or name not in OF_BEFORE}

    @property
    def debt(self) -> DebtRule:
        """What one retraining is worth."""
        return DebtRule(price=self.price, reviews_a_year=self.reviews_a_year, window=self.window)

    @property
    def of_before(self) -> OpportunityRule | None:
        """The ground of before, for steps that were taken by it."""
        if self.min_gain is None or self.cooldown_days is None:
            return None
        return OpportunityRule(min_gain=self.min_gain, cooldown_days=self.cooldown_days)

    def listens_to(self, ground: Ground) -> bool:
        """Whether the policy acts on a ground: broken data and regret always, the others if they are asked for."""
        return ground in ALWAYS or ground in self.grounds or (ground == "drift" and self.page_on_drift)

    @classmethod
    def of(cls, update: UpdateParams, monitor: MonitorParams, *, window: str = "") -> UpdatePolicy:
        """Take the thresholds from params; `window` is `data.window`, for which a price was named."""
        return cls(
            min_effect=monitor.min_effect,
            alpha=monitor.alpha,
            min_rows=monitor.min_rows,
            price=update.price,
            reviews_a_year=update.reviews_a_year,
            window=window,
            harm_margin=update.harm_margin,
            max_age_days=update.max_age_days,
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
    the rule over evidence found (`monitor/rules/rule.py`); None: by the fixed rule, from `evidence`.
    """
    if loud is None:
        loud = drifting(evidence, alpha=policy.alpha, min_effect=policy.min_effect, min_rows=policy.min_rows)
    counts = {one.subject: state.drifting.get(one.subject, 0) + 1 for one in loud}
    margin = policy.margin(state, evidence)
    memory, debt = _owed(policy, state, evidence, window)
    drift = [*_of_drift(policy, _news(state, loud, window, now), counts), *_of_new_classes(evidence)]
    alarms = root_first(_hurts_or_owed(policy, state, evidence, margin, debt) + drift)
    waits = _waiting(policy, state, evidence, alarms, now)
    acting = [alarm for alarm in alarms if alarm.cause not in waits]
    losses = _losses(policy, evidence, alarms, margin)
    if not [alarm for alarm in acting if alarm.ground != "drift"]:
        acting = [*_incurable(policy, evidence, losses), *acting]
    silent = _silent_until(state, acting, now)
    acts = [] if silent else acting
    told = [alarm.sentence for alarm in losses if alarm not in acting]
    reasons = (*_reasons(acts, alarms, waits=waits, silent=silent), *told, *_of_changes(alarms, loud, window))
    decision = _decide(acts, window, reasons=reasons or (_nothing(policy, debt, evidence, unscouted=memory.waiting > state.debt.waiting),))
    after = replace(
        after_decision(state, decision, _scout(evidence)),
        windows=state.windows + 1,
        last_improve=now if decision.action == "improve" else state.last_improve,
        drifting=counts,
        harmed=_harmed(state, alarms, evidence),
        margin=state.margin if state.margin is not None else policy.first_interval(evidence),
        debt=asked(memory, debt) if _asks_anew(state, acts) else memory,
    )
    return after, decision


def promoted(state: PolicyState, *, data_until: datetime | None, rolled_back: bool = False) -> PolicyState:
    """Return the state under another champion: another reference, another promise, and nothing owed; after a rollback from its window on.

    >>> before = PolicyState(last_improve=datetime(2013, 12, 31), harmed=("overall",))
    >>> promoted(before, data_until=datetime(2013, 4, 1)).last_improve
    datetime.datetime(2013, 4, 1, 0, 0)
    """
    debt = settled(state.debt, rolled_back=rolled_back)
    after = replace(state, drifting={}, harmed=(), memory=EvidenceMemory(), last_improve=data_until or state.last_improve, debt=debt)
    return after_promotion(after)


def replayed(taken: PolicyStep) -> Decision:
    """Take a recorded step again and return what it decides now; `TypeError` for thresholds that this policy does not have."""
    policy = UpdatePolicy(**taken.policy)  # type: ignore[arg-type]
    return step(policy, taken.state, evidence=taken.evidence, window=taken.window, now=taken.now, loud=taken.loud)[1]


def _decide(acting: Sequence[Alarm], window: Window, *, reasons: tuple[str, ...]) -> Decision:
    if not acting:
        return Decision(window=window.id, action="continue", ground=None, cause=None, target=None, reasons=reasons)
    root = acting[0]
    action = root.action
    ends = window.start.isoformat() if window.start else window.id
    target = {"improve": ends, "rollback": root.subject}.get(action)
    return Decision(window=window.id, action=action, ground=root.ground, cause=root.cause, target=target, reasons=reasons)


def _alarms(policy: UpdatePolicy, state: PolicyState, evidence: Sequence[Evidence], margin: float) -> list[Alarm]:
    hopeless = _says_no(evidence, policy)
    found = (_alarm(policy, state, one, margin) for one in evidence)
    kept = [alarm for alarm in found if alarm is not None and policy.listens_to(alarm.ground)]
    return [replace(alarm, incurable=_why_incurable(alarm, hopeless=hopeless)) for alarm in kept]


def _why_incurable(alarm: Alarm, *, hopeless: bool) -> str:
    """Why a person has to look at a harm; empty for a harm that a retraining may help, and for other grounds."""
    if alarm.ground != "harm":
        return ""
    return FIRST if alarm.subject == CERTIFICATE else INCURABLE if hopeless else ""


def _hurts_or_owed(policy: UpdatePolicy, state: PolicyState, evidence: Sequence[Evidence], margin: float, debt: Debt | None) -> list[Alarm]:
    """The alarms and the debt. A first model far below its own period's certificate asks for a person only where no retraining is worth its price."""
    alarms, owed = _alarms(policy, state, evidence, margin), _of_debt(policy, debt, evidence)
    answered = bool(owed) and not _says_no(evidence, policy)
    return [alarm for alarm in alarms if not (answered and alarm.subject == CERTIFICATE)] + owed


# -- debt ---------------------------------------------------------------------------------------------------------------


def _owed(policy: UpdatePolicy, state: PolicyState, evidence: Sequence[Evidence], window: Window) -> tuple[DebtMemory, Debt | None]:
    """What is owed; a step that was taken by the ground of before knows no debt."""
    if policy.of_before is not None:
        return state.debt, None
    return policy.debt.owed(state.debt, [one for one in evidence if one.n >= policy.min_rows], window)


def _of_debt(policy: UpdatePolicy, debt: Debt | None, evidence: Sequence[Evidence]) -> list[Alarm]:
    if debt is None or not debt.asks or not policy.listens_to("debt"):
        return []
    return [Alarm(ground="debt", subject="", sentence=_debt_sentence(policy, debt, evidence), size=debt.owed)]


def _debt_sentence(policy: UpdatePolicy, debt: Debt, evidence: Sequence[Evidence]) -> str:
    scout, version = _scout(evidence), next((one.subject for one in evidence if one.kind == "age"), "")
    champion = f"v{version.removeprefix('version ')}" if version.startswith("version ") else "the champion"
    return debt_in_words(debt, champion=champion, metric="" if scout is None else scout.detector, window=policy.window)


def _nothing(policy: UpdatePolicy, debt: Debt | None, evidence: Sequence[Evidence], *, unscouted: bool) -> str:
    """What is said where nothing asks for anything: how far the debt has come, or that it is not known."""
    said = "no change worth acting on"
    if not policy.listens_to("debt"):
        return said
    unknown = f"{said}; the debt is unknown: no scout was tried" if unscouted else said
    return unknown if debt is None else f"{said}; {_debt_sentence(policy, debt, evidence)}"


def _asks_anew(state: PolicyState, acts: Sequence[Alarm]) -> bool:
    """Whether a decision asks for another candidate: a harm that stands has asked before."""
    if not acts or acts[0].action != "improve":
        return False
    return any(alarm.ground in ("debt", "age") or (alarm.ground == "harm" and alarm.subject not in state.harmed) for alarm in acts)


def _scout(evidence: Sequence[Evidence]) -> Evidence | None:
    return next((one for one in evidence if one.kind == "scout"), None)


def _says_no(evidence: Sequence[Evidence], policy: UpdatePolicy) -> bool:
    """Whether the scout was measured and is surely worse than the champion."""
    return any(one.kind == "scout" and one.n >= policy.min_rows and one.high is not None and one.high < 0 for one in evidence)


def _losses(policy: UpdatePolicy, evidence: Sequence[Evidence], alarms: Sequence[Alarm], margin: float) -> list[Alarm]:
    """What is surely below its promise and raised no alarm: no ground by itself, but told."""
    raised = {alarm.subject for alarm in alarms if alarm.ground == "harm"}
    sure = [one for one in evidence if one.kind == "performance" and one.subject not in raised and one.n >= policy.min_rows and (one.high or 0.0) < 0]
    allowed = {CERTIFICATE: "later windows are held to this one"}
    said = {one.subject: _loss(one, allowed.get(one.subject, f"within the allowed {margin:.4g}")) for one in sure}
    return [Alarm(ground="harm", subject=one.subject, sentence=said[one.subject], size=-(one.effect or 0.0)) for one in sure]


def _incurable(policy: UpdatePolicy, evidence: Sequence[Evidence], losses: Sequence[Alarm]) -> list[Alarm]:
    """The losses that ask for a person although they are within the margin: a retraining would surely make it worse."""
    if not policy.listens_to("harm") or not _says_no(evidence, policy):
        return []
    said = "a retraining would surely be worse"
    return [replace(one, incurable=WITHIN, sentence=f"{one.sentence}; {said}") for one in losses if one.subject == OVERALL]


def _loss(one: Evidence, allowed: str) -> str:
    """The sentence of a loss that is sure."""
    than = "its certificate says, which was taken in the period of its training" if one.subject == CERTIFICATE else "promised"
    subject = OVERALL if one.subject == CERTIFICATE else one.subject
    return f"{one.detector} of {subject} is {-(one.effect or 0.0):.4f} worse than {than}, at least {-(one.high or 0.0):.4f}, {allowed}, on {one.n:,} rows"


def _alarm(policy: UpdatePolicy, state: PolicyState, one: Evidence, margin: float) -> Alarm | None:
    """The alarm that a piece of evidence raises, if any; what has too few rows is undecided and raises none."""
    if one.effect is None:
        return None
    if one.kind == "schema" and one.effect > 0:
        return Alarm(ground="schema", subject=one.subject, sentence=f"{one.subject}: {one.detail or 'the table changed'}", size=one.effect)
    if one.kind == "quality" and one.effect > 0:
        said = one.detail if is_of_source(one) else f"the expectation {one.subject} failed ({one.detail})"
        return Alarm(ground="quality", subject=one.subject, sentence=said, size=one.effect)
    if one.kind == "age":
        return age_alarm(one, policy.max_age_days, vain=state.vain)
    if one.kind == "performance":
        return _of_harm(policy, state, one, margin) if one.n >= policy.min_rows and one.high is not None else None
    return _of_rivals(policy, one, one.effect) if one.n >= policy.min_rows else None


def _of_rivals(policy: UpdatePolicy, one: Evidence, effect: float) -> Alarm | None:
    if one.kind == "regret" and one.low is not None and one.low > 0:
        said = f"the previous champion (version {one.subject}) is better by {effect:.4f} {one.detector}, at least {one.low:.4f}, on {one.n:,} rows"
        return Alarm(ground="regret", subject=one.subject, sentence=said, size=effect)
    if one.kind == "scout" and policy.of_before is not None:
        return policy.of_before.alarm(one)
    return None


def _of_harm(policy: UpdatePolicy, state: PolicyState, one: Evidence, allowed: float) -> Alarm | None:
    """A harm is raised above the margin and ends below its release. A first model is held to its own period's certificate by its own margin only."""
    if one.subject == CERTIFICATE and policy.harm_margin is not None:
        return None
    least, stands = -(one.high or 0.0), one.subject in state.harmed
    margin = allowed * (policy.release if stands else 1.0)
    if least <= margin:
        return None
    own = "" if policy.harm_margin is not None else " (half the first model's own interval)"
    said = f"allowed is {allowed:.4g}{own}" + (f" and the harm raised before ends at {margin:.4g}" if stands and least <= allowed else "")
    return Alarm(ground="harm", subject=one.subject, sentence=_loss(one, said), size=-(one.effect or 0.0))


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


def _of_new_classes(evidence: Sequence[Evidence]) -> list[Alarm]:
    """A person is asked about each class that is not in the list; whatever hurts or is owed comes first."""
    return [Alarm(ground="drift", subject=one.subject, sentence=f"{one.subject}: {one.detail}", size=one.effect or 0.0) for one in asking(evidence)]


def _harmed(state: PolicyState, alarms: Sequence[Alarm], evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The subjects whose harm stands after this window; what the window could not measure stands on."""
    raised = {alarm.subject for alarm in alarms if alarm.ground == "harm" and alarm.subject != CERTIFICATE}
    measured = {one.subject for one in evidence if one.kind == "performance" and one.high is not None}
    return tuple(sorted(raised | (set(state.harmed) - measured)))


def _silent_until(state: PolicyState, acting: Sequence[Alarm], now: datetime) -> datetime | None:
    """Until when the root cause is acknowledged, None if it is not; broken data is never silent."""
    if not acting or acting[0].ground in ("schema", "quality"):
        return None
    until = state.acknowledged.get(acting[0].cause)
    return until if until is not None and now < until else None


def _waiting(policy: UpdatePolicy, state: PolicyState, evidence: Sequence[Evidence], alarms: Sequence[Alarm], now: datetime) -> Mapping[str, str]:
    """The causes that ask for nothing in this window, each with why."""
    if policy.of_before is not None:
        return waiting(alarms, policy.of_before.waits(state.last_improve, now))
    hopeless = _says_no(evidence, policy)
    return {alarm.cause: "not now: a retraining would surely be worse" for alarm in alarms if hopeless and alarm.ground in ("debt", "age")}


def _reasons(acting: Sequence[Alarm], alarms: Sequence[Alarm], *, waits: Mapping[str, str], silent: datetime | None) -> list[str]:
    said = [alarm.sentence for alarm in acting[:TOLD]]
    if len(acting) > TOLD:
        said.append(f"and {len(acting) - TOLD} more alarms")
    return [*said, *(f"{alarm.sentence}; {_why_not(alarm, waits, silent)}" for alarm in [one for one in alarms if one not in acting][:TOLD])]


def _why_not(alarm: Alarm, waits: Mapping[str, str], silent: datetime | None) -> str:
    return waits.get(alarm.cause) or f"its cause is acknowledged until {silent:%Y-%m-%d}"


def _of_changes(alarms: Sequence[Alarm], loud: Sequence[Evidence], window: Window) -> list[str]:
    """What drifts since this window, unless an alarm says it, and what was told before and still does."""
    new, still = [one for one in loud if _is_new(one, window)], [one for one in loud if not _is_new(one, window)]
    said = [_drift_sentence(new)] if new and not any(alarm.ground == "drift" and alarm.subject in {one.subject for one in new} for alarm in alarms) else []
    named = ", ".join(f"{one.subject} ({one.effect or 0.0:.3f}, since {one.since})" for one in still[:TOLD])
    more = f" and {len(still) - TOLD} more" if len(still) > TOLD else ""
    return [*said, f"still changed: {named}{more}"] if still else said


def _drift_sentence(loud: Sequence[Evidence]) -> str:
    named = ", ".join(f"{one.subject} ({one.detector} {one.effect:.3f})" for one in loud[:TOLD])
    more = f" and {len(loud) - TOLD} more" if len(loud) > TOLD else ""
    return f"drift in {named}{more}"
