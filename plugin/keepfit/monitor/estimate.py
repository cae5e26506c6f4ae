"""Performance before labels: what a metric should be on rows without labels, if scores still mean what they meant.

Confidence-based performance estimation (CBPE; NannyML's documentation, *Confidence-based Performance Estimation*; Guillory et al., ICCV
2021): rows whose labels are known and which the model has not trained on teach how often each score comes true; labels are then drawn
for the new rows from their own scores. The calibration of two classes is beta calibration (`beta_calibration.py`), of more it is vector scaling, and beta
calibration of how sure the answer is (`class_calibration.py`).
The interval takes in three things:

- the calibration is learned from a sample: each draw takes another one from its normal law;
- so are the labels to come: each draw tosses a coin a row;
- days differ by more than coins: the spread is widened by the design effect of this very metric. It is the variance of "metric minus what was
  expected of it" by the jackknife over the reference's days (leaving a day out moves also what a ranking loses *between* days), over that of coins
  by the same jackknife (Miller, Biometrika 61, 1974; Wolter, *Introduction to Variance Estimation*, 2007, chapter 4). Few days know it badly: bounds are
  Student's with days - 1, and what is above coins is raised by days / (days - 3), for the three numbers learned from the same days.

It follows a change of the inputs as far as the score shows it. It cannot tell under concept drift: where the same score comes true more
or less often than before, the estimate stays as it was and is wrong. Nor does it see labels of a class that is not in the list. So it is held
against the truth when labels come, and says that it cannot tell after its interval missed twice in a row, or three times in six.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from keepfit.monitor.beta_calibration import BetaDraws, beta_calibrations
from keepfit.monitor.class_calibration import class_calibrations
from keepfit.records import Estimate
from keepfit.stats.bounds import quantile
from keepfit.stats.metric import Metric, values_of

Floats = npt.NDArray[np.float64]
DRAWS, LEFT_OUT_DRAWS = 100, 5
FEWEST_BLOCKS, MOST_BLOCKS = 8, 40
IN_A_ROW, OF_RECENT, RECENT = 2, 3, 6
MISSED = "cannot tell: its interval missed the truth of {missed} of the last {scored} labelled windows; what labels taught before no longer holds"


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Labelled rows that the model has not trained on: labels (codes of many classes), scores, and each row's batch (its day)."""

    y: Floats
    scores: Floats
    batches: npt.NDArray[np.str_]


class Draws(Protocol):
    """Draws of a calibration: what the labels of rows may be by each."""

    def few(self, count: int) -> Draws:
        """Return the first of the draws."""

    def labels(self, scores: Floats, rng: np.random.Generator) -> Iterator[Floats]:
        """Yield labels of rows with these scores, drawn from their chances: one set a draw."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What a reference teaches: draws of the numbers of the calibration, and the metric's design effect with its degrees of freedom.

    Freedom 0: too few days to learn a design effect, which then is 1. `why` says why nothing was learned.
    """

    metric: Metric
    n: int
    draws: Draws = field(default_factory=lambda: BetaDraws(np.empty((0, 3))))
    design: float = 1.0
    freedom: int = 0
    why: str = ""


def learn_calibration(reference: Scored, *, metric: Metric, rng: np.random.Generator) -> Calibration:
    """Learn how often each score comes true, and how much more than chance the metric differs from batch to batch."""
    nothing = Calibration(metric=metric, n=len(reference.y))
    many = reference.scores.ndim == 2
    odd = "" if many or np.isin(reference.y, (0.0, 1.0)).all() else "the labels are not 0 and 1"
    why = _unfit(reference.scores) or odd or metric.undecidable(reference.y)
    if why:
        return replace(nothing, why=why)
    draws: Draws = (
        class_calibrations(reference.y, reference.scores, draws=DRAWS, rng=rng)
        if many
        else BetaDraws(beta_calibrations(reference.y, reference.scores, draws=DRAWS, rng=rng))
    )
    learned = replace(nothing, draws=draws)
    design, freedom = _design_effect(learned, reference, rng)
    return replace(learned, design=design, freedom=freedom)


def estimate_performance(learned: Calibration, scores: npt.ArrayLike, *, confidence: float, rng: np.random.Generator) -> Estimate:
    """Return what the metric should be on rows with these scores, with one-sided bounds at `confidence`.

    Status `not estimated` says why in `detail`: nothing was learned, scores that are no probabilities, or too few rows for the metric.

    >>> rng = np.random.default_rng(0)
    >>> p = rng.uniform(size=4000)
    >>> class Wrong:
    ...     name, greater_is_better = "error_rate", False
    ...     undecidable = staticmethod(lambda y: None)
    ...     value = staticmethod(lambda y, s: float(((s >= 0.5) != y).mean()))
    >>> known = Scored(y=(rng.uniform(size=4000) < p).astype(float), scores=p, batches=np.full(4000, "all"))
    >>> sure = estimate_performance(learn_calibration(known, metric=Wrong(), rng=rng), np.full(500, 0.9), confidence=0.95, rng=rng)
    >>> sure.low < 0.1 < sure.high, sure.high - sure.low < 0.1
    (True, True)
    """
    new = np.asarray(scores, dtype=np.float64)
    nothing = Estimate(metric=learned.metric.name, status="not estimated", n=len(new), n_reference=learned.n, design=learned.design)
    if why := learned.why or _unfit(new):
        return replace(nothing, detail=why)
    drawn = _drawn(learned.draws.labels(new, rng), new, metric=learned.metric)
    if len(drawn) < DRAWS / 2:
        return replace(nothing, detail="the rows are too few, or their scores too sure, to measure the metric on")
    value, reach = float(drawn.mean()), float(quantile(confidence, learned.freedom) * drawn.std(ddof=1) * np.sqrt(learned.design))
    return replace(nothing, status="estimated", value=value, low=value - reach, high=value + reach)


def held_against(estimate: Estimate, *, truth: float | None, labelled: int) -> Estimate:
    """Return the estimate with the truth on `labelled` rows, which must be the rows it is about; None: not measured.

    >>> said = Estimate(metric="auc", status="estimated", n=900, n_reference=900, value=0.7, low=0.68, high=0.72)
    >>> held_against(said, truth=0.71, labelled=900).held, held_against(said, truth=0.6, labelled=900).held
    (True, False)
    """
    if truth is None or estimate.low is None or estimate.high is None:
        return estimate
    return replace(estimate, truth=truth, labelled=labelled, held=estimate.low <= truth <= estimate.high)


def trusted(estimate: Estimate, earlier: Sequence[Estimate]) -> Estimate:
    """Return the estimate, or one that says it cannot tell, by how the `earlier` ones (in the order of time) held.

    A true 90 % interval misses twice in a row by chance once in a hundred windows, three times in six about as often.
    """
    recent = [one.held for one in earlier if one.held is not None][-RECENT:]
    missed = recent.count(False)
    doubt = missed >= OF_RECENT or (len(recent) >= IN_A_ROW and not any(recent[-IN_A_ROW:]))
    if estimate.status != "estimated" or not doubt:
        return estimate
    return replace(estimate, status="cannot tell", detail=MISSED.format(missed=missed, scored=len(recent)))


def _unfit(scores: Floats) -> str:
    if not len(scores):
        return "no rows"
    return "" if np.isfinite(scores).all() and scores.min() >= 0 and scores.max() <= 1 else "the scores are no probabilities"


def _drawn(labels: Iterable[Floats], scores: Floats, *, metric: Metric) -> Floats:
    """The metric on each set of drawn labels; draws that cannot be measured are left out."""
    return np.array(values_of(metric, [y for y in labels if metric.undecidable(y) is None], scores))


def _design_effect(learned: Calibration, reference: Scored, rng: np.random.Generator) -> tuple[float, int]:
    """How much more than coins the reference's days move the metric, in variance, and the degrees of freedom: (1, 0) for too few days."""
    drawn = learned.draws.few(LEFT_OUT_DRAWS).labels(reference.scores, rng)
    values = _leaving_out(learned.metric, [reference.y, *drawn], reference)
    if len(values) < FEWEST_BLOCKS:
        return 1.0, 0
    expected = values[:, 1:].mean(axis=1)
    coins = (values[:, 1:] - expected[:, None]).var(axis=0, ddof=1).mean() * LEFT_OUT_DRAWS / (LEFT_OUT_DRAWS - 1)
    found = (values[:, 0] - expected).var(ddof=1) - coins / LEFT_OUT_DRAWS
    excess = (found / coins - 1) * len(values) / (len(values) - 3) if coins > 0 else 0.0
    return 1 + max(0.0, float(excess)), len(values) - 1


def _leaving_out(metric: Metric, labels: Sequence[Floats], reference: Scored) -> Floats:
    """The metric on each column of labels without one day after the other (days x columns); more than 40 days are left out as 40 runs of days.

    Days without which it cannot be measured are skipped; of fewer than eight days none is left out.
    """
    days, values = np.unique(reference.batches), []
    if len(days) < FEWEST_BLOCKS:
        return np.empty((0, len(labels)))
    for block in np.array_split(days, min(len(days), MOST_BLOCKS)):
        kept = ~np.isin(reference.batches, block)
        if all(metric.undecidable(y[kept]) is None for y in labels):
            values.append(values_of(metric, [y[kept] for y in labels], reference.scores[kept]))
    return np.array(values)
