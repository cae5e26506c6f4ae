"""Forgetting: what models in the order of their promotion score on windows of the past, and how much of it the newest has lost.

The definitions are those of continual learning, whose *task* is a window here. `a[k, j]` is the metric of model `k` on the frozen holdout of window `j`.

| | defined as | by |
|---|---|---|
| backward transfer | mean over `j` of `a[K, j] - a[first(j), j]` | Lopez-Paz & Ranzato, NeurIPS 2017 |
| average forgetting | mean over `j` of `max over k < K of a[k, j] - a[K, j]` | Chaudhry, Dokania, Ajanthan & Torr, ECCV 2018 |

`K` is the newest model, `first(j)` the first one known whose training data reach the end of window `j` (their `a[j, j]`, "just after learning"), and
`j` runs over the windows that an earlier model had learned. A metric that is better when smaller is turned round, so that a negative transfer and a
positive forgetting are losses whatever the metric. Both are in the metric's unit; the survey of De Lange et al. (arXiv 1909.08383) measures methods by them.

Blind to windows that no model at hand had learned, and to the future: what is forgotten costs only where it comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from keepfit.evaluate.compare import Comparison
from keepfit.records import Scorecard
from keepfit.slices.past_entries import WINDOW
from keepfit.stats.arrays import Array
from keepfit.stats.bounds import quantile
from keepfit.tables.windows import parse_window_id

CANDIDATE = "candidate"

Flags = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False, kw_only=True)
class PastScores:
    """Values of a metric, a row a model (the oldest first) and a column a window, NaN where unknown; `learned`: the model's training data cover the window.

    Raises `ValueError` for other shapes.

    >>> scores = PastScores(
    ...     models=("1", "2", "3"), windows=("2013-01", "2013-02"), greater_is_better=True,
    ...     values=np.array([[0.90, np.nan], [0.85, 0.80], [0.70, 0.82]]), learned=np.array([[True, False], [True, True], [True, True]]),
    ... )
    >>> round(scores.backward_transfer, 4), round(scores.average_forgetting, 4)
    (-0.09, 0.09)
    """

    models: tuple[str, ...]
    windows: tuple[str, ...]
    values: Array
    learned: Flags
    greater_is_better: bool

    def __post_init__(self) -> None:
        """Refuse what is no matrix of models and windows."""
        shape = (len(self.models), len(self.windows))
        if self.values.shape != shape or self.learned.shape != shape:
            raise ValueError(f"values and learned must be of shape {shape}, got {self.values.shape} and {self.learned.shape}")

    @property
    def backward_transfer(self) -> float | None:
        """Return the mean change on learned windows since each was first learned; None where no earlier model had learned any."""
        first = [next((value for value, knows in zip(*column, strict=True) if knows and np.isfinite(value)), None) for column in self._before()]
        return _mean([new - old for new, old in zip(self._newest(), first, strict=True) if old is not None and np.isfinite(new)])

    @property
    def average_forgetting(self) -> float | None:
        """Return the mean loss on learned windows against the best earlier model; None as for the transfer."""
        best = [max((value for value, knows in zip(*column, strict=True) if knows and np.isfinite(value)), default=None) for column in self._before()]
        return _mean([old - new for new, old in zip(self._newest(), best, strict=True) if old is not None and np.isfinite(new)])

    def _before(self) -> list[tuple[Array, Flags]]:
        """Of each window the values of all models but the newest, larger ones better, and which had learned it."""
        signed = self.values if self.greater_is_better else -self.values
        return [(signed[:-1, at], self.learned[:-1, at]) for at in range(len(self.windows))]

    def _newest(self) -> Sequence[float]:
        signed = self.values if self.greater_is_better else -self.values
        return [float(value) for value in signed[-1]] if self.models else []


def past_scores(cards: Sequence[Scorecard], metric: str, *, greater_is_better: bool) -> PastScores:
    """Return what each champion scored on each past window, and the newest candidate, from scorecards in the order of time (the newest last).

    A champion's value is the newest that was measured of it; what it scored as a candidate is another model's where a refit was shipped. It had learned the
    windows that end by its training data. Blind to models that no later candidate was compared with, and to windows that were retired by then.
    """
    values: dict[tuple[str, str], float] = {}
    until: dict[str, datetime | None] = {}
    for card in cards:
        if card.champion is not None:
            until[card.champion.version] = card.champion.trained_until
            values |= {(card.champion.version, name): value for name, value in _measured(card, metric, "champion")}
    last = cards[-1] if cards and cards[-1].champion is not None else None
    values |= {(CANDIDATE, name): value for name, value in (_measured(last, metric, "challenger") if last else ())}
    models = [model for model in (*until, CANDIDATE) if any(known == model for known, _ in values)]
    windows = sorted({name for _, name in values}, key=lambda name: parse_window_id(name).order)
    return PastScores(
        models=tuple(models),
        windows=tuple(windows),
        values=np.array([[values.get((model, name), np.nan) for name in windows] for model in models], np.float64).reshape(len(models), len(windows)),
        learned=np.array([[_had(until.get(model), name) for name in windows] for model in models], np.bool_).reshape(len(models), len(windows)),
        greater_is_better=greater_is_better,
    )


def _measured(card: Scorecard, metric: str, side: Literal["champion", "challenger"]) -> list[tuple[str, float]]:
    """The windows of a scorecard with one side's value."""
    rows = [row for row in card.rows_of("past") if row.metric == metric and row.slice.startswith(f"{WINDOW}=")]
    found = [(row.slice.removeprefix(f"{WINDOW}="), row.champion if side == "champion" else row.challenger) for row in rows]
    return [(name, value) for name, value in found if value is not None]


def _had(until: datetime | None, window: str) -> bool:
    """Whether training data until then cover a window; where neither says, it is taken to."""
    end = parse_window_id(window).end
    return until is None or end is None or end <= until


def of_windows(compared: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Return those of the windows: an incident's rows are rows of a window too."""
    return tuple(one for one in compared if one.slice.startswith(f"{WINDOW}="))


@dataclass(frozen=True, kw_only=True)
class MeanGain:
    """The mean gain over windows, each of which weighs alike, with one-sided bounds."""

    gain: float
    low: float
    high: float
    windows: int


def mean_gain(compared: Sequence[Comparison], *, confidence: float) -> MeanGain | None:
    """Return the challenger's mean gain over the champion on these windows; None where none was measured.

    Its variance is that of independent windows, whose rows are not the same: `sum of error² / windows²`; normal bounds. Of two models, of which the first
    had learned the windows, the mean is the backward transfer. Blind to how other windows would differ: it is of these.

    >>> from keepfit.stats.metric import Difference
    >>> def on(gain):
    ...     made = Difference(value_a=0.7, value_b=0.7 + gain, gain=gain, low=gain - 0.033, high=gain + 0.033, p_harm=0.5, n=900, error=0.02)
    ...     return Comparison(slice="window=2013-01", metric="roc_auc", n=900, status="measured", difference=made)
    >>> found = mean_gain([on(-0.06), on(0.02), on(-0.02), on(-0.02)], confidence=0.95)
    >>> round(found.gain, 4), round(found.low, 4), round(found.high, 4), found.windows
    (-0.02, -0.0364, -0.0036, 4)
    """
    gains = [one.difference for one in compared if one.difference is not None]
    if not gains:
        return None
    mean = sum(one.gain for one in gains) / len(gains)
    error = float(np.sqrt(sum(one.error**2 for one in gains))) / len(gains)
    reach = quantile(confidence, 0) * error
    return MeanGain(gain=mean, low=mean - reach, high=mean + reach, windows=len(gains))


def _mean(values: Sequence[float]) -> float | None:
    return float(sum(values)) / len(values) if values else None
