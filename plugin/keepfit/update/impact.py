r"""What a candidate is worth, with what the policy knows: for how many windows it serves, and in the metric what one retraining is worth.

Where params price answers the scorecard's own record is taken, with a horizon where none is named; else the gain is in the metric, and the price is
`update.price`, or what `update.reviews_a_year` makes of it: what the windows until the next review would cost by ageing, m (1 + 2 + … + L), m what a
window of newer data has brought and L the windows from one review to the next (`update/debt.py`).

>>> from keepfit.params import load_params
>>> from keepfit.records import Gain
>>> params = load_params("model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t, window: week}\nupdate: {reviews_a_year: 4}")
>>> windows_until_review(params), round(review_price(params, DebtMemory(newer=(Gain(window="a", start=None, gain=0.01, margin=0.0),))), 2)
(13, 0.91)
"""

from __future__ import annotations

from dataclasses import replace

from keepfit.evaluate.impact.verdict import judged
from keepfit.evaluate.impact.worth import of_metric
from keepfit.params import Params
from keepfit.records import DebtMemory, Impact, Scorecard
from keepfit.update.debt import MONTH_DAYS, YEAR_DAYS, newer_worth

SELECTED = "labels exist only for"
DAYS = {"month": MONTH_DAYS, "week": 7.0, "day": 1.0}


def windows_until_review(params: Params) -> int | None:
    """Return for how many windows a candidate serves: `impact.horizon_windows`, else until the next review; None where windows are a count of rows."""
    if params.impact.horizon_windows is not None:
        return params.impact.horizon_windows
    days = DAYS.get(params.data.window)
    return None if days is None else max(1, round(YEAR_DAYS / params.update.reviews_a_year / days))


def review_price(params: Params, memory: DebtMemory) -> float | None:
    """Return what one retraining and its review are worth, in the metric × windows; None while nothing is known of how fast a model ages."""
    if params.update.price is not None:
        return params.update.price
    worth, length = newer_worth(memory), windows_until_review(params)
    return None if worth is None or length is None or worth <= 0 else worth * length * (length + 1) / 2


def candidate_impact(params: Params, card: Scorecard, memory: DebtMemory) -> Impact | None:
    """Return what the scorecard's candidate is worth; None of a first model, which has nothing to be compared with."""
    horizon = windows_until_review(params)
    if card.impact is not None:
        return _with_horizon(card.impact, horizon)
    found = of_metric(card.judged_rows, card.metric, price=review_price(params, memory), horizon=horizon)
    selected = params.evaluate.selected_labels
    if found is None or selected is None:
        return found
    said = f"labels exist only for {selected.by}: this is the gain on them, that on all rows is not identified in a metric (impact.costs would bound it)"
    return replace(found, verdict="cannot tell", labels=None, notes=(said,))


def _with_horizon(found: Impact, horizon: int | None) -> Impact:
    """The scorecard's record; where it names no horizon, judged by this one: the labels that would decide are none where it named none for a reason."""
    if found.horizon is not None:
        return found
    again = judged(replace(found, horizon=horizon))
    return replace(again, labels=None) if any(note.startswith(SELECTED) for note in found.notes) else again
