"""What a candidate is worth, from labels and both models' scores on the same rows; or, without costs, from the scorecard's own gain.

>>> from keepfit.evaluate.impact.verdict import break_even
>>> row = {"slice": "overall", "metric": "roc_auc", "rule": "any", "bound": 0.0, "champion": 0.7, "challenger": 0.72, "p_value": 0.1}
>>> measured = ScoreRow(**row, difference=0.02, low=0.004, high=0.036, n=900, status="pass", confidence=0.95)
>>> found = of_metric((measured,), "roc_auc", price=0.05)
>>> found.unit, found.a_window, round(found.confidence, 2), break_even(found).windows
('roc_auc', (0.02, 0.004, 0.036), 0.9, 3)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.impact.costs import ErrorCosts, MatrixCosts, costs_of
from keepfit.evaluate.impact.paired import PairedMean, paired_mean
from keepfit.evaluate.impact.selection import LabelSelection, largest_gain
from keepfit.evaluate.impact.verdict import judged
from keepfit.params import Params
from keepfit.params.impact import PriceParams
from keepfit.records import Composition, ScoreRow
from keepfit.records.impact import Impact
from keepfit.slices.name import OVERALL

OF_PEOPLE = ("gold", "annotator")
CALIBRATED = "the threshold is best where probabilities are calibrated, which is assumed"


@dataclass(frozen=True, kw_only=True)
class ServedVolume:
    """How many rows a window has, and how many of the candidate's labels people gave."""

    rows_a_window: float
    labels: int = 0

    @classmethod
    def of(cls, composition: Composition, judged_rows: int) -> ServedVolume:
        """Count them in a composition: the mean of the windows that have rows that judge; where it names none, the rows that were judged are one window's."""
        judging = {part.window for part in composition.parts if part.part == "evaluate" and part.rows}
        rows = sum(part.rows for part in composition.parts if part.window in judging)
        labels = sum(count.train + count.judge for count in composition.labels if count.origin in OF_PEOPLE)
        return cls(rows_a_window=rows / len(judging) if judging else float(judged_rows), labels=labels)


def impact_of(params: Params, scored: ScoredRows, volume: ServedVolume, selection: LabelSelection | None = None) -> Impact | None:
    """Return what the challenger is worth against the champion, as `impact` in params prices answers; None without costs, or without a champion.

    `selection` is what is known of which rows have labels at all; None: labels are missing for no reason of theirs.
    """
    costs = costs_of(params)
    if costs is None or scored.champion is None:
        return None
    why = scored.broken or ("no labelled row to measure on" if not len(scored.y) else None) or (selection.refused(costs) if selection is not None else None)
    found = None if why else _paired(params, scored, costs, selection)
    asked, notes = params.impact, (why, found.why if found else None, _assumed(params), selection.note if selection is not None and not why else None)
    measured = Impact(
        unit=asked.unit or "",
        measure="loss" if asked.loss is not None else "costs",
        gain=None if found is None else found.mean,
        low=None if found is None else found.low,
        high=None if found is None else found.high,
        confidence=params.evaluate.confidence,
        n=len(scored.y),
        clusters=None if found is None else found.clusters,
        design=None if found is None else found.design,
        rows_a_window=float(asked.rows_a_window or volume.rows_a_window),
        price=_price(asked.prices, volume.labels),
        horizon=asked.horizon_windows,
        threshold=costs.threshold if isinstance(costs, MatrixCosts) else None,
        notes=tuple(note for note in notes if note),
    )
    unbounded = selection is not None and selection.probability is None
    return replace(judged(measured), labels=None) if unbounded else judged(measured)


def _assumed(params: Params) -> str | None:
    return CALIBRATED if params.impact.threshold == "best" else None


def _paired(params: Params, scored: ScoredRows, costs: MatrixCosts | ErrorCosts, selection: LabelSelection | None) -> PairedMean | None:
    """The mean gain with its interval; where labels are missing for a reason that nobody recorded, the middle of its ends with theirs."""
    if scored.champion is None:
        return None
    gains = costs.rows(scored.y, scored.champion) - costs.rows(scored.y, scored.challenger)
    mean = partial(paired_mean, confidence=params.evaluate.confidence, clusters=scored.clusters, cluster=scored.cluster)
    if selection is None or selection.weights is not None:
        return mean(gains, weights=None if selection is None else selection.weights)
    largest = largest_gain(costs) if isinstance(costs, MatrixCosts) else 0.0
    low, high = (mean(each) for each in selection.ends(gains, largest=largest))
    return replace(low, mean=(low.mean + high.mean) / 2, high=high.high)


def _price(prices: PriceParams | None, labels: int) -> float | None:
    return None if prices is None else prices.training + prices.review + prices.label * labels


def of_metric(rows: Sequence[ScoreRow], metric: str, *, price: float | None = None, horizon: int | None = None) -> Impact | None:
    """Return what a candidate is worth in the metric that decides, from its overall row; None where that has no difference.

    `price` is what one retraining and its review are worth, in the metric × windows (`update.price`). The interval is the row's own.
    """
    row = next((one for one in rows if one.slice == OVERALL and one.metric == metric and one.difference is not None), None)
    if row is None:
        return None
    confidence = 0.0 if row.confidence is None else 2 * row.confidence - 1
    found = Impact(
        unit=metric,
        measure="metric",
        gain=row.difference,
        low=row.low,
        high=row.high,
        confidence=confidence,
        n=row.n,
        clusters=row.clusters,
        design=row.design,
        price=price,
        horizon=horizon,
    )
    return judged(found)
