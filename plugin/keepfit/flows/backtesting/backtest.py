"""`keepfit backtest`: what policies would have given over the history of the live source, against the best in hindsight.

`never` keeps the first window's model and `calendar` retrains on all history at the close of every window, both unseen; `harm`,
`opportunity` and `all` fold the update policy of params.yaml with these grounds (`monitor.backtest`), on the evidence that `monitor`
would have had. All are judged on all labelled rows of each window after the first that were not set aside (`backtest_history`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project
from keepfit.params import BacktestParams, ImproveGround, Params
from keepfit.rule_kinds.known import kind_of
from keepfit.update.backtest import Course, Grid, History, Outcome, Trained, calendar, folded, never
from keepfit.update.policy import UpdatePolicy

if TYPE_CHECKING:
    from keepfit.flows.backtesting.grid import Matrix

GROUNDS: dict[str, tuple[ImproveGround, ...]] = {"harm": ("harm",), "opportunity": ("opportunity",), "all": ("harm", "opportunity", "age")}
POLICIES = ("never", "calendar", *GROUNDS)
POINT = 0.01
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class BacktestWindow:
    """One window: its labelled rows, and the primary metric of each policy's model (None: undecidable)."""

    window: str
    rows: int
    values: dict[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """The primary metric by window and policy, in time order; what each policy came to; the winner, None if nothing was measured."""

    model: str
    metric: str
    policies: tuple[str, ...]
    windows: tuple[BacktestWindow, ...]
    outcomes: dict[str, Outcome]
    winner: str | None
    priced: bool


def backtest(
    project: Project, *, policies: Sequence[str] = POLICIES, until: datetime | None = None, afresh: bool = False, say: Say = lambda _: None
) -> Backtest:
    """Judge every policy over the live source's closed windows; `until` None closes the last window with its last row.

    What was trained and judged before is not done again, unless `afresh` forgets it first. Raises `UnknownNameError` for a policy that does not exist,
    `DataError` when there are not two windows.
    """
    from keepfit.flows.backtesting.cache import BacktestCache
    from keepfit.flows.backtesting.grid import Matrix
    from keepfit.flows.backtesting.history import past_of

    for name in policies:
        if name not in POLICIES:
            raise UnknownNameError("policy", name, known=POLICIES, where="--policies")
    cache = BacktestCache(project.state / "backtest")
    if afresh:
        cache.clear()
    matrix = Matrix(project, past_of(project, until, cache), cache, say)
    found = _judged(project.params, matrix, {name: course_of(matrix, name) for name in dict.fromkeys(policies)})
    cache.prune()
    return found


def course_of(matrix: Matrix, name: str) -> Course:
    """Return what one policy would have done over the history."""
    params = matrix.project.params
    matrix.say(f"policy {name}")
    if name in ("never", "calendar"):
        return (never if name == "never" else calendar)(len(matrix.past.windows))
    policy = replace(UpdatePolicy.of(params.update, params.monitor), grounds=GROUNDS[name])
    history = History(
        windows=matrix.past.windows, metric=params.evaluate.metric, greater_is_better=matrix.metric.greater_is_better, allowed=allowed_loss(params)
    )
    return folded(policy, history, matrix, scout=params.update.scout and "opportunity" in GROUNDS[name])


def allowed_loss(params: Params) -> float:
    """Return how far a candidate's lower bound may lie below the champion: what the overall non-inferiority rule says, else 0."""
    evaluate = params.evaluate
    rules = [rule for rule in evaluate.rules.values() if (rule.metric, rule.slice) == (evaluate.metric, "overall")]
    margins = (kind_of(rule.kind).margin(rule.bound, champion=None) for rule in rules)
    return min((margin for margin in margins if margin is not None), default=0.0)


# -- what they came to --------------------------------------------------------------------------------------------------


def _judged(params: Params, matrix: Matrix, courses: dict[str, Course]) -> Backtest:
    values = {name: _values(matrix, course.served) for name, course in courses.items()}
    rows = [
        BacktestWindow(window=window.id, rows=matrix.labelled(at), values={name: values[name][at - 1] for name in courses})
        for at, window in enumerate(matrix.past.windows)
        if at
    ]
    outcomes = _outcomes(params.backtest, matrix, courses, values)
    winner = max(outcomes, key=lambda name: _merit(outcomes[name], greater=matrix.metric.greater_is_better)) if _any_measured(values) else None
    return Backtest(
        model=params.model.name,
        metric=params.evaluate.metric,
        policies=tuple(courses),
        windows=tuple(rows),
        outcomes=outcomes,
        winner=winner,
        priced=params.backtest.value_per_point is not None,
    )


def _values(grid: Grid, served: Sequence[Trained]) -> list[float | None]:
    found = (grid.value(model, at) for at, model in enumerate(served, start=1))
    return [None if one is None else one.value for one in found]


def _any_measured(values: dict[str, list[float | None]]) -> bool:
    return any(value is not None for row in values.values() for value in row)


def _outcomes(prices: BacktestParams, matrix: Matrix, courses: dict[str, Course], values: dict[str, list[float | None]]) -> dict[str, Outcome]:
    from keepfit.report.backtest import mean

    sign = 1.0 if matrix.metric.greater_is_better else -1.0
    best = _in_hindsight(matrix, courses, sign)
    still = sign * _total(_values(matrix, never(len(matrix.past.windows)).served))
    measured = sum(value is not None for value in next(iter(values.values()), []))
    found = {}
    for name, course in courses.items():
        total, cost = sign * _total(values[name]), _cost(prices, course)
        worth = None if prices.value_per_point is None else prices.value_per_point / POINT
        net = None if worth is None else worth * (total - still) - (cost or 0.0)
        regret = _regret(best, total, spent=len(course.trainings), measured=measured)
        if worth is not None and net is not None:
            paid = prices.cost_per_training or 0.0
            regret = max(worth * (reached - still) - paid * trainings for trainings, reached in enumerate(best)) - net
        found[name] = Outcome(
            score=mean(values[name]),
            trainings=len(course.trainings),
            scouts=len(course.scouts),
            alerts=len(course.alerts),
            cost=cost,
            net=net,
            regret=regret if measured else None,
        )
    return found


def _total(values: Sequence[float | None]) -> float:
    return sum(value for value in values if value is not None)


def _regret(best: Sequence[float], total: float, *, spent: int, measured: int) -> float | None:
    return max(0.0, (best[spent] - total) / measured) if measured else None


def _in_hindsight(matrix: Matrix, courses: dict[str, Course], sign: float) -> list[float]:
    """The best total scores with at most 0, 1 … trainings, one for each window but the first and the last."""
    from keepfit.update.hindsight import best_totals

    served = range(1, len(matrix.past.windows))
    recipes = dict.fromkeys(model.recipe for course in courses.values() for model in course.served)
    models = [Trained(recipe, until) for recipe in recipes for until in range(len(matrix.past.windows) - 1)]
    scores = [[sign * _known(matrix, model, window) if model.until < window else 0.0 for window in served] for model in models]
    return [float(total) for total in best_totals(scores, [model.until for model in models], most=max(len(matrix.past.windows) - 2, _most(courses)))]


def _most(courses: dict[str, Course]) -> int:
    return max((len(course.trainings) for course in courses.values()), default=0)


def _known(grid: Grid, model: Trained, window: int) -> float:
    found = grid.value(model, window)
    return 0.0 if found is None else found.value


def _cost(prices: BacktestParams, course: Course) -> float | None:
    """What a course took, None if nothing has a price."""
    items = (
        (prices.cost_per_training, len(course.trainings)),
        (prices.cost_per_scout, len(course.scouts)),
        (prices.cost_per_alert, len(course.alerts)),
    )
    known = [price * count for price, count in items if price is not None]
    return sum(known) if known else None


def _merit(outcome: Outcome, *, greater: bool) -> tuple[float, int, int]:
    """What the winner has most of: money if the metric has a price, else score; then the fewest trainings and alerts."""
    score = 0.0 if outcome.score is None else (outcome.score if greater else -outcome.score)
    return (score if outcome.net is None else outcome.net, -outcome.trainings, -outcome.alerts)
