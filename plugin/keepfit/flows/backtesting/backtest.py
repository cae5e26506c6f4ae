"""`keepfit backtest`: what policies would have given over the history of the live source, against the best in hindsight.

`never` keeps the first window's model and `calendar` retrains on all history at the close of every window, both unseen; `harm`,
`debt` and `all` fold the update policy of params.yaml with these grounds (`update/backtest.py`), on the evidence that `monitor`
would have had. All are judged on all labelled rows of each window after the first that were not set aside (`history.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project
from keepfit.params import ImproveGround, Params
from keepfit.rule_kinds.known import kind_of
from keepfit.update.backtest import Course, History, calendar, folded, never
from keepfit.update.outcomes import Outcome, judged
from keepfit.update.policy import UpdatePolicy

if TYPE_CHECKING:
    from keepfit.flows.backtesting.grid import Matrix

GROUNDS: dict[str, tuple[ImproveGround, ...]] = {"harm": ("harm",), "debt": ("debt",), "all": ("harm", "debt", "age")}
POLICIES = ("never", "calendar", *GROUNDS)
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
    found = _found(project.params, matrix, {name: course_of(matrix, name) for name in dict.fromkeys(policies)})
    cache.prune()
    return found


def course_of(matrix: Matrix, name: str) -> Course:
    """Return what one policy would have done over the history."""
    params = matrix.project.params
    matrix.say(f"policy {name}")
    if name in ("never", "calendar"):
        return (never if name == "never" else calendar)(len(matrix.past.windows))
    policy = replace(UpdatePolicy.of(params.update, params.monitor, window=params.data.window), grounds=GROUNDS[name])
    history = History(
        windows=matrix.past.windows,
        metric=params.evaluate.metric,
        greater_is_better=matrix.metric.greater_is_better,
        allowed=allowed_loss(params),
        limits=params.monitor,
        confidence=params.update.confidence,
    )
    return folded(policy, history, matrix, scout=params.update.scout_every is not None and "debt" in GROUNDS[name])


def allowed_loss(params: Params) -> float:
    """Return how far a candidate's lower bound may lie below the champion: what the overall non-inferiority rule says, else 0."""
    evaluate = params.evaluate
    rules = [rule for rule in evaluate.rules.values() if (rule.metric, rule.slice) == (evaluate.metric, "overall")]
    margins = (kind_of(rule.kind).margin(rule.bound, champion=None) for rule in rules)
    return min((margin for margin in margins if margin is not None), default=0.0)


def _found(params: Params, matrix: Matrix, courses: dict[str, Course]) -> Backtest:
    found = judged(courses, matrix, params.backtest, windows=len(matrix.past.windows), greater_is_better=matrix.metric.greater_is_better)
    rows = [
        BacktestWindow(window=window.id, rows=matrix.labelled(at), values={name: found.values[name][at - 1] for name in courses})
        for at, window in enumerate(matrix.past.windows)
        if at
    ]
    return Backtest(
        model=params.model.name,
        metric=params.evaluate.metric,
        policies=tuple(courses),
        windows=tuple(rows),
        outcomes=found.outcomes,
        winner=found.winner,
        priced=params.backtest.value_per_point is not None,
    )
