"""What it takes to serve a model, as scorecard rows of basis `serving`: its size, whether it answers the same twice, loads, answers, and how fast.

| metric | slice | is | by |
|---|---|---|---|
| `size_mb` | overall | the bytes of the model's files, in millions | the stage evaluate |
| `deterministic` | overall | 1: the same rows got the same scores again, in another order and in other batches | the stage evaluate |
| `loads` | overall | 1: MLflow loads the registered version in a process of its own | `keepfit certify` |
| `answers` | overall | 1: it answers its own input example; without one, a row of the table, or of missing values | `keepfit certify` |
| `signature` | overall | 1: it has a signature that names the features, and an example, if there is one, fits it | `keepfit certify` |
| `latency_ms` | batch=1, batch=1000 | milliseconds a row, the 95th of 100 calls | `keepfit certify` |
| `latency_ratio` | batch=1 | the median of a call over that of the champion, asked in turn in the same process | `keepfit certify` |

Each is a fact about these files on this machine, so no interval is drawn. Blind to what a server adds: the network, its queue, other requests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from keepfit.errors import KeepfitError
from keepfit.params.serving import ServingParams
from keepfit.records import ScoreRow, Status
from keepfit.rule_kinds.at_least import AtLeast
from keepfit.rule_kinds.at_most import AtMost
from keepfit.rule_kinds.beside_metrics import ANSWERS, DETERMINISTIC, LATENCY, LOADS, RATIO, SIGNATURE, SIZE
from keepfit.rule_kinds.kind import Measured
from keepfit.slices.name import OVERALL
from keepfit.stats.arrays import Array

if TYPE_CHECKING:
    import pandas as pd

    ScoreRows = Callable[[pd.DataFrame], Array]

BASIS: Final[Literal["serving"]] = "serving"
BATCHES = (1, 1000)
REPEATED_ROWS, FEWEST_ROWS = 2_000, 2
SLACK = 1e-9
"""Scores that differ by no more than this, relative to their size, are the same: sums of floats depend on how many rows are added up at once."""
PERCENTILE, MEGA = 95, 1e6


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """What a process found that loaded the registered version by MLflow: why it does not load, answer or fit its signature (empty: it does); calls in ms.

    `rows` is how many rows each call of the larger batch had; `example` whether the model came with an input example.
    """

    loads: str = ""
    answers: str = ""
    signature: str = ""
    example: bool = False
    rows: int = 0
    single: Sequence[float] = field(default_factory=tuple)
    batch: Sequence[float] = field(default_factory=tuple)
    champion_single: Sequence[float] = field(default_factory=tuple)


def size_row(bytes_: int, champion: int | None, limit: float) -> ScoreRow:
    """Return the row of a model's size, the champion's beside it."""
    size = bytes_ / MEGA
    return _at_most(SIZE, size, limit, champion=None if champion is None else champion / MEGA, n=1, detail=f"{size:,.2f} MB, at most {limit:g}")


def repeated_row(frame: pd.DataFrame, score: ScoreRows) -> ScoreRow:
    """Return the row that says whether a model answers the same to the same rows: again, in another order, and in other batches.

    Of more than 2,000 rows the first ones are asked; the first of them alone, too, as it may be served.
    """
    frame = frame.head(REPEATED_ROWS).reset_index(drop=True)
    if len(frame) < FEWEST_ROWS:
        return _error(DETERMINISTIC, f"{len(frame)} rows, {FEWEST_ROWS} are needed to ask twice", n=len(frame))
    try:
        first = score(frame)
        again = {
            "asked again": score(frame),
            "in another order": score(frame[::-1].reset_index(drop=True))[::-1],
            "in other batches": np.concatenate([score(frame[:1]), score(frame[1:].reset_index(drop=True))]),
        }
    except KeepfitError as bad:
        return _error(DETERMINISTIC, bad.what, n=len(frame))
    if not np.isfinite(first).all():
        return _error(DETERMINISTIC, "some scores are not finite numbers", n=len(frame))
    apart = {how: float(_apart(first, scores)) for how, scores in again.items()}
    odd = next((how for how, far in apart.items() if not far <= SLACK), None)
    detail = "the same scores again, in another order and in other batches" if odd is None else f"{odd}, scores differ by up to {apart[odd]:.3g}"
    return _yes(DETERMINISTIC, odd is None, n=len(frame), detail=detail)


def _apart(one: Array, other: Array) -> np.float64:
    """How far scores are apart at most, relative to their size where that is above 1."""
    return np.max(np.abs(one - other) / np.maximum(1.0, np.abs(one)))


def served_rows(found: ServedModel, wanted: ServingParams, *, first: bool) -> tuple[ScoreRow, ...]:
    """Return the rows of what was found of the registered version; of a `first` model none is compared with a champion."""
    rows = []
    if wanted.loads:
        answered = f"it answers {'its own input example' if found.example else 'a row of the columns that it reads: it has no input example'}"
        rows.append(_yes(LOADS, not found.loads, n=1, detail=found.loads or "MLflow loads it in a process of its own"))
        rows.append(_error(ANSWERS, "it cannot be loaded", n=0) if found.loads else _yes(ANSWERS, not found.answers, n=1, detail=found.answers or answered))
    if wanted.signature:
        rows.append(_yes(SIGNATURE, not found.signature, n=1, detail=found.signature or "it names the features"))
    for batch, calls, limit in ((1, found.single, wanted.max_latency_ms), (BATCHES[1], found.batch, wanted.max_batch_latency_ms)):
        if limit is not None:
            rows.append(_timed(batch, calls, limit, found))
    if wanted.max_latency_ratio is not None and not first:
        rows.append(_ratio(found, wanted.max_latency_ratio))
    return tuple(rows)


def _timed(batch: int, calls: Sequence[float], limit: float, found: ServedModel) -> ScoreRow:
    name = f"batch={batch}"
    rows = 1 if batch == 1 else found.rows
    if not len(calls) or not rows:
        return _error(LATENCY, found.loads or found.answers or "no rows to ask about", n=0, bound=limit, slice_name=name)
    each = np.asarray(calls) / rows
    value, middle = float(np.percentile(each, PERCENTILE)), float(np.median(each))
    detail = f"95 of 100 calls take at most {value:.3g} ms a row (median {middle:.3g}), {rows:,} rows a call, {len(calls)} calls; at most {limit:g}"
    champion = float(np.percentile(np.asarray(found.champion_single), PERCENTILE)) if batch == 1 and len(found.champion_single) else None
    return _at_most(LATENCY, value, limit, champion=champion, n=len(calls), detail=detail, slice_name=name)


def _ratio(found: ServedModel, limit: float) -> ScoreRow:
    if not len(found.single) or not len(found.champion_single):
        return _error(RATIO, found.loads or found.answers or "the champion was not asked", n=0, bound=limit, slice_name="batch=1")
    mine, other = float(np.median(found.single)), float(np.median(found.champion_single))
    detail = f"a call takes {mine:.3g} ms, of the champion {other:.3g} ms (medians, asked in turn): {mine / other:.2f} times, at most {limit:g}"
    return _at_most(RATIO, mine / other, limit, champion=1.0, n=len(found.single), detail=detail, slice_name="batch=1")


def _at_most(
    metric: str, value: float, limit: float, *, champion: float | None, n: int, detail: str, slice_name: str = OVERALL
) -> ScoreRow:  # fmt: skip
    status = AtMost().decide(Measured(value=value, low=value, high=value, n=n, challenger=value), limit).status
    return _row(metric, AtMost.name, limit, value=value, champion=champion, n=n, status=status, detail=detail, slice_name=slice_name)


def _yes(metric: str, holds: bool, *, n: int, detail: str) -> ScoreRow:
    return _row(metric, AtLeast.name, 1.0, value=float(holds), champion=None, n=n, status="pass" if holds else "fail", detail=detail, slice_name=OVERALL)


def _error(metric: str, detail: str, *, n: int, bound: float = 1.0, slice_name: str = OVERALL) -> ScoreRow:
    kind = AtMost.name if metric in (LATENCY, RATIO) else AtLeast.name
    return _row(metric, kind, bound, value=None, champion=None, n=n, status="error", detail=detail, slice_name=slice_name)


def _row(
    metric: str, rule: str, bound: float, *, value: float | None, champion: float | None, n: int, status: Status, detail: str, slice_name: str
) -> ScoreRow:  # fmt: skip
    return ScoreRow(
        slice=slice_name, metric=metric, rule=rule, bound=bound, champion=champion, challenger=value, difference=None,
        low=None, high=None, p_value=None, n=n, status=status, detail=detail, basis=BASIS,
    )  # fmt: skip
