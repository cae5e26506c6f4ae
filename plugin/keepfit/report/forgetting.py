"""What a candidate remembers of the past, for SCORECARD.md and in one line for REVIEW.md: champion and challenger on the frozen holdout of each window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.forgetting import MeanGain, PastScores, mean_gain, of_windows
from keepfit.evaluate.past import PastComparisons
from keepfit.records import Scorecard
from keepfit.report.tables import inline, markdown_table, number
from keepfit.rule_kinds.not_shown_worse import USUAL_CONFIDENCE
from keepfit.slices.past_entries import WINDOW
from keepfit.tables.windows import parse_window_id

HEADERS = ("past", "metric", "champion", "challenger", "difference", "interval", "rows", "status")
MOST, NAMED, SHOWN = 40, 3, 12
ABOUT = "Rows of each window's permanent holdout, and of incidents: no model of this project has trained on them."


def forgetting_section(card: Scorecard, past: PastComparisons) -> list[str]:
    """Return the section of SCORECARD.md: a row a window and metric, the backward transfer, what is retired; nothing where nothing was asked for."""
    if not past.judged and not past.retired:
        return []
    status = {(row.slice, row.metric): row.status for row in card.rows_of("past")}
    rows = [_cells(one, status.get((one.slice, one.metric), "shown")) for one in past.judged]
    metrics = dict.fromkeys(one.metric for one in past.judged)
    transfers = [_transfer(card, [one for one in past.judged if one.metric == metric], metric) for metric in metrics]
    parts = [f"## What it remembers\n\n{ABOUT} {' '.join(transfers)}\n\n{markdown_table(HEADERS, rows, max_rows=MOST).rstrip()}"]
    return [*parts, *_retired(past)]


def forgetting_matrix(scores: PastScores, metric: str) -> str:
    """Return the matrix of models and past windows (the newest twelve) as Markdown, with the backward transfer and the average forgetting below it."""
    shown = range(max(0, len(scores.windows) - SHOWN), len(scores.windows))
    rows = [(name, *(None if np.isnan(values[at]) else f"{values[at]:.4f}" for at in shown)) for name, values in zip(scores.models, scores.values, strict=True)]
    table = markdown_table((metric, *(scores.windows[at] for at in shown)), rows, max_rows=MOST)
    numbers = (("backward transfer", scores.backward_transfer), ("average forgetting", scores.average_forgetting))
    told = ", ".join(f"{name} {value:+.4f}" for name, value in numbers if value is not None)
    return f"{table}\n{told or 'no window that an earlier model had learned was measured again: nothing can be said of forgetting'}\n"


def forgetting_data(scores: PastScores, metric: str) -> dict[str, object]:
    """Return the same as plain data; what was not measured is left out."""
    models = [
        {"model": name, "values": {window: float(value) for window, value in zip(scores.windows, values, strict=True) if not np.isnan(value)}}
        for name, values in zip(scores.models, scores.values, strict=True)
    ]
    return {"metric": metric, "models": models, "backward_transfer": scores.backward_transfer, "average_forgetting": scores.average_forgetting}


def forgetting_summary(card: Scorecard) -> str:
    """Return one sentence on what is past, empty where no rule is about it: what is forgotten by name, and how much of it could be told.

    The worst are named first, at most three.
    """
    rows = card.rows_of("past")
    if not rows:
        return ""
    lost = sorted((row for row in rows if row.status == "fail"), key=lambda row: row.difference or 0.0)
    broken = [row for row in rows if row.status == "error"]
    told = f"{number(sum(row.status == 'pass' for row in rows))} of {number(len(rows))} rows on the past pass"
    undecided = sum(row.status == "undecided" for row in rows)
    told += f", {number(undecided)} cannot be told" if undecided else ""
    if not lost and not broken:
        return f"Nothing is shown to be forgotten: {told}."
    named = [f"{inline(row.slice)} ({row.difference or 0.0:+.4f} {inline(row.metric)})" for row in lost] + [f"{inline(row.slice)} (error)" for row in broken]
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"**Forgotten**: {', '.join(named[:NAMED])}{more}; {told}." if lost else f"Not measured: {', '.join(named[:NAMED])}{more}; {told}."


def learned(compared: Sequence[Comparison], until: datetime | None) -> tuple[Comparison, ...]:
    """Return those of windows that end by this time, to which the champion was trained; None: it is not known, and all count."""
    found = []
    for one in of_windows(compared):
        window = one.slice.removeprefix(f"{WINDOW}=")
        end = None if one.difference is None else parse_window_id(window).end
        if until is None or end is None or end <= until:
            found.append(one)
    return tuple(found)


def _transfer(card: Scorecard, compared: Sequence[Comparison], metric: str) -> str:
    """The backward transfer under one metric, in words."""
    confidence = next((row.confidence for row in card.rows_of("past") if row.confidence is not None), USUAL_CONFIDENCE)
    found = mean_gain(learned(compared, card.champion.trained_until if card.champion else None), confidence=confidence)
    if found is None:
        return f"No window that the champion had learned could be measured by {inline(metric)}."
    return f"Backward transfer from the champion's {inline(metric)}: {_interval(found)}, the mean gain over {found.windows} windows that it had learned."


def _interval(found: MeanGain) -> str:
    return f"{found.gain:+.4f} ({found.low:+.4f} to {found.high:+.4f})"


def _retired(past: PastComparisons) -> list[str]:
    if not past.retired:
        return []
    cells = [(*_cells(one, "retired"), past.reasons.get(one.slice, "")) for one in past.retired]
    return [f"Retired by people, shown and not judged:\n\n{markdown_table((*HEADERS, 'reason'), cells, max_rows=MOST).rstrip()}"]


def _cells(one: Comparison, status: str) -> tuple[object, ...]:
    gain = one.difference
    difference = (f"{gain.gain:+.4f}", f"{gain.low:+.4f} … {gain.high:+.4f}") if gain else (None, None)
    return (one.slice, one.metric, _four(one.champion), _four(one.challenger), *difference, one.n, f"{status}: {one.detail}" if one.detail else status)


def _four(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
