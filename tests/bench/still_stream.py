"""A stream that stands still: rows drawn afresh from one fixed function, with days that differ, so that a retraining gains nothing but rows.

`StillGrid` trains and judges what the fold asks for (`update.backtest.Grid`): the first model on `first` months, the windows after them a month each,
a permanent holdout of a fifth, gains with days as clusters. A candidate passes unless it is surely worse. Nothing else is drawn: no drift, no silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from keepfit.params import MonitorParams, UpdateParams
from keepfit.records import Window
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metrics import RocAuc
from keepfit.update.backtest import Course, History, Rows, Trained, folded
from keepfit.update.bounded_value import BoundedValue, gain_of, value_of
from keepfit.update.found import Found, nothing_found
from keepfit.update.policy import UpdatePolicy

DAYS, COLUMNS = 28, 5
HELD = 5  # one row in so many is of the permanent holdout


def months(count: int) -> list[Window]:
    """Months from January 2001 on."""
    starts = [datetime(2001 + at // 12, at % 12 + 1, 1) for at in range(count + 1)]
    return [Window(id=f"{start:%Y-%m}", source="live", start=start, end=end) for start, end in pairwise(starts)]


@dataclass
class StillGrid:
    """The stream of a seed, its months `first` + `count`; window 0 of the fold is the first months together. `days`: by how much days differ (log odds, sd)."""

    seed: int
    first: int = 24
    count: int = 48
    rows: int = 400
    days: float = 0.3
    _models: dict[Trained, HistGradientBoostingClassifier] = field(default_factory=dict)
    _scores: dict[tuple[Trained, int], np.ndarray] = field(default_factory=dict)

    @cached_property
    def windows(self) -> list[Window]:
        """The first months as one window, then each month."""
        whole = months(self.first + self.count)
        return [Window(id="first", source="live", start=whole[0].start, end=whole[self.first - 1].end), *whole[self.first :]]

    @cached_property
    def drawn(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Features, labels and times of each month."""
        rng = np.random.default_rng(self.seed)
        return [self._month(rng, window) for window in months(self.first + self.count)]

    def _month(self, rng: np.random.Generator, window: Window) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x, day = rng.normal(size=(self.rows, COLUMNS)), np.sort(rng.integers(0, DAYS, self.rows))
        odds = x[:, 0] - 0.7 * x[:, 1] + 0.8 * np.sin(2 * x[:, 2]) + 0.5 * x[:, 3] * x[:, 4] - 1 + self.days * rng.normal(size=DAYS)[day]
        times = np.datetime64(window.start) + day * np.timedelta64(24, "h")
        return x, (rng.random(self.rows) < 1 / (1 + np.exp(-odds))).astype(float), times

    def of(self, window: int) -> list[int]:
        """The months that a window of the fold holds."""
        return list(range(self.first)) if window == 0 else [self.first + window - 1]

    # -- what the fold asks -----------------------------------------------------------------------------------------------

    def look(self, champion: Trained, window: int, *, drift: bool) -> Found:
        """Nothing is ever found before the labels."""
        return Found(judged=nothing_found(self.windows[window], model="still", champion="c", version="1", rows=self.rows))

    def learned_rows(self, model: Trained) -> int:
        """The rows outside the holdout up to a model's last window."""
        return sum(self.rows - len(range(0, self.rows, HELD)) for window in range(model.until + 1) for _ in self.of(window))

    def score(self, model: Trained, window: int) -> float | None:
        """The AUC on a month."""
        found = self.value(model, window)
        return None if found is None else found.value

    def value(self, model: Trained, window: int) -> BoundedValue | None:
        """The AUC on a month with its bounds."""
        _, y, times = self.drawn[self.of(window)[0]]
        return value_of(RocAuc(), y, lambda: self._answers(model, window), confidence=0.95, origins=RowOrigins(times=times))

    def gain(self, champion: Trained, rival: Trained, windows: Sequence[int], *, rows: Rows) -> BoundedValue | None:
        """The rival's paired gain."""
        parts = [self.of(window)[0] for window in windows]
        judging = np.arange(self.rows) % HELD > 0 if rows != "every" else np.ones(self.rows, np.bool_)
        if champion == rival:
            return BoundedValue(value=0.0, low=0.0, high=0.0, n=int(judging.sum()) * len(windows))
        return gain_of(
            RocAuc(),
            [self.drawn[part][1][judging] for part in parts],
            lambda: [(self._answers(champion, at)[judging], self._answers(rival, at)[judging]) for at in windows],
            confidence=0.95,
            origins=[RowOrigins(times=self.drawn[part][2][judging]) for part in parts],
        )

    def passes(self, champion: Trained, candidate: Trained, window: int) -> bool:
        """Whether a candidate is not shown worse."""
        gain = self.gain(champion, candidate, [window], rows="outside the holdout")
        return gain is not None and gain.high >= 0

    def _answers(self, model: Trained, window: int) -> np.ndarray:
        if (model, window) not in self._scores:
            with threadpool_limits(1):  # small tables: threads would wait for one another
                self._scores[model, window] = self._model(model).predict_proba(self.drawn[self.of(window)[0]][0])[:, 1]
        return self._scores[model, window]

    def _model(self, model: Trained) -> HistGradientBoostingClassifier:
        if model not in self._models:
            known = self.drawn[: self.first + model.until]
            kept = np.tile(np.arange(self.rows) % HELD > 0, len(known))
            x, y = np.concatenate([one[0] for one in known])[kept], np.concatenate([one[1] for one in known])[kept]
            self._models[model] = HistGradientBoostingClassifier(max_iter=60, early_stopping=False, random_state=0).fit(x, y)
        return self._models[model]


def course_of(grid: StillGrid, **update: object) -> Course:
    """Return what the policy of `params/` (and what is set otherwise) does on the stream."""
    params = UpdateParams(**update)
    history = History(windows=grid.windows, metric="roc_auc", greater_is_better=True, refit=params.refit, confidence=params.confidence)
    return folded(UpdatePolicy.of(params, MonitorParams(), window="month"), history, grid, scout_every=params.scout_every)


def tickets_a_year(course: Course, ground: str) -> float:
    """How many tickets of a ground were opened a year."""
    return 12 * sum(one == ground for _, one in course.alerts) / len(course.served)
