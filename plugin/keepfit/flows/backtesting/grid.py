"""The score matrix of a backtest: a model trained up to window i, judged on all labelled rows of window j, each judged once.

Every number is kept (`cache`) by the digests of the rows, the params and the versions it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.backtesting.cache import Values, key_of
from keepfit.flows.backtesting.trainings import Trainings
from keepfit.update.backtest import Trained
from keepfit.update.bounded_value import BoundedValue, gain_of, value_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.flows.backtesting.looks import Looks
    from keepfit.stats.clusters import RowOrigins
    from keepfit.stats.metric import Metric
    from keepfit.update.found import Found

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Matrix(Trainings):
    """`update.backtest.Grid` over a project's history: its trainings, each judged on windows."""

    # -- what the fold asks ---------------------------------------------------------------------------------------------

    def value(self, model: Trained, window: int) -> BoundedValue | None:
        """Return the primary metric on the window's labelled rows; None where the labels decide nothing."""
        return _numbers(self.cache.values(key_of("value by cluster", *self._judged(model, [window])), lambda: _values(self._measure(model, window))))

    def gain(self, champion: Trained, rival: Trained, windows: Sequence[int]) -> BoundedValue | None:
        """Return the rival's paired gain over the champion on the windows' labelled rows together."""
        key = key_of("gain by cluster", *self._judged(champion, windows), self.model_key(rival))
        return _numbers(self.cache.values(key, lambda: _values(self._compare(champion, rival, windows))))

    def look(self, champion: Trained, window: int) -> Found | None:
        """Return what monitor would see of the window before its labels are judged."""
        return self._looks.look(champion, window)

    def labelled(self, window: int) -> int:
        """How many rows of the window have a label."""
        return int(self.known(window).sum())

    # -- measuring ------------------------------------------------------------------------------------------------------

    def _measure(self, model: Trained, window: int) -> BoundedValue | None:
        confidence, when = self.project.params.update.confidence, self._origins(window)
        return value_of(self.metric, self._labels(window), lambda: self._scores(model, window), confidence=confidence, origins=when)

    def _compare(self, champion: Trained, rival: Trained, windows: Sequence[int]) -> BoundedValue | None:
        def both() -> list[tuple[Floats, Floats]]:
            return [(self._scores(champion, one), self._scores(rival, one)) for one in windows]

        confidence, when = self.project.params.update.confidence, [self._origins(one) for one in windows]
        return gain_of(self.metric, [self._labels(one) for one in windows], both, confidence=confidence, origins=when)

    def _labels(self, window: int) -> Floats:
        """The labels that a window has."""
        return self.labels[window][self.known(window)]

    def _origins(self, window: int) -> RowOrigins:
        """When and whose the window's labelled rows are."""
        from keepfit.tables.origins import origins

        return origins(self.project.params.data, self.past.tables[window]).part(self.known(window))

    def _scores(self, model: Trained, window: int) -> Floats:
        """A model's scores of the window's labelled rows."""
        if (model, window) not in self._scored:
            from keepfit.update.promise import metric_for

            rows = self.frame(window)[self.known(window)]
            answer = self.scorer(model).answer(rows)
            metric_for(self.project.params, "the model", only_labels=answer.only_labels)
            self._scored[model, window] = answer.scores
        return self._scored[model, window]

    @cached_property
    def metric(self) -> Metric:
        """The metric that decides."""
        from keepfit import plugins

        name = self.project.params.evaluate.metric
        metric: Metric = plugins.load("metrics", name, where="params.yaml: evaluate.metric")()
        return metric

    @cached_property
    def _scored(self) -> dict[tuple[Trained, int], Floats]:
        return {}

    def _judged(self, model: Trained, windows: Sequence[int]) -> tuple[object, ...]:
        params = self.project.params
        rows = [self.past.digests[window] for window in windows]
        return self.model_key(model), rows, params.evaluate.metric, params.update.confidence, params.data.time, params.data.timezone, params.data.group

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
