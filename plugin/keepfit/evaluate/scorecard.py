"""From labels and scores to everything that is said about a candidate: comparisons of all slices, and their long frame.

>>> judged = ScoredRows(y=np.array([0.0, 1.0] * 60), champion=None, challenger=np.linspace(0, 1, 120))
>>> found = compare_all([load("metrics", "roc_auc")()], judged, {"origin": (["JFK", "LGA"] * 60, None)}, confidence=0.95, min_rows=100)
>>> [(one.slice, one.status) for one in found]
[('overall', 'measured'), ('origin=JFK', 'undecided'), ('origin=LGA', 'undecided')]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from keepfit.errors import ParamsError, TrainError
from keepfit.evaluate.compare import Comparison, ScoredRows, compare, compare_class
from keepfit.params import EvaluateParams, Params
from keepfit.plugins import load, names
from keepfit.records import CLASS, ScoreRow, Task
from keepfit.slices.masks import slice_masks
from keepfit.slices.name import OVERALL
from keepfit.stats.known_metric import metric_named
from keepfit.stats.metric import Metric, measures_many

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 6
COLUMNS = ("slice", "metric", "n", "value", "baseline", "delta", "low", "high")


def metrics_of(params: EvaluateParams, task: Task, *, labels_of: str = "", many: bool = False) -> tuple[Metric, ...]:
    """Return the primary metric, those measured beside it and those the rules name, each once.

    `labels_of` names a model that answers labels only (`the champion`), `many` says that there are more than two classes. Raises `UnknownNameError` for a
    metric that does not exist, `ParamsError` for one of the other task, or of two classes where there are many, and `TrainError` for one that needs
    probabilities which that model does not have.
    """
    wanted = {params.metric: "evaluate.metric"}
    for name in params.metrics:
        wanted.setdefault(name, "evaluate.metrics")
    for rule, its in params.rules.items():
        wanted.setdefault(its.metric, f"evaluate.rules.{rule}.metric")
    for name in params.thresholds:
        wanted.setdefault(name, f"evaluate.thresholds.{name}")
    found = [(metric_named(name, where=f"params.yaml: {key}"), key) for name, key in wanted.items()]
    for metric, key in found:
        if metric.task != task:
            raise ParamsError(f"{metric.name} does not measure {task}", where=f"params.yaml: {key}", fix="name a metric of the task, or change model.task")
        _require_direction(metric, params)
        if many and not measures_many(metric):
            fix = f"name one of {', '.join(many_metrics())}"
            raise ParamsError(f"{metric.name} measures two classes, and model.classes lists more", where=f"params.yaml: {key}", fix=fix)
        if labels_of and not measures_labels(metric):
            raise needs_probabilities(metric, labels_of, key=key, many=many)
    return tuple(metric for metric, _ in found)


def _require_direction(metric: Metric, params: EvaluateParams) -> None:
    """Raise `ParamsError` for a change threshold whose direction is not the metric's: its bound would have the wrong sign."""
    own, right = params.thresholds.get(metric.name), "HIGHER_IS_BETTER" if metric.greater_is_better else "LOWER_IS_BETTER"
    for each in () if own is None else (own, *own.per_slice_thresholds.values()):
        if each.change_threshold is not None and each.change_threshold.direction != right:
            what, where = f"{metric.name} is better when it is {right.partition('_')[0].lower()}", f"params.yaml: evaluate.thresholds.{metric.name}"
            raise ParamsError(what, where=f"{where}.change_threshold.direction", fix=f"direction: {right}")


def measures_labels(metric: Metric) -> bool:
    """Whether a metric means the same of labels 0 and 1 as of scores cut at .5; a metric that does not say so needs scores."""
    return bool(getattr(metric, "of_labels", False))


def label_metrics(*, many: bool = False) -> tuple[str, ...]:
    """Return the names of the classification metrics that measure labels (with `many` of more than two classes), in their order."""
    return tuple(metric.name for metric in _of_classes() if measures_labels(metric) and (not many or measures_many(metric)))


def many_metrics() -> tuple[str, ...]:
    """Return the names of the metrics that measure more than two classes, in their order."""
    return tuple(metric.name for metric in _of_classes() if measures_many(metric))


def _of_classes() -> list[Metric]:
    made: list[Metric] = [load("metrics", name)() for name in names("metrics")]
    return [metric for metric in made if metric.task == "classification"]


def needs_probabilities(metric: Metric, who: str, *, key: str = "evaluate.metric", many: bool = False) -> TrainError:
    """Return the refusal of a metric that a model which answers labels only cannot be measured by, and what to do."""
    columns = "a column a class" if many else "a column 'probability'"
    return TrainError(
        f"{who} answers labels only, and {metric.name} needs probabilities",
        where=f"params.yaml: {key}",
        fix=f"name one of {', '.join(label_metrics(many=many))}; or let the model answer probabilities: predict_proba, or train.predict with {columns}",
    )


@dataclass(frozen=True)
class ClassSlices:
    """The slices of many classes, `class=<its text>` in the order of their codes, and from how many rows on one is judged (None: as all slices)."""

    names: Sequence[str] = ()
    min_rows: int | None = None

    @classmethod
    def of(cls, params: Params) -> ClassSlices:
        """Return the slices of the classes that params list; none of two classes, and of a regression."""
        own = params.evaluate.slices.get(CLASS)
        return cls(params.model.classes or (), None if own is None else own.min_rows)


def compare_all(
    metrics: Sequence[Metric],
    judged: ScoredRows,
    slices: Mapping[str, tuple[Sequence[object], int | None]],
    *,
    confidence: float,
    min_rows: int,
    classes: ClassSlices | None = None,
) -> tuple[Comparison, ...]:
    """Compare on all rows under every metric, then on every class of many and every slice; `slices` maps a column to its values and its own `min_rows`."""
    found = [compare(metric, judged, name=OVERALL, confidence=confidence, min_rows=min_rows) for metric in metrics]
    classes = classes or ClassSlices()
    least = min_rows if classes.min_rows is None else classes.min_rows
    for code, each in enumerate(classes.names):
        found += [compare_class(metric, judged, code, name=f"{CLASS}={each}", confidence=confidence, min_rows=least) for metric in metrics]
    for column, (values, own) in sorted(slices.items()):
        for name, mask in slice_masks({column: values}).items():
            part = judged.part(mask)
            least = min_rows if own is None else own
            found += [compare(metric, part, name=name, confidence=confidence, min_rows=least) for metric in metrics]
    return tuple(found)


def long_frame(comparisons: Sequence[Comparison], beside: Sequence[ScoreRow] = ()) -> pd.DataFrame:
    """Return the table that model expectations are about: a row a slice and metric, NaN for what was not measured.

    Columns: slice, metric, n, value (challenger), baseline (champion), delta (positive: better), low and high (of delta). `beside` are the scorecard's rows
    of other bases (past windows, declared tests, serving); a slice and metric that several rules judged stands once.
    """
    rows = [*(_row(one) for one in comparisons), *dict.fromkeys(_row_beside(one) for one in beside)]
    import pandas as pd

    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row_beside(one: ScoreRow) -> tuple[object, ...]:
    numbers = (one.challenger, one.champion, one.difference, *((one.low, one.high) if one.difference is not None else (None, None)))
    return (one.slice, one.metric, one.n, *(np.nan if value is None else value for value in numbers))


def _row(one: Comparison) -> tuple[object, ...]:
    gain = one.difference
    numbers = (one.challenger, one.champion, *((gain.gain, gain.low, gain.high) if gain else (None,) * 3))
    return (one.slice, one.metric, one.n, *(np.nan if value is None else value for value in numbers))


def flat_metrics(comparisons: Sequence[Comparison]) -> dict[str, float]:
    """Return the overall numbers by name (`roc_auc`, `champion_roc_auc`, `gain_roc_auc`, `rows`), rounded: what `dvc metrics` shows."""
    numbers: dict[str, float] = {}
    for one in (found for found in comparisons if found.slice == OVERALL):
        gain = None if one.difference is None else one.difference.gain
        named = {one.metric: one.challenger, f"champion_{one.metric}": one.champion, f"gain_{one.metric}": gain, "rows": one.n}
        numbers |= {name: round(value, DIGITS) for name, value in named.items() if value is not None}
    return numbers
