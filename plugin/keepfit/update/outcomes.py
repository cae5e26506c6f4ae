"""What the courses of a backtest came to: score, trainings, cost, what it was worth, and what schedules with as many trainings come to.

>>> mean([0.5, None, 0.7])
0.6
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keepfit.params import BacktestParams
from keepfit.update.backtest import ALL_HISTORY, Course, Grid, Trained
from keepfit.update.standards import Standard, Standards

POINT = 0.01
YEAR_DAYS = 365.25


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a policy came to. `cost` and `net` are in the prices' currency, None without prices.

    `trainings` are candidates, the refused ones too: each is a training and a review. `net` is what the score above `never`'s is worth, less `cost`.
    `regret` is how far the policy lies below the best in hindsight, never negative: in money if the metric has a price, else of the mean metric, with at
    most as many trainings. `standard` is what schedules with as many trainings come to, None if nothing was measured; `share` how much of what the best
    of them gains over never retraining the policy gained (above 1 where it surpasses them). There a training at the last close, which served nobody
    yet, is not counted.
    """

    score: float | None
    trainings: int
    a_year: float
    scouts: int
    alerts: int
    cost: float | None
    net: float | None
    regret: float | None
    refused: int = 0
    standard: Standard | None = None
    share: float | None = None


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """The primary metric of each course's models, window by window after the first; what each course came to; the winner, None if nothing was measured."""

    values: Mapping[str, tuple[float | None, ...]]
    outcomes: dict[str, Outcome]
    winner: str | None
    standards: Standards


def judged(courses: Mapping[str, Course], grid: Grid, prices: BacktestParams, *, days: float, greater_is_better: bool) -> Outcomes:
    """Judge every course on all windows after the first, which last so many `days` together, by the numbers of the grid."""
    sign = 1.0 if greater_is_better else -1.0
    values = {name: tuple(grid.score(model, at) for at, model in enumerate(course.served, start=1)) for name, course in courses.items()}
    scale = _Scale(standards=_standards(courses, grid, sign=sign), prices=prices, days=days)
    outcomes = {name: scale.outcome(course, values[name]) for name, course in courses.items()}
    measured = any(value is not None for row in values.values() for value in row)
    winner = max(outcomes, key=lambda name: scale.merit(outcomes[name])) if measured else None
    return Outcomes(values=values, outcomes=outcomes, winner=winner, standards=scale.standards)


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of what was measured, None if nothing was."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def cost_of(course: Course, prices: BacktestParams) -> float | None:
    """Return what a course took, None if nothing has a price."""
    items = (
        (prices.cost_per_training, len(course.trainings)),
        (prices.cost_per_scout, len(course.scouts)),
        (prices.cost_per_alert, len(course.alerts)),
    )
    known = [price * count for price, count in items if price is not None]
    return sum(known) if known else None


def _standards(courses: Mapping[str, Course], grid: Grid, *, sign: float) -> Standards:
    """The score of every model that could have served, of all history and of each recipe that a course used, on every window after it."""
    windows = max(len(course.served) for course in courses.values()) + 1
    recipes = dict.fromkeys([ALL_HISTORY, *(model.recipe for course in courses.values() for model in course.served)])
    models = [Trained(recipe, until) for recipe in recipes for until in range(windows - 1)]
    found = [[grid.score(model, window) if model.until < window else None for window in range(1, windows)] for model in models]
    most = max(windows - 2, *(len(course.trainings) for course in courses.values()))
    return Standards(
        scores=sign * np.array([[0.0 if one is None else one for one in row] for row in found]),
        ends=[model.until for model in models],
        measured=sum(one is not None for one in found[0]),
        sign=sign,
        most=most,
    )


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """How scores add up: more is always better here."""

    standards: Standards
    prices: BacktestParams
    days: float

    def outcome(self, course: Course, values: Sequence[float | None]) -> Outcome:
        """What one course came to."""
        total = self.standards.sign * sum(value for value in values if value is not None)
        trainings, cost, measured = len(course.trainings), cost_of(course, self.prices), self.standards.measured
        serving = sum(close < self.standards.windows - 1 for close in course.trainings)
        net, regret = None, max(0.0, (self.standards.total[trainings] - total) / measured) if measured else None
        if self.prices.value_per_point is not None:
            worth, paid = self.prices.value_per_point / POINT, self.prices.cost_per_training or 0.0
            net = worth * (total - self.standards.never) - (cost or 0.0)
            regret = max(worth * (reached - self.standards.never) - paid * many for many, reached in enumerate(self.standards.total)) - net
        return Outcome(
            score=mean(values),
            trainings=trainings,
            a_year=trainings / self.days * YEAR_DAYS,
            scouts=len(course.scouts),
            alerts=len(course.alerts),
            cost=cost,
            net=net,
            regret=regret if measured else None,
            refused=len(course.refused),
            standard=self.standards.of(serving),
            share=self.standards.share(serving, total),
        )

    def merit(self, outcome: Outcome) -> tuple[float, int, int]:
        """What the winner has most of: money if the metric has a price, else score; then the fewest trainings and alerts."""
        score = 0.0 if outcome.score is None else self.standards.sign * outcome.score
        return (score if outcome.net is None else outcome.net, -outcome.trainings, -outcome.alerts)
