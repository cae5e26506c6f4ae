"""`keepfit backtest`: what policies would have given over the history of the live source, against schedules with as many trainings.

Schedules and baselines retrain on all history, unseen; the update policy of params.yaml is folded (`update/backtest.py`) on the evidence that `monitor`
would have had, with its recipe, its reviews and its refits. All are judged on all labelled rows of each window after the first that were not set
aside (`history.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.report.backtest import backtest_json, outcomes_table
from keepfit.report.tables import number
from keepfit.update.outcomes import Outcome, judged
from keepfit.update.policies import policy_of

if TYPE_CHECKING:
    from keepfit.flows.backtesting.grid import Matrix
    from keepfit.update.backtest import Course
    from keepfit.update.standards import Standards

POLICIES = ("never", "calendar", "params")
Say = Callable[[str], None]
DAY = 86400


@dataclass(frozen=True, kw_only=True)
class BacktestWindow:
    """One window: its labelled rows, and the primary metric of each policy's model (None: undecidable)."""

    window: str
    rows: int
    values: dict[str, float | None]


@dataclass(frozen=True, kw_only=True, repr=False)
class Backtest:
    """The primary metric by window and policy, in time order; what each policy came to; the winner, None if nothing was measured.

    `days` is how long the windows after the first last together; `standards` are schedules by their number of trainings.
    """

    model: str
    metric: str
    unit: str
    greater_is_better: bool
    policies: tuple[str, ...]
    windows: tuple[BacktestWindow, ...]
    outcomes: dict[str, Outcome]
    winner: str | None
    priced: bool
    days: float
    standards: Standards

    @property
    def rows(self) -> list[tuple[str, int, dict[str, float | None]]]:
        """The windows as reports take them."""
        return [(one.window, one.rows, one.values) for one in self.windows]

    def __repr__(self) -> str:
        """What each policy came to, a line each."""
        best = f"; the winner is {self.winner}" if self.winner is not None else ""
        lines = [f"  {name}: mean {self.metric} {number(one.score)}, {one.trainings:,} trainings" for name, one in self.outcomes.items()]
        return "\n".join((f"{len(self.policies)} policies over {len(self.windows):,} windows{best}", *lines))

    def _repr_markdown_(self) -> str:
        """What a notebook shows: the command's table of what each policy came to."""
        return outcomes_table(self.metric, self.outcomes, priced=self.priced)

    @property
    def json_text(self) -> str:
        """All of it as one JSON object."""
        return backtest_json(self.metric, self.policies, self.rows, self.outcomes, winner=self.winner)


def backtest(
    project: Project, *, policies: Sequence[str] = POLICIES, until: datetime | None = None, afresh: bool = False, say: Say = lambda _: None
) -> Backtest:
    """Judge every policy over the live source's closed windows; `until` None closes the last window with its last row.

    What was trained and judged before is not done again, unless `afresh` forgets it first. Raises `UnknownNameError` for a policy that does not exist,
    `DataError` when there are not two windows.
    """
    from keepfit.flows.backtesting.cache import BacktestCache
    from keepfit.flows.backtesting.courses import Courses
    from keepfit.flows.backtesting.grid import Matrix
    from keepfit.flows.backtesting.history import past_of

    asked = {name: policy_of(name) for name in policies}
    cache = BacktestCache(project.state / "backtest")
    if afresh:
        cache.clear()
    matrix = Matrix(project, past_of(project, until, cache), cache, say)
    courses, found = Courses(matrix), {}
    for name, policy in asked.items():
        say(f"policy {name}")
        found[name] = courses.of(policy)
    told = _told(matrix, found)
    cache.prune()
    return told


def _told(matrix: Matrix, courses: dict[str, Course]) -> Backtest:
    params, windows, metric = matrix.project.params, matrix.past.windows, matrix.metric
    days = sum((window.end - window.start).total_seconds() / DAY for window in windows[1:] if window.start and window.end)
    found = judged(courses, matrix, params.backtest, days=days, greater_is_better=metric.greater_is_better)
    rows = [
        BacktestWindow(window=window.id, rows=matrix.labelled(at), values={name: found.values[name][at - 1] for name in courses})
        for at, window in enumerate(windows)
        if at
    ]
    return Backtest(
        model=params.model.name,
        metric=params.evaluate.metric,
        unit=metric.unit,
        greater_is_better=metric.greater_is_better,
        policies=tuple(courses),
        windows=tuple(rows),
        outcomes=found.outcomes,
        winner=found.winner,
        priced=params.backtest.value_per_point is not None,
        days=days,
        standards=found.standards,
    )
