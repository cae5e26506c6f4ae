"""Performance before labels: what a metric should be on rows without labels, if scores still mean what they meant.

Confidence-based performance estimation (CBPE; NannyML's documentation, *Confidence-based Performance Estimation*; Guillory et al., ICCV
2021): rows whose labels are known and which the model has not trained on teach how often each score comes true; labels are then drawn
for the new rows from their own scores. The calibration of two classes is beta calibration (Kull, Silva Filho & Flach, AISTATS 2017), a logistic
regression on log s and -log(1 - s): three numbers, so that it hardly overfits. Of more it is vector scaling (`class_calibration.py`), a number and one a class.
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

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from keepfit.monitor.class_calibration import class_calibrations, class_chances, drawn_classes
from keepfit.records import Estimate
from keepfit.stats.bounds import quantile
from keepfit.stats.metric import Metric, values_of

Floats = npt.NDArray[np.float64]
DRAWS, LEFT_OUT_DRAWS = 100, 5
CLIP = 1e-6
IDENTITY: Floats = np.array([1.0, 1.0, 0.0])
PULL, STEPS, TOLERANCE = 10.0, 50, 1e-8
FEWEST_BLOCKS, MOST_BLOCKS = 8, 40
IN_A_ROW, OF_RECENT, RECENT = 2, 3, 6
MISSED = "cannot tell: its interval missed the truth of {missed} of the last {scored} labelled windows; what labels taught before no longer holds"


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Labelled rows that the model has not trained on: labels (codes of many classes), scores, and each row's batch (its day)."""

    y: Floats
    scores: Floats
    batches: npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What a reference teaches: draws of the numbers of the calibration, and the metric's design effect with its degrees of freedom.

    Freedom 0: too few days to learn a design effect, which then is 1. `why` says why nothing was learned.
    """

    metric: Metric
    n: int
    draws: Floats = field(default_factory=lambda: np.empty((0, 3)))
    design: float = 1.0
    freedom: int = 0
    why: str = ""

    def labels(self, scores: Floats, rng: np.random.Generator) -> Iterator[Floats]:
        """Yield labels of the rows, drawn from their chances: one set a draw of the calibration."""
        if scores.ndim == 2:
            yield from (drawn_classes(class_chances(theta, scores), rng) for theta in self.draws)
        else:
            chances = np.asarray(expit(self.draws @ _terms(scores).T))
            yield from (rng.random(chances.shape) < chances).astype(np.float64)


def learn_calibration(reference: Scored, *, metric: Metric, rng: np.random.Generator) -> Calibration:
    """Learn how often each score comes true, and how much more than chance the metric differs from batch to batch."""
    nothing = Calibration(metric=metric, n=len(reference.y))
    many = reference.scores.ndim == 2
    odd = "" if many or np.isin(reference.y, (0.0, 1.0)).all() else "the labels are not 0 and 1"
    why = _unfit(reference.scores) or odd or metric.undecidable(reference.y)
    if why:
        return replace(nothing, why=why)
    draws = class_calibrations(reference.y, reference.scores, draws=DRAWS, rng=rng) if many else _beta_calibrations(reference, rng)
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
    drawn = _drawn(learned.labels(new, rng), new, metric=learned.metric)
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


def _terms(scores: Floats) -> Floats:
    """What the log odds are linear in: log s, -log(1 - s) and 1."""
    s = np.clip(scores, CLIP, 1 - CLIP)
    return np.stack([np.log(s), -np.log1p(-s), np.ones(len(s))], axis=1)


def _beta_calibrations(reference: Scored, rng: np.random.Generator) -> Floats:
    """Draws from the normal law of the fitted calibration, which is pulled to "scores mean what they say" as by a few rows."""
    terms, theta = _terms(reference.scores), IDENTITY.copy()
    for _ in range(STEPS):
        chance = expit(terms @ theta)
        hessian = terms.T @ (terms * (chance * (1 - chance))[:, None]) + PULL * np.eye(3)
        step = np.linalg.solve(hessian, terms.T @ (reference.y - chance) - PULL * (theta - IDENTITY))
        while _loss(theta + step, terms, reference.y) > _loss(theta, terms, reference.y) and np.abs(step).max() > TOLERANCE:
            step = step / 2
        theta = theta + step
        if np.abs(step).max() <= TOLERANCE:
            break
    return rng.multivariate_normal(theta, np.linalg.inv(hessian), size=DRAWS, method="cholesky")


def _loss(theta: Floats, terms: Floats, y: Floats) -> float:
    """The negative log likelihood with the pull; convex, so that halved Newton steps reach its only minimum."""
    odds = terms @ theta
    return float(np.sum(np.logaddexp(0.0, odds) - y * odds) + PULL / 2 * np.sum((theta - IDENTITY) ** 2))


def _drawn(labels: Iterable[Floats], scores: Floats, *, metric: Metric) -> Floats:
    """The metric on each set of drawn labels; draws that cannot be measured are left out."""
    return np.array(values_of(metric, [y for y in labels if metric.undecidable(y) is None], scores))


def _design_effect(learned: Calibration, reference: Scored, rng: np.random.Generator) -> tuple[float, int]:
    """How much more than coins the reference's days move the metric, in variance, and the degrees of freedom: (1, 0) for too few days."""
    few = replace(learned, draws=learned.draws[:LEFT_OUT_DRAWS])
    values = _leaving_out(learned.metric, [reference.y, *few.labels(reference.scores, rng)], reference)
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
