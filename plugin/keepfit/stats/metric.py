"""What a metric is: a value, an interval, and a paired difference of two models on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from keepfit.stats.bounds import p_below

if TYPE_CHECKING:
    from keepfit.stats.arrays import Array, Clusters
    from keepfit.stats.spread import Spread


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Model b against model a on the same rows; `gain` is signed so that positive means b is better.

    `low` and `high` are one-sided bounds of the gain, each at the confidence asked for; `error` is the gain's standard error;
    `p_harm` is the one-sided p-value of "b is not worse than a" (small: b is worse). `clusters` is how many groups the rows came in and
    `design` how much larger the variance is for it than that of independent rows; None where the rows were taken as independent.
    `freedom` is that of Student's t in the bounds, 0 of the normal law.
    """

    value_a: float
    value_b: float
    gain: float
    low: float
    high: float
    p_harm: float
    n: int
    error: float
    clusters: int | None = None
    design: float | None = None
    freedom: float = 0.0

    def p_loss_beyond(self, loss: float) -> float:
        """Return the one-sided p-value of "b is worse than a by no more than `loss`" (small: it is worse by more); of a loss of 0 it is `p_harm`.

        >>> made = Difference(value_a=0.7, value_b=0.64, gain=-0.06, low=-0.093, high=-0.027, p_harm=0.0013, n=900, error=0.02)
        >>> round(made.p_loss_beyond(0.02), 4), made.p_loss_beyond(0.0)
        (0.0228, 0.0013)
        """
        return self.p_harm if not loss else p_below(self.gain + loss, self.error, self.freedom)


Range = tuple[float, float]
SHARE: Range = (0.0, 1.0)
LOSS: Range = (0.0, inf)


@dataclass(frozen=True, kw_only=True)
class Sound:
    """The values that a model which is worth serving can have: `above` chance (strictly, or from 0 on), and no more than is believable."""

    low: float = 0.0
    high: float | None = None
    above: bool = False
    below: bool = False


class Metric(Protocol):
    """What a metric must offer: a value, a one-model interval, a paired difference, what it cannot be measured on, and what others need to know of it.

    It is looked up by its name (`evaluate.metric` in params.yaml, `metric` of a rule; entry points `keepfit.metrics`). `of_labels`: it also measures models
    that answer labels 0 and 1 instead of probabilities. `many`: it also measures more than two classes, by codes and a column of probabilities a class
    (`classes.py`); one that a class's own rows leave undefined offers `of_class(code)`: that class against the rest, on all rows. `mean_of_rows`: its
    value is the mean of `rows(y, s)`, so that it can be estimated before labels come. `range`: the lowest and highest value there is. `sound`: what the
    suite of a new project demands (`sound_of(classes)` where it depends on how many there are). `unit` is empty for a share; `words` complete "it is …".
    A metric may offer `values(labels, s)`: itself for several labels of the same rows, faster than one after the other.

    `clusters` is an integer for each row: rows with the same one vary together (a customer, a day); None takes all rows as independent. A metric may offer
    `spread(y, s, clusters=)`: the `Spread` of its value, so that pages can name clusters and design effect beside an interval.
    """

    name: ClassVar[str]
    task: ClassVar[Literal["classification", "regression"]]
    greater_is_better: ClassVar[bool]
    of_labels: ClassVar[bool]
    many: ClassVar[bool]
    mean_of_rows: ClassVar[bool]
    unit: ClassVar[str]
    range: ClassVar[Range]
    sound: ClassVar[Sound]
    words: ClassVar[str]

    def undecidable(self, y: Array, *, clusters: Clusters | None = None) -> str | None:
        """Return why these labels cannot decide anything (one class only …), or None."""

    def value(self, y: Array, s: Array) -> float:
        """Return the metric of scores `s` on labels `y`."""

    def interval(self, y: Array, s: Array, confidence: float, *, clusters: Clusters | None = None) -> tuple[float, float]:
        """Return the one-sided lower and upper bound of the value, each at `confidence`."""

    def difference(self, y: Array, a: Array, b: Array, confidence: float, *, clusters: Clusters | None = None) -> Difference:
        """Return b against a on the same rows."""


class RowMetric(Metric, Protocol):
    """A metric that is a mean over rows."""

    def rows(self, y: Array, s: Array) -> Array:
        """Return the metric of each row."""


def values_of(metric: Metric, labels: Sequence[Array], s: Array) -> list[float]:
    """Return the metric of the same scores on several labels; one that can do that in less (`values`) is asked for all at once."""
    together: Callable[[Sequence[Array], Array], list[float]] | None = getattr(metric, "values", None)
    return together(labels, s) if together is not None else [metric.value(y, s) for y in labels]


def spread_of(metric: Metric, y: Array, s: Array, *, clusters: Clusters | None) -> Spread | None:
    """Return how the metric's value spreads, with its clusters and design effect; None of a metric that does not say (`spread`)."""
    spread: Callable[..., Spread] | None = getattr(metric, "spread", None)
    return None if spread is None else spread(y, s, clusters=clusters)


def measures_many(metric: Metric) -> bool:
    """Whether it measures more than two classes; one of another package that says nothing of it does not."""
    return bool(getattr(metric, "many", False))


def of_class(metric: Metric, code: int) -> Metric | None:
    """Return what measures one class against the rest, on all rows; None of a metric that the class's own rows define."""
    found: Callable[[int], Metric] | None = getattr(metric, "of_class", None)
    return None if found is None else found(code)


def sound_of(metric: Metric, classes: int) -> Sound:
    """Return what a model of so many classes that is worth serving can have."""
    found: Callable[[int], Sound] | None = getattr(metric, "sound_of", None)
    return metric.sound if found is None else found(classes)
