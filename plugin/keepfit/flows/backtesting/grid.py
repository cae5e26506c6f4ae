"""The score matrix of a backtest: a model trained up to window i, judged on all labelled rows of window j, each judged once.

Every number is kept (`cache`) by the digests of the rows, the params and the versions it came from. A model that has to answer is asked for all windows
after its own at once, as it will be judged on them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.backtesting.cache import Values, key_of
from keepfit.flows.backtesting.trainings import Trainings
from keepfit.update.adwin import ErrorShare, distances
from keepfit.update.backtest import Rows, Trained, name_of
from keepfit.update.bounded_value import BoundedValue, gain_of, value_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.flows.backtesting.looks import Looks
    from keepfit.stats.clusters import RowOrigins
    from keepfit.stats.metric import Metric
    from keepfit.update.found import Found

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Matrix(Trainings):
    """`update.backtest.Grid` over a project's history: its trainings, each judged on windows."""

    # -- what the fold asks ---------------------------------------------------------------------------------------------

    def score(self, model: Trained, window: int) -> float | None:
        """Return the primary metric on the window's labelled rows; None where the labels decide nothing."""
        found = self.cache.values(self._key("score", model, [window]), lambda: self._measured(model, window))
        return None if found is None else found[0]

    def value(self, model: Trained, window: int) -> BoundedValue | None:
        """Return it with its bounds."""

        def measured() -> BoundedValue | None:
            y, confidence = self._labels(window), self.project.params.update.confidence
            return value_of(self.metric, y, lambda: self.scores(model, window), confidence=confidence, origins=self._origins(window))

        return self._kept(self._key("value by cluster", model, [window]), measured)

    def gain(self, champion: Trained, rival: Trained, windows: Sequence[int], *, rows: Rows = "every") -> BoundedValue | None:
        """Return the rival's paired gain over the champion on the windows' labelled rows together, or on those outside the permanent holdout."""
        data = self.project.params.data
        held = [] if rows == "every" else [data.holdout_share, data.holdout_salt]
        key = self._key("gain by cluster", champion, windows, self.model_key(rival), *held)
        return self._kept(key, lambda: self._compare(champion, rival, windows, rows))

    def passes(self, champion: Trained, candidate: Trained, window: int) -> bool:
        """Whether a candidate passes the rules of params.yaml on the window's labelled rows outside the permanent holdout; not where there are none."""
        params = self.project.params
        key = self._key("review", champion, [window], self.model_key(candidate), params.evaluate.model_dump(mode="json"), params.data.holdout_share)
        return self.cache.values(key, lambda: self._reviewed(champion, candidate, window)) == (1.0,)

    def look(self, champion: Trained, window: int, *, drift: bool) -> Found | None:
        """Return what monitor would see of the window before its labels are judged."""
        return self._looks.look(champion, window, drift=drift)

    def errors(self, model: Trained, window: int) -> Floats:
        """Return how far a model's scores are from the labels of the window's labelled rows, in the order of time."""
        return distances(self._labels(window), self.scores(model, window))

    def mean_share(self, model: Trained, window: int, scale: ErrorShare) -> float | None:
        """Return the mean of these errors as shares of error; None without labels."""
        key = self._key("share", model, [window], scale.half)

        def measured() -> Values:
            shares = scale.share(self.errors(model, window))
            return (float(shares.mean()),) if len(shares) else None

        found = self.cache.values(key, measured)
        return None if found is None else found[0]

    def labelled(self, window: int) -> int:
        """How many rows of the window have a label."""
        return int(self.known(window).sum())

    def decides(self, window: int) -> bool:
        """Whether the labels of the window decide anything."""
        y = self._labels(window)
        return len(y) > 0 and not self.metric.undecidable(y)

    # -- measuring ------------------------------------------------------------------------------------------------------

    def _measured(self, model: Trained, window: int) -> Values:
        return (self.metric.value(self._labels(window), self.scores(model, window)),) if self.decides(window) else None

    def _compare(self, champion: Trained, rival: Trained, windows: Sequence[int], rows: Rows) -> BoundedValue | None:
        judging = {one: self._judging(one, rows) for one in windows}
        if champion == rival:
            n = sum(int(mask.sum()) for mask in judging.values())
            return BoundedValue(value=0.0, low=0.0, high=0.0, n=n) if n else None

        def both() -> list[tuple[Floats, Floats]]:
            return [(self.scores(champion, one)[judging[one]], self.scores(rival, one)[judging[one]]) for one in windows]

        confidence, when = self.project.params.update.confidence, [self._origins(one).part(judging[one]) for one in windows]
        return gain_of(self.metric, [self._labels(one)[judging[one]] for one in windows], both, confidence=confidence, origins=when)

    def _reviewed(self, champion: Trained, candidate: Trained, window: int) -> Values:
        from keepfit.evaluate.compare import ScoredRows
        from keepfit.flows.backtesting.review import passes, reviewed

        y, judging = self._labels(window), self._judging(window, "outside the holdout")
        if not judging.any():
            return (0.0,)
        judged = ScoredRows(y=y[judging], champion=self.scores(champion, window)[judging], challenger=self.scores(candidate, window)[judging])
        judged = judged.in_clusters(self._origins(window).part(judging).clusters())
        rows = self.labelled_frame(window)[judging]
        return (float(passes(reviewed(self.project.params, judged, rows))),)

    def _labels(self, window: int) -> Floats:
        """The labels that a window has."""
        return self.labels[window][self.known(window)]

    def _origins(self, window: int) -> RowOrigins:
        """When and whose the window's labelled rows are."""
        from keepfit.tables.origins import origins

        return origins(self.project.params.data, self.past.tables[window]).part(self.known(window))

    def _judging(self, window: int, rows: Rows) -> Mask:
        """Which of a window's labelled rows judge."""
        outside: Mask = ~self.held(window)[self.known(window)]
        return outside if rows != "every" else outside | True

    def scores(self, model: Trained, window: int) -> Floats:
        """Return a model's scores of the window's labelled rows."""
        if (model, window) not in self._scored:
            windows = [at for at in range(model.until + 1, len(self.past.windows)) if (model, at) not in self._scored and self._wanted(model, at, window)]
            self._scored.update(zip([(model, at) for at in windows], self._answered(model, windows), strict=True))
        return self._scored[model, window]

    def _wanted(self, model: Trained, at: int, window: int) -> bool:
        """Whether a window will be asked about: this one, and each whose score is not known yet, but for what races: that judges one window alone."""
        return at == window or (at > window and name_of(model.recipe) is None and self._key("score", model, [at]) not in self.cache)

    def _answered(self, model: Trained, windows: Sequence[int]) -> list[Floats]:
        from keepfit.tables.frames import one_below_another, parted
        from keepfit.update.promise import metric_for

        frames = [self.labelled_frame(at) for at in windows]
        answer = self.scorer(model).answer(one_below_another(frames))
        metric_for(self.project.params, "the model", only_labels=answer.only_labels)
        return parted(answer.scores, frames)

    @cached_property
    def metric(self) -> Metric:
        """The metric that decides."""
        from keepfit.update.promise import metric_of

        return metric_of(self.project.params)

    @cached_property
    def _scored(self) -> dict[tuple[Trained, int], Floats]:
        return {}

    def _kept(self, key: str, make: Callable[[], BoundedValue | None]) -> BoundedValue | None:
        return _numbers(self.cache.values(key, lambda: _values(make())))

    def _key(self, what: str, model: Trained, windows: Sequence[int], *more: object) -> str:
        params = self.project.params
        told = [self.model_key(model), [self.past.digests[window] for window in windows], params.evaluate.metric]
        bounds = [] if what == "score" else [params.update.confidence, params.data.time, params.data.timezone, params.data.group]
        return key_of(what, *told, *bounds, *more)

    @cached_property
    def _looks(self) -> Looks:
        from keepfit.flows.backtesting.looks import Looks

        return Looks(self)


def _numbers(values: Values) -> BoundedValue | None:
    if values is None:
        return None
    value, low, high, n, clusters, design, freedom = values
    return BoundedValue(value=value, low=low, high=high, n=int(n), clusters=int(clusters) or None, design=design or None, freedom=freedom)


def _values(numbers: BoundedValue | None) -> Values:
    """The numbers as they are kept; 0 where rows were taken as independent."""
    if numbers is None:
        return None
    return numbers.value, numbers.low, numbers.high, float(numbers.n), float(numbers.clusters or 0), numbers.design or 0.0, numbers.freedom
