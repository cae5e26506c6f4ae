"""The update policy's fold over history: which model would have served each window, and what it would have taken.

The very step of live monitoring (`update/fold.py`), on what labels say of models that could have been trained then. The protocol of a window:
the champion serves it; at its close the candidate, trained up to the window before, is reviewed on the window by the rules of params.yaml; what
passes is promoted and serves from the next window on, as its refit, which has learned from the window too (`History.refit`; else as it was judged).
A person is taken to approve what the rules leave to approval, and to be done before the next window closes, which answers the ticket that asked for it.
On broken data people are taken to decide nothing but what they have decided: a blocked window is served, and looked at no further.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

from keepfit.params import MonitorParams
from keepfit.records import Decision, Evidence, EvidenceKind, PolicyState, Ticket, Window
from keepfit.update.bounded_value import BoundedValue
from keepfit.update.cause import CauseFinder
from keepfit.update.fold import Step, take
from keepfit.update.found import Found
from keepfit.update.policy import UpdatePolicy, promoted
from keepfit.update.rivals import same_model
from keepfit.update.schedules import serving
from keepfit.update.tickets import standing, ticket_for

ALL_HISTORY = "all"
NAMED = "recipes."
OVERALL = "overall"
BROKEN = ("schema", "quality")
Rows = Literal["every", "outside the holdout"]


@dataclass(frozen=True)
class Trained:
    """A model by its recipe and the last window it learned from.

    The recipe is `all` (all history, the holdout too), `params` (composed as params.yaml says) or a name that `named_recipe` gave.
    """

    recipe: str
    until: int


def named_recipe(name: str) -> str:
    """Return how a model is told that is composed by the recipe of a name, whichever params.yaml uses.

    >>> name_of(named_recipe("last3")), name_of("params")
    ('last3', None)
    """
    return f"{NAMED}{name}"


def name_of(recipe: str) -> str | None:
    """Return the name that `named_recipe` was given, None of `all` and `params`."""
    return recipe.removeprefix(NAMED) if recipe.startswith(NAMED) else None


class Grid(Protocol):
    """What is known of models on windows, by their numbers; None where it could not be measured."""

    def look(self, champion: Trained, window: int, *, drift: bool) -> Found | None:
        """Return what a window says of its champion before its labels do: evidence on schema and quality, and on drift if it is asked for.

        A blocked one is looked at no further; None for one that is left out (excluded, too few rows): it is no step at all.
        """

    def score(self, model: Trained, window: int) -> float | None:
        """Return the primary metric of a model on a window's labelled rows."""

    def value(self, model: Trained, window: int) -> BoundedValue | None:
        """Return it with its bounds."""

    def gain(self, champion: Trained, rival: Trained, windows: Sequence[int], *, rows: Rows) -> BoundedValue | None:
        """Return how much better the rival is on the labelled rows of the windows together (positive: better); as a candidate, outside the holdout."""

    def passes(self, champion: Trained, candidate: Trained, window: int) -> bool:
        """Whether a candidate passes the review on the window, what the rules leave to a person's approval approved."""

    def learned_rows(self, model: Trained) -> int:
        """How many rows a model learned from."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What every policy is folded over; the first window only trains.

    `limits` say what a ticket's cause is told by, `confidence` is that of the bounds of a gain.
    """

    windows: Sequence[Window]
    metric: str
    greater_is_better: bool
    recipe: str = "params"
    refit: bool = True
    limits: MonitorParams = field(default_factory=MonitorParams)
    confidence: float = 0.95


@dataclass(frozen=True, kw_only=True)
class Course:
    """What a policy did: the model that served each window after the first, and the windows at whose close something happened.

    `trainings` are candidates, of which those `refused` did not pass their review. `alerts` are the tickets that were opened, by window and ground;
    `decisions` those of every window that was a step.
    """

    served: tuple[Trained, ...]
    trainings: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    scouts: tuple[int, ...] = ()
    alerts: tuple[tuple[int, str], ...] = ()
    decisions: tuple[Decision, ...] = ()


def scheduled(windows: int, closes: Sequence[int]) -> Course:
    """A training on all history at the close of these windows, promoted unseen.

    >>> [model.until for model in scheduled(6, (2, 3)).served]
    [0, 0, 2, 3, 3]
    """
    return Course(served=tuple(Trained(ALL_HISTORY, until) for until in serving(windows, closes)), trainings=tuple(closes))


def never(windows: int) -> Course:
    """The first model for ever.

    >>> [model.until for model in never(4).served]
    [0, 0, 0]
    """
    return scheduled(windows, ())


def calendar(windows: int) -> Course:
    """A training on all history at the close of each window, promoted unseen; the last window's would serve nobody.

    >>> [model.until for model in calendar(4).served], calendar(4).trainings
    ([0, 1, 2], (1, 2))
    """
    return scheduled(windows, range(1, windows - 1))


def folded(policy: UpdatePolicy, history: History, grid: Grid, *, scout_every: int | None = 1) -> Course:
    """Fold the policy over the windows; a scout is tried once in so many labelled ones, None never: then the debt is not known.

    Drift decides nothing unless the policy pages on it: where it does not, it is looked at only to tell harms apart that one ticket stands for.
    """
    course = _course(policy, history, grid, scout_every=scout_every, drift=policy.page_on_drift)
    asked, told = (sum(ground == "harm" for ground in grounds) for grounds in ((one.ground for one in course.decisions), (its for _, its in course.alerts)))
    if policy.page_on_drift or asked == told:  # each harm has a ticket of its own
        return course
    return _course(policy, history, grid, scout_every=scout_every, drift=True)


def _course(policy: UpdatePolicy, history: History, grid: Grid, *, scout_every: int | None, drift: bool) -> Course:
    walk = _Fold(policy=policy, history=history, grid=grid, scout_every=scout_every, drift=drift, champion=Trained(history.recipe, 0))
    for window in range(1, len(history.windows)):
        walk.close(window)
    return Course(
        served=tuple(walk.served),
        trainings=tuple(walk.trainings),
        refused=tuple(walk.refused),
        scouts=tuple(walk.scouts),
        alerts=tuple(walk.alerts),
        decisions=tuple(walk.decisions),
    )


@dataclass(kw_only=True)
class _Fold:
    """The fold under way: who is champion, what it promised, the sound windows since, and the tickets that stand."""

    policy: UpdatePolicy
    history: History
    grid: Grid
    scout_every: int | None
    drift: bool
    champion: Trained
    promised: float | None = None
    before: tuple[Trained, float | None] | None = None
    state: PolicyState = field(default_factory=PolicyState)
    sound: list[int] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    served: list[Trained] = field(default_factory=list)
    trainings: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    scouts: list[int] = field(default_factory=list)
    alerts: list[tuple[int, str]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def close(self, number: int) -> None:
        """Serve a window, look at it, decide, and do what was decided."""
        self.served.append(self.champion)
        window, candidate = self.history.windows[number], Trained(self.history.recipe, number - 1)
        found = self.grid.look(self.champion, number, drift=self.drift)
        if window.end is None or found is None:
            return
        if found.judged.status == "seen":
            found = found.having(evidence=(*found.evidence, *self._evidence(number, candidate)))
        taken = take(self.policy, self.state, found, now=window.end)
        self.state = taken.state
        self.decisions.append(taken.decision)
        if taken.decision.ground is not None:
            self._answer(taken.decision, self._ticket(taken, number, now=window.end), number, candidate)

    def _evidence(self, number: int, candidate: Trained) -> list[Evidence]:
        self.sound.append(number)
        found = [self._performance(number), self._age(number)]
        if self.scout_every is not None and self.state.debt.waiting + 1 >= self.scout_every:
            found += self._scouted(number, candidate)
        if self.before is not None:
            gain = self.grid.gain(self.champion, self.before[0], self.sound, rows="every")
            over_all = None if gain is None else gain.at_look(len(self.sound), confidence=self.history.confidence)
            found.append(self._paired("regret", str(self.before[0].until), over_all))
        return found

    def _scouted(self, number: int, candidate: Trained) -> Iterator[Evidence]:
        """What a retraining would gain over the champion, and what the last window of data brought; a scout that is the champion is not trained."""
        rows, is_newer = self.grid.learned_rows(candidate), candidate.until > self.champion.until
        rival = candidate if is_newer else self.champion
        gain = self.grid.gain(self.champion, rival, [number], rows="outside the holdout")
        if is_newer:
            self.scouts.append(number)
            yield replace(self._paired("scout", OVERALL, gain), n_reference=rows)
        elif gain is not None:
            yield same_model(self.history.metric, n=gain.n, trained=rows, refit=self.history.refit)
        if candidate.until >= (self.scout_every or 1):
            older = Trained(candidate.recipe, candidate.until - (self.scout_every or 1))
            newer = self.grid.gain(older, candidate, [number], rows="outside the holdout")
            yield replace(self._paired("newer", OVERALL, newer), n_reference=rows)

    def _ticket(self, taken: Step, number: int, *, now: datetime) -> Ticket:
        """Return the ticket of the decision's cause: the one that stands, else a new one, which is an alert."""
        decision, evidence = taken.decision, taken.found.evidence
        root = CauseFinder(self.history.limits).root(decision, evidence)
        stands = standing(self.tickets, decision, now=now, root=root)
        if stands is not None:
            return stands
        window = self.history.windows[number]
        opened = ticket_for(decision, evidence, model="", champion=str(self.champion.until), window=window, opened=now, root=root)
        self.tickets.append(opened)
        self.alerts.append((number, opened.ground))
        return opened

    def _performance(self, number: int) -> Evidence:
        """The champion against its promise; a first model is held to its first labelled window."""
        seen, promised = self.grid.value(self.champion, number), self.promised
        if seen is not None and promised is None:
            self.promised = seen.value
        if seen is None or promised is None:
            return self._paired("performance", OVERALL, None)
        bounds = [seen.value - promised, seen.low - promised, seen.high - promised]
        effect, low, high = bounds if self.history.greater_is_better else (-bounds[0], -bounds[2], -bounds[1])
        return self._paired("performance", OVERALL, BoundedValue(value=effect, low=low, high=high, n=seen.n))

    def _age(self, number: int) -> Evidence:
        now, learned = self.history.windows[number].end, self.history.windows[self.champion.until].end
        days = None if now is None or learned is None else (now - learned).total_seconds() / 86400
        return Evidence(kind="age", subject="champion", detector="age", statistic=days, effect=days, n=0, n_reference=0)

    def _paired(self, kind: EvidenceKind, subject: str, found: BoundedValue | None) -> Evidence:
        if found is None:
            return Evidence(kind=kind, subject=subject, detector=self.history.metric, statistic=None, effect=None, n=0, n_reference=0)
        return Evidence(
            kind=kind,
            subject=subject,
            detector=self.history.metric,
            statistic=found.value,
            effect=found.value,
            low=found.low,
            high=found.high,
            n=found.n,
            n_reference=found.n,
        )

    def _answer(self, decision: Decision, ticket: Ticket, number: int, candidate: Trained) -> None:
        """Do what a decision asks for: a rollback, or a training and its review; what could not be done yet stands."""
        shipped = Trained(candidate.recipe, number) if self.history.refit else candidate
        if decision.action == "rollback" and self.before is not None:
            champion, promised = self.before
            self._serve(champion, promised, before=None)
        elif decision.action == "improve" and shipped.until > self.champion.until:
            self.tickets.remove(ticket)
            self.trainings.append(number)
            value = self.grid.value(candidate, number)
            if value is not None and self.grid.passes(self.champion, candidate, number):
                self._serve(shipped, value.value, before=(self.champion, self.promised))
            else:
                self.refused.append(number)

    def _serve(self, champion: Trained, promised: float | None, *, before: tuple[Trained, float | None] | None) -> None:
        """Another champion from the next window on: another reference, another promise, and what asked to replace the old one is answered."""
        self.champion, self.promised, self.before = champion, promised, before
        self.sound.clear()
        self.tickets = [ticket for ticket in self.tickets if ticket.ground in BROKEN]
        judged = champion.until + (0 if self.history.refit else 1) if champion.until else 0  # what judged it is its own, or lies after it
        self.state = promoted(self.state, data_until=self.history.windows[judged].end, rolled_back=before is None)
