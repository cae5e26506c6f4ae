"""Candidates that are all alike, tried one after the other on the same rows until one passes: how often one does, and what rows that nobody picked by say.

Each row has an ability of its own, each candidate an error on it that it shares with the others by `alike`; the champion's errors are drawn in the same way.
What is measured is accuracy, whose paired gain is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from keepfit.evaluate.compare import ScoredRows, compare
from keepfit.evaluate.confirmation import confirmed
from keepfit.evaluate.rules import LaterAttempt, judge
from keepfit.params import RuleParams
from keepfit.rule_kinds.spending import spent
from keepfit.stats.metrics import Accuracy

CONFIDENCE = 0.95
TWO_SIDED = 0.975  # each end of an interval that holds 95 % of the time


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Of so many runs: in how many some candidate passed, with the error spent over attempts and without; and of the best one, by the rows that judged,
    its mean gain there and on rows that no rule saw, beside the true one, and how often the latter's 95 % interval held the true gain."""

    runs: int
    passed: float
    passed_unspent: float
    judged_gain: float
    unseen_gain: float
    true_gain: float
    covered: float

    def error(self, rate: float) -> float:
        """One sigma of a rate of these runs."""
        return float(np.sqrt(max(rate * (1 - rate), 1e-9) / self.runs))


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`attempts` candidates whose true accuracy is `gain` above the champion's, on so many judging and unseen rows, by a rule of this kind and bound."""

    attempts: int
    gain: float
    kind: str = "not_worse_than"
    bound: float = 0.02
    rows: int = 1000
    unseen: int = 500
    alike: float = 0.5


RIGHT = 0.75


def tried(trial: Trial, runs: int, *, seed: int, confidence: float = CONFIDENCE) -> Tried:
    """Play the trial so often."""
    rng = np.random.default_rng(seed)
    found = [_run(trial, rng, confidence) for _ in range(runs)]
    passed, unspent, judged, unseen, covered = (np.array(column, dtype=float) for column in zip(*found, strict=True))
    return Tried(
        runs=runs, passed=passed.mean(), passed_unspent=unspent.mean(), judged_gain=judged.mean(), unseen_gain=unseen.mean(), true_gain=trial.gain,
        covered=covered.mean(),
    )  # fmt: skip


def _run(trial: Trial, rng: np.random.Generator, confidence: float) -> tuple[bool, bool, float, float, bool]:
    """Try the candidates one after the other on the same rows."""
    total = trial.rows + trial.unseen
    shared = rng.normal(size=total)
    champion = _right(shared, RIGHT, trial, rng)
    candidates = [_right(shared, RIGHT + trial.gain, trial, rng) for _ in range(trial.attempts)]
    seen = slice(0, trial.rows)
    statuses = [_status(trial, champion[seen], one[seen], number, confidence) for number, one in enumerate(candidates, start=1)]
    unspent = [_status(trial, champion[seen], one[seen], 1, confidence) for one in candidates]
    gains = [float(one[seen].mean() - champion[seen].mean()) for one in candidates]
    best = int(np.argmax(gains))
    after = confirmed(Accuracy(), _scored(champion[trial.rows :], candidates[best][trial.rows :]), rows="unseen", confidence=TWO_SIDED)
    held = after.low <= trial.gain <= after.high
    return "pass" in statuses, "pass" in unspent, gains[best], after.gain, held


def _right(shared: np.ndarray, share: float, trial: Trial, rng: np.random.Generator) -> np.ndarray:
    """Whether a model of that accuracy is right on each row."""
    own = np.sqrt(trial.alike) * shared + np.sqrt(1 - trial.alike) * rng.normal(size=len(shared))
    return (own < NormalDist().inv_cdf(share)).astype(float)


def _scored(champion: np.ndarray, candidate: np.ndarray) -> ScoredRows:
    """Labels that are all 1 and scores that are 1 where a model is right: accuracy is the share of them."""
    return ScoredRows(y=np.ones(len(champion)), champion=champion, challenger=candidate)


def _status(trial: Trial, champion: np.ndarray, candidate: np.ndarray, attempt: int, confidence: float) -> str:
    """What the evaluation says of a candidate as that attempt."""
    rows, metric = _scored(champion, candidate), Accuracy()
    first = compare(metric, rows, name="overall", confidence=confidence, min_rows=0)
    higher = spent(confidence, attempt)
    wide = compare(metric, rows, name="overall", confidence=higher, min_rows=0)
    again = None if attempt == 1 else LaterAttempt(number=attempt, comparisons=[wide], confidence=higher)
    rule = RuleParams(kind=trial.kind, metric=metric.name, bound=trial.bound)
    [row] = judge({"r": rule}, [first], metric=metric.name, first=False, confidence=confidence, again=again)
    return row.status
