"""The classifier two-sample test: can a classifier tell which side a row is from?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.detectors.sides import unmeasured
from keepfit.monitor.rows import SUBJECT, Floats
from keepfit.records import Evidence


@dataclass(frozen=True)
class ClassifierTest:
    """Train gradient-boosted trees on half of both samples to tell them apart; `statistic` is their ROC AUC on the other half.

    `effect` is 2 AUC - 1, 0 where it is negative: 0 for samples that cannot be told apart, 1 for samples that always can; never above the
    total variation distance but for chance. p is the one-sided Mann-Whitney test of the held-out scores (normal, ties corrected,
    continuity corrected), valid for any classifier because the halves are disjoint. (Lopez-Paz & Oquab, ICLR 2017; on the AUC instead
    of the accuracy, which needs no threshold and no equal sizes, Hediger, Michel & Näf, Comput. Stat. Data Anal. 170, 2022.)

    Blind to what half of the rows cannot teach a classifier: less powerful than a test made for the change at hand. Rows that depend on
    one another and fall into both halves make p too small. Which columns gave it away it does not say.

    >>> rng = np.random.default_rng(0)
    >>> a, b = rng.normal(size=(400, 2)), rng.normal(size=(400, 2)) + 1
    >>> found = ClassifierTest().compare(a, b, rng=rng)
    >>> found.effect > 0.5, found.p_value < 0.001
    (True, True)
    """

    name: ClassVar[str] = "c2st"
    effect: ClassVar[Effect] = Effect(unit="distance")
    least_rows: ClassVar[int] = 40
    words: ClassVar[str] = "how well a classifier tells which side a row is from"
    iterations: int = 50

    def compare(self, reference: Floats, current: Floats, *, rng: np.random.Generator) -> Evidence:
        """Return the evidence; with fewer than 40 rows on a side statistic, effect and p are None."""
        n, m = len(reference), len(current)
        nothing = unmeasured(self.name, SUBJECT, n=m, n_reference=n, why=f"fewer than {self.least_rows} rows on one side")
        if min(n, m) < self.least_rows:
            return nothing
        scores = self._held_out(reference, current, rng)
        area, p = mann_whitney(*scores)
        return replace(nothing, statistic=area, effect=max(2 * area - 1, 0.0), p_value=p, detail="")

    def _held_out(self, reference: Floats, current: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """The classifier's scores of the rows it was not trained on, by side."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        sides = [rows[rng.permutation(len(rows))] for rows in (reference, current)]
        learned = [rows[: len(rows) // 2] for rows in sides]
        labels = np.repeat([0, 1], [len(rows) for rows in learned])
        weights = np.repeat([1 / len(rows) for rows in learned], [len(rows) for rows in learned]) * len(labels) / 2  # unequal sides count alike
        classifier = HistGradientBoostingClassifier(max_iter=self.iterations, early_stopping=False, random_state=int(rng.integers(2**31)))
        classifier.fit(np.concatenate(learned), labels, sample_weight=weights)
        first, second = (np.asarray(classifier.predict_proba(rows[len(rows) // 2 :])[:, 1]) for rows in sides)
        return first, second


def mann_whitney(a: Floats, b: Floats) -> tuple[float, float]:
    """Return the share of pairs in which b's value is the larger (ties half) and the one-sided p-value of it being above a half.

    >>> mann_whitney(np.array([1.0, 2.0]), np.array([2.0, 3.0]))[0]
    0.875
    """
    n, m = len(a), len(b)
    _, place, repeats = np.unique(np.concatenate([a, b]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(repeats) - (repeats - 1) / 2)[place]
    larger = float(ranks[n:].sum()) - m * (m + 1) / 2
    spread = _spread(n, m, repeats)
    p = float(ndtr(-(larger - n * m / 2 - 0.5) / spread)) if spread else 1.0
    return larger / (n * m), p


def _spread(n: int, m: int, repeats: npt.NDArray[np.int64]) -> float:
    """The standard deviation of the number of won pairs without a change, ties corrected."""
    total = n + m
    ties = float((repeats.astype(np.float64) ** 3 - repeats).sum()) / (total * (total - 1))
    return sqrt(max(n * m / 12 * (total + 1 - ties), 0.0))
