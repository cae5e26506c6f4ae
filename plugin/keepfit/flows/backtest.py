"""`keepfit backtest`: what policies would have given over the history of the live source, against the best in hindsight.

`never` keeps the first window's model and `calendar` retrains on all history at the close of every window, both unseen; `harm`,
`opportunity` and `all` fold the update policy of params.yaml with these grounds (`monitor.backtest`). All are judged on all
labelled rows of each window after the first.

Left out of the fold: evidence on schema, quality and drift, with what follows from it in life — a window that expectations block is
served, judged and learned from here as if a person had accepted it (one that `expectations/windows.yaml` excludes trains no policy of ours),
drift pages nobody, and rows that row-level expectations would set aside stay in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.monitor.backtest import Course, Grid, History, Outcome, Trained, calendar, folded, never
from keepfit.monitor.policy import UpdatePolicy
from keepfit.params import BacktestParams, ImproveGround, Params
from keepfit.records import Window

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.flows.backtest_grid import Matrix

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
    from keepfit.flows.backtest_cache import BacktestCache
    from keepfit.flows.backtest_grid import Matrix

    for name in policies:
        if name not in POLICIES:
            raise UnknownNameError("policy", name, known=POLICIES, where="--policies")
    tables, windows = _history(project, until)
    cache = BacktestCache(project.state / "backtest")
    if afresh:
        cache.clear()
    matrix = Matrix(project, windows, tables, cache, say)
    found = _judged(project.params, matrix, {name: _course(project.params, matrix, name, say) for name in dict.fromkeys(policies)})
    cache.prune()
    return found


def _history(project: Project, until: datetime | None) -> tuple[list[pa.Table], tuple[Window, ...]]:
    """The rows of each closed window of the live source, from the one that holds the first row."""
    import pyarrow.compute as pc

    from keepfit.flows.sources import live_rows
    from keepfit.monitor.windows import rows_per_window, window_of, windows_covering

    data = project.params.data
    if rows_per_window(data.window) is not None:
        raise ParamsError("a backtest needs windows of time", where="params.yaml: data.window", fix="month, week or day")
    table = live_rows(project, start=None, end=until)
    if not table.num_rows:
        raise DataError("the live source has no rows", where="params.yaml: data.live", fix="a later --until, or another source")
    times = table[data.time]
    span = pc.min_max(times).as_py()
    end = until or window_of(data.window, span["max"]).end
    windows = () if end is None else windows_covering(data.window, span["min"], end)
    if len(windows) < 2:
        raise DataError(f"{len(windows)} closed windows, a backtest needs two", where="params.yaml: data.window", fix="smaller windows, or a later --until")
    return [table.filter(pc.and_(pc.greater_equal(times, window.start), pc.less(times, window.end))) for window in windows], windows


def _course(params: Params, matrix: Matrix, name: str, say: Say) -> Course:
    say(f"policy {name}")
    if name in ("never", "calendar"):
        return (never if name == "never" else calendar)(len(matrix.windows))
    policy = replace(UpdatePolicy.of(params.update, params.monitor), grounds=GROUNDS[name], page_on_drift=False)
    history = History(windows=matrix.windows, metric=params.evaluate.metric, greater_is_better=matrix.metric.greater_is_better, allowed=allowed_loss(params))
    return folded(policy, history, matrix, scout=params.update.scout and "opportunity" in GROUNDS[name])


def allowed_loss(params: Params) -> float:
    """Return how far a candidate's lower bound may lie below the champion: what the overall non-inferiority rule says, else 0."""
    evaluate = params.evaluate
    rules = [rule for rule in evaluate.rules.values() if (rule.kind, rule.metric, rule.slice) == ("not_worse_than", evaluate.metric, "overall")]
    return min((rule.bound for rule in rules), default=0.0)


# -- what they came to --------------------------------------------------------------------------------------------------


def _judged(params: Params, matrix: Matrix, courses: dict[str, Course]) -> Backtest:
    values = {name: _values(matrix, course.served) for name, course in courses.items()}
    rows = [
        BacktestWindow(window=window.id, rows=matrix.labelled(at), values={name: values[name][at - 1] for name in courses})
        for at, window in enumerate(matrix.windows)
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
    still = sign * _total(_values(matrix, never(len(matrix.windows)).served))
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
    from keepfit.monitor.oracle import best_totals

    served = range(1, len(matrix.windows))
    recipes = dict.fromkeys(model.recipe for course in courses.values() for model in course.served)
    models = [Trained(recipe, until) for recipe in recipes for until in range(len(matrix.windows) - 1)]
    scores = [[sign * _known(matrix, model, window) if model.until < window else 0.0 for window in served] for model in models]
    return [float(total) for total in best_totals(scores, [model.until for model in models], most=max(len(matrix.windows) - 2, _most(courses)))]


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
