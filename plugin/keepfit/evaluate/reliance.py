"""What models rely on: how much worse the metric is on rows that judge where one column's values are shuffled among them.

By scikit-learn's `permutation_importance` (Breiman, Machine Learning 45, 2001), with an interval that it does not give: what one shuffle costs is the
paired difference of the same model on the same rows with and without the column, whose variance knows which rows vary together (`stats/spread.py`), and
the mean over the shuffles has the mean of their covariances (`importance`). So it covers other rows like these (days, groups) and other shuffles. On
simulated rows it is as wide as the values scatter (a few percent; docs/statistics.md).

Blind to another training, to rows unlike these, and to what two columns both say: where one is shuffled the other still says it, so both look as if
nothing relied on them. A shuffled row may be one that cannot be (snow in July).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from keepfit.evaluate.compare import ScoredRows, compare
from keepfit.records.data_view import Importance, ModelSide, Reliance, ReliancePart, Relied
from keepfit.slices.masks import Mask, slice_masks, value_text
from keepfit.slices.name import OVERALL
from keepfit.stats.arrays import Array, Clusters
from keepfit.stats.bounds import quantile
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metric import Difference, Metric

if TYPE_CHECKING:
    import pandas as pd

Ask = Callable[["pd.DataFrame"], Array]


@dataclass(frozen=True, kw_only=True)
class ShuffleLimits:
    """How much is looked at: rows of a part, shuffles of a column, columns; a slice has at least `min_rows`. `confidence` is that of each bound."""

    rows: int = 2_000
    repeats: int = 5
    columns: int = 60
    min_rows: int = 100
    confidence: float = 0.95
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class AskedModel:
    """A model: how it is asked for scores, and the columns that it reads."""

    ask: Ask
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class JudgingRows:
    """Labelled rows that judge: all their columns, the labels, when and of which group they were, and the values of the slicing columns."""

    frame: pd.DataFrame
    y: Array
    origins: RowOrigins
    slices: Mapping[str, Sequence[object]]

    def part(self, mask: Mask) -> JudgingRows:
        """Return the rows where `mask` is true; slices are not cut again."""
        return JudgingRows(frame=self.frame[mask].reset_index(drop=True), y=self.y[mask], origins=self.origins.part(mask), slices={})


def relied_on(models: Mapping[ModelSide, AskedModel], rows: JudgingRows, metric: Metric, *, limits: ShuffleLimits | None = None) -> Relied:
    """Return what the models rely on, on all rows and in the slice where the champion (else the candidate) is worst; the same rows give the same answer."""
    limits = limits or ShuffleLimits()
    columns = list(dict.fromkeys(name for model in models.values() for name in model.columns))
    taken = columns[: limits.columns]
    parts = {OVERALL: rows, **_worst(models, rows, metric, limits)}
    return Relied(
        metric=metric.name,
        greater_is_better=metric.greater_is_better,
        confidence=limits.confidence,
        repeats=limits.repeats,
        parts=tuple(_part(name, models, its, metric, taken, limits=limits) for name, its in parts.items()),
        left_out=len(columns) - len(taken),
    )


def _worst(models: Mapping[ModelSide, AskedModel], rows: JudgingRows, metric: Metric, limits: ShuffleLimits) -> dict[str, JudgingRows]:
    """The slice where the model that serves is worst, of those that can be measured; none where there are not two."""
    if not len(rows.y) or not models:
        return {}
    found = rows.origins.clusters()
    judged = ScoredRows(y=rows.y, champion=None, challenger=models["champion" if "champion" in models else "candidate"].ask(rows.frame)).in_clusters(found)
    masks = slice_masks({column: values for column, values in rows.slices.items() if len(set(map(value_text, values))) <= 200})
    measured: list[tuple[float, str]] = []
    for name, mask in masks.items():
        value = compare(metric, judged.part(mask), name=name, confidence=limits.confidence, min_rows=limits.min_rows).challenger
        if value is not None:
            measured.append((value if metric.greater_is_better else -value, name))
    return {min(measured)[1]: rows.part(masks[min(measured)[1]])} if len(measured) > 1 else {}


def _part(
    name: str, models: Mapping[ModelSide, AskedModel], rows: JudgingRows, metric: Metric, columns: Sequence[str], *, limits: ShuffleLimits
) -> ReliancePart:
    rows = _bounded(rows, limits)
    found = rows.origins.clusters()
    clusters = None if found is None else found.codes
    why = "no row has a label" if not len(rows.y) else metric.undecidable(rows.y, clusters=clusters)
    if why or not models:
        return ReliancePart(slice=name, rows=len(rows.y), why=why or "there is no model")
    measured = {which: _shuffled(model, rows, metric, [one for one in columns if one in model.columns], limits=limits) for which, model in models.items()}
    told = [
        Reliance(column=column, champion=measured.get("champion", _NOTHING)[1].get(column), candidate=measured.get("candidate", _NOTHING)[1].get(column))
        for column in columns
    ]
    return ReliancePart(
        slice=name,
        rows=len(rows.y),
        champion=measured.get("champion", _NOTHING)[0],
        candidate=measured.get("candidate", _NOTHING)[0],
        columns=tuple(sorted(told, key=lambda one: (-_most(one), one.column))),
        unit="" if found is None else found.unit,
        clusters=0 if found is None else found.count,
    )


_NOTHING: tuple[float | None, Mapping[str, Importance]] = (None, {})


def _most(one: Reliance) -> float:
    return max((abs(each.value) for each in (one.champion, one.candidate) if each is not None), default=0.0)


def _bounded(rows: JudgingRows, limits: ShuffleLimits) -> JudgingRows:
    if len(rows.y) <= limits.rows:
        return rows
    mask = np.zeros(len(rows.y), bool)
    mask[np.random.default_rng(limits.seed).choice(len(rows.y), limits.rows, replace=False)] = True
    return rows.part(mask)


def _shuffled(
    model: AskedModel, rows: JudgingRows, metric: Metric, columns: Collection[str], *, limits: ShuffleLimits
) -> tuple[float | None, Mapping[str, Importance]]:
    """The metric as it is, and what each column's shuffling costs."""
    from sklearn.inspection import permutation_importance

    rest, names = rows.frame.drop(columns=list(columns)), list(columns)
    answers: list[Array] = []

    def scorer(_model: object, frame: pd.DataFrame, y: Array) -> float:
        answers.append(np.asarray(model.ask(frame.join(rest))))
        return metric.value(y, answers[-1]) * (1 if metric.greater_is_better else -1)

    if names:
        permutation_importance(_Fitted(), rows.frame[names], rows.y, scoring=scorer, n_repeats=limits.repeats, random_state=limits.seed)
    else:
        scorer(None, rows.frame[names], rows.y)
    whole, shuffles = answers[0], answers[1:]
    clusters = None if (found := rows.origins.clusters()) is None else found.codes
    each = {}
    for at, name in enumerate(names):
        mine = shuffles[at * limits.repeats : (at + 1) * limits.repeats]
        each[name] = importance(metric, rows.y, whole, mine, confidence=limits.confidence, clusters=clusters)
    return metric.value(rows.y, whole), each


class _Fitted:
    """What scikit-learn wants of a model whose answers come by the scorer."""

    def fit(self, frame: Any, y: Any) -> _Fitted:  # noqa: ARG002 - scikit-learn's signature
        """Do nothing: it is fitted."""
        return self


def importance(metric: Metric, y: Array, whole: Array, shuffles: Sequence[Array], *, confidence: float, clusters: Clusters | None = None) -> Importance:
    """Return what shuffles of a column cost on average, with bounds; `whole` and `shuffles` are the model's scores with the column as it is and shuffled.

    The variance of the mean cost is the mean of all covariances of two costs, and cov(a, b) = (var a + var b - var(a - b)) / 2, where the metric gives each
    variance as that of a paired difference on these rows.
    """

    def against(one: Array, other: Array) -> Difference:
        return metric.difference(y, one, other, confidence, clusters=clusters)

    costs, count = [against(shuffled, whole) for shuffled in shuffles], len(shuffles)
    between = [against(one, other).error ** 2 for one, other in combinations(shuffles, 2)]
    variance = float(np.mean([one.error**2 for one in costs])) - sum(between) / count**2
    gains = np.array([one.gain for one in costs])
    shuffling = float(gains.var(ddof=1)) / count if count > 1 else 0.0
    reach = quantile(confidence, min((one.freedom for one in costs if one.freedom > 0), default=0.0)) * float(np.sqrt(max(variance, shuffling, 0.0)))
    value = float(gains.mean())
    return Importance(value=value, low=value - reach, high=value + reach)
