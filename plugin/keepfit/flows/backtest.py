"""What other policies would have given: `never` retrains, `calendar` retrains on all history at the close of every window.

Thin on purpose: no holdout, no ticket, no registry. Both are judged on all labelled rows of each window after the first,
so the numbers say what a person who never, or always, retrained would have seen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.records import Window

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.integrations.models import Scorer

POLICIES = ("never", "calendar")
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class BacktestWindow:
    """One window: its labelled rows, and the primary metric of each policy's model (None: undecidable)."""

    window: str
    rows: int
    values: dict[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """The primary metric by window and policy, in time order."""

    model: str
    metric: str
    policies: tuple[str, ...]
    windows: tuple[BacktestWindow, ...]


def backtest(project: Project, *, policies: Sequence[str] = POLICIES, until: datetime | None = None, say: Say = lambda _: None) -> Backtest:
    """Train and judge every policy over the live source's closed windows; `until` None closes the last window with its last row.

    Raises `UnknownNameError` for a policy that does not exist, `DataError` when there are not two windows.
    """
    for name in policies:
        if name not in POLICIES:
            raise UnknownNameError("policy", name, known=POLICIES, where="--policies")
    frame, windows = _history(project, until)
    params, found = project.params, []
    times = frame[params.data.time]
    with tempfile.TemporaryDirectory() as scratch:
        first = _train(project, frame[times < windows[0].end], Path(scratch))
        for at, window in enumerate(windows[1:]):
            say(f"{window.id}: {', '.join(policies)}")
            rows = frame[(times >= window.start) & (times < window.end)]
            newest = first if at == 0 or "calendar" not in policies else _train(project, frame[times < window.start], Path(scratch))
            models = {"never": first, "calendar": newest}
            found.append(_judged(project, rows, window, {name: models[name] for name in policies}))
    return Backtest(model=params.model.name, metric=params.evaluate.metric, policies=tuple(policies), windows=tuple(found))


def _history(project: Project, until: datetime | None) -> tuple[pd.DataFrame, tuple[Window, ...]]:
    """All rows of the live source, and its closed windows from the one that holds the first row."""
    from keepfit.flows.sources import live_rows
    from keepfit.integrations.tables import to_frame
    from keepfit.monitor.windows import rows_per_window, window_of, windows_covering

    params = project.params
    if rows_per_window(params.data.window) is not None:
        raise ParamsError("a backtest needs windows of time", where="params.yaml: data.window", fix="month, week or day")
    frame = to_frame(live_rows(project, start=None, end=until))
    if not len(frame):
        raise DataError("the live source has no rows", where="params.yaml: data.live", fix="a later --until, or another source")
    times = frame[params.data.time]
    end = until or window_of(params.data.window, times.max().to_pydatetime()).end
    windows = () if end is None else windows_covering(params.data.window, times.min().to_pydatetime(), end)
    if len(windows) < 2:
        raise DataError(f"{len(windows)} closed windows, a backtest needs two", where="params.yaml: data.window", fix="smaller windows, or a later --until")
    return frame, windows


def _train(project: Project, rows: pd.DataFrame, scratch: Path) -> Scorer:
    from keepfit.flows.scoring import open_scorer
    from keepfit.flows.training import train_once

    train = project.params.train
    repo = project.repo if train.command is not None else None
    train_once(project.params, rows, scratch / "model", repo=repo, profile=False)
    return open_scorer(scratch / "model", train, repo)


def _judged(project: Project, rows: pd.DataFrame, window: Window, models: dict[str, Scorer]) -> BacktestWindow:
    """Measure on all labelled rows; a policy whose model is the same is scored once."""
    import numpy as np

    from keepfit.flows.training import labels
    from keepfit.plugins import load

    params = project.params
    metric = load("metrics", params.evaluate.metric, where="params.yaml: evaluate.metric")()
    y = labels(params, rows)
    known = ~np.isnan(y)
    undecidable = "no labelled row" if not known.any() else metric.undecidable(y[known])
    values: dict[str, float | None] = {name: None if undecidable else metric.value(y[known], model.score(rows[known])) for name, model in models.items()}
    return BacktestWindow(window=window.id, rows=int(known.sum()), values=values)
