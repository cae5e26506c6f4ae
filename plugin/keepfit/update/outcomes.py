"""What the courses of a backtest came to: score, trainings, cost, what it was worth, and the regret against the best schedule in hindsight.

>>> mean([0.5, None, 0.7])
0.6
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keepfit.params import BacktestParams
from keepfit.update.backtest import Course, Grid, Trained, never
from keepfit.update.hindsight import best_totals

POINT = 0.01


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a policy came to. `cost` and `net` are in the prices' currency, None without prices.

    `net` is what the score above `never`'s is worth, less `cost`. `regret` is how far the policy lies below the best schedule in
    hindsight, never negative: in money if the metric has a price, else of the mean metric, with at most as many trainings.
    """

    score: float | None
    trainings: int
    scouts: int
    alerts: int
    cost: float | None
    net: float | None
    regret: float | None


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """The primary metric of each course's models, window by window after the first; what each course came to; the winner, None if nothing was measured."""

    values: Mapping[str, tuple[float | None, ...]]
    outcomes: dict[str, Outcome]
    winner: str | None


def judged(courses: Mapping[str, Course], grid: Grid, prices: BacktestParams, *, windows: int, greater_is_better: bool) -> Outcomes:
    """Judge every course on all windows after the first, by the numbers of the grid."""
    values = {name: _values(grid, course.served) for name, course in courses.items()}
    scale = _Scale(grid=grid, windows=windows, sign=1.0 if greater_is_better else -1.0)
    best = scale.in_hindsight(courses)
    still = scale.total(_values(grid, never(windows).served))
    outcomes = {name: scale.outcome(course, values[name], best=best, still=still, prices=prices) for name, course in courses.items()}
    measured = any(value is not None for row in values.values() for value in row)
    return Outcomes(values=values, outcomes=outcomes, winner=max(outcomes, key=lambda name: scale.merit(outcomes[name])) if measured else None)


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


def _values(grid: Grid, served: Sequence[Trained]) -> tuple[float | None, ...]:
    found = (grid.value(model, at) for at, model in enumerate(served, start=1))
    return tuple(None if one is None else one.value for one in found)


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """How scores add up: `sign` -1 where smaller is better, so that more is always better here."""

    grid: Grid
    windows: int
    sign: float

    def total(self, values: Sequence[float | None]) -> float:
        """The sum of what was measured."""
        return self.sign * sum(value for value in values if value is not None)

    def in_hindsight(self, courses: Mapping[str, Course]) -> list[float]:
        """The best total scores with at most 0, 1 … trainings, one for each window but the first and the last."""
        served = range(1, self.windows)
        recipes = dict.fromkeys(model.recipe for course in courses.values() for model in course.served)
        models = [Trained(recipe, until) for recipe in recipes for until in range(self.windows - 1)]
        scores = [[self.sign * self._known(model, window) if model.until < window else 0.0 for window in served] for model in models]
        most = max((len(course.trainings) for course in courses.values()), default=0)
        return [float(total) for total in best_totals(scores, [model.until for model in models], most=max(self.windows - 2, most))]

    def _known(self, model: Trained, window: int) -> float:
        found = self.grid.value(model, window)
        return 0.0 if found is None else found.value

    def outcome(self, course: Course, values: Sequence[float | None], *, best: Sequence[float], still: float, prices: BacktestParams) -> Outcome:
        """What one course came to; `still` is the total of the first model."""
        total, cost, trainings = self.total(values), cost_of(course, prices), len(course.trainings)
        measured = sum(value is not None for value in values)
        net = None
        regret = max(0.0, (best[trainings] - total) / measured) if measured else None
        if prices.value_per_point is not None:
            worth, paid = prices.value_per_point / POINT, prices.cost_per_training or 0.0
            net = worth * (total - still) - (cost or 0.0)
            regret = max(worth * (reached - still) - paid * many for many, reached in enumerate(best)) - net
        return Outcome(
            score=mean(values),
            trainings=trainings,
            scouts=len(course.scouts),
            alerts=len(course.alerts),
            cost=cost,
            net=net,
            regret=regret if measured else None,
        )

    def merit(self, outcome: Outcome) -> tuple[float, int, int]:
        """What the winner has most of: money if the metric has a price, else score; then the fewest trainings and alerts."""
        score = 0.0 if outcome.score is None else self.sign * outcome.score
        return (score if outcome.net is None else outcome.net, -outcome.trainings, -outcome.alerts)
