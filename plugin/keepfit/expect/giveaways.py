"""Columns that know the target: what a person should look at before a model is trained on them.

| sign | said when |
|---|---|
| gives the target away | the mean target by its values or quantiles, learned on one half of the rows, has AUC or R² of at least `NEAR` on the other |
| is known only afterwards | it is missing where the label is missing, and there where the label is there |
| reads like a prediction | named like one, or calibrated: where it says v the target is v on average, over its whole range |

A legitimate feature may have any of these signs (a lagged target, a running mean): it is a doubt for a person, never a reason to leave a column out.
Blind to leaks spread over several columns and to those that are only partial.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NEAR = 0.95
ENOUGH = 200
"""Labelled rows below which nothing is said of a column's strength."""
ROWS = 20_000
COMMON = 10
"""So many of the commonest classes are looked at."""
BINS = 50
SHRINK = 5.0
APART = 0.95
FEW = 10
PREDICTED = re.compile(r"(^|[_\W])(pred|preds|predicted|prediction|y_?hat|forecast|forecasted|proba|probability)([_\W]|$)", re.IGNORECASE)
SOME = {True: 0.6, False: 0.3}
"""The least AUC (binary) and R² at which a column is worth calling a prediction."""
CALIBRATED = 0.03


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column as it is judged: `values` (NaN where it is no number or missing), and `codes` of its distinct values, -1 where missing."""

    name: str
    values: Floats
    codes: Ints
    numeric: bool


def column_of(name: str, values: Sequence[object], *, numeric: bool) -> Column:
    """Return a column from its values; missing is None or NaN."""
    if numeric:
        numbers = np.asarray(values, dtype=np.float64)
        return Column(name=name, values=numbers, codes=np.where(np.isnan(numbers), -1, 0), numeric=True)
    texts = pa.array([None if value is None or value != value else str(value) for value in values], pa.string()).dictionary_encode()
    codes = np.asarray(texts.indices.fill_null(-1), dtype=np.int64)
    return Column(name=name, values=np.full(len(codes), np.nan), codes=codes, numeric=False)


def giveaway(column: Column, target: Floats, *, classes: int, rng: np.random.Generator) -> str | None:
    """Return the doubt about a column given the target (NaN where there is no label), None where there is none.

    `classes` is how many the target has, 0 of a number; of more than two each is told from the rest, and the AUC is the mean over their rows.
    """
    labelled = np.flatnonzero(~np.isnan(target))
    if len(labelled) < ENOUGH:
        return None
    rows = rng.permutation(labelled)[:ROWS]
    learn, judge = rows[::2], rows[1::2]
    binary = classes > 0
    alone = _alone(column, target, learn, judge, classes=classes)
    measure = "AUC" if binary else "R²"
    if alone >= NEAR:
        return f"gives the target away: {measure} {_shown(alone)} alone; take it out if it is only known after the target"
    if alone >= SOME[binary] and (PREDICTED.search(column.name) or (classes <= 2 and _is_calibrated(column.values[rows], target[rows]))):
        return f"reads like a prediction of the target ({measure} {alone:.2f} alone); take it out if another model made it"
    return None


def strength(column: Column, target: Floats, *, classes: int, rng: np.random.Generator) -> float:
    """Return how well a column alone tells the target, `classes` as in `giveaway`: AUC or R² on rows that it was not learned on; 0 with too few labels."""
    rows = rng.permutation(np.flatnonzero(~np.isnan(target)))[:ROWS]
    return _alone(column, target, rows[::2], rows[1::2], classes=classes) if len(rows) >= ENOUGH else 0.0


def _alone(column: Column, target: Floats, learn: Ints, judge: Ints, *, classes: int) -> float:
    return _strength(column, target, learn, judge, binary=classes > 0) if classes <= 2 else _of_classes(column, target, learn, judge)


def known_afterwards(column: Column, target: Floats) -> str | None:
    """Return the doubt about a column that is missing where the label is missing, and there where it is there; None where there is none."""
    there, labelled = column.codes >= 0, ~np.isnan(target)
    if min(labelled.sum(), (~labelled).sum()) < FEW:
        return None
    if there[labelled].mean() >= APART and there[~labelled].mean() <= 1 - APART:
        return "is there only where the label is: known only afterwards? then take it out"
    return None


def _strength(column: Column, target: Floats, learn: Ints, judge: Ints, *, binary: bool) -> float:
    """How well the column alone tells the target on rows that its means were not learned on."""
    said = _means(_cells(column, learn), target, learn)
    return _auc(target[judge], said[judge]) if binary else max(_r2(target[judge], said[judge]), _line(column.values, target, learn, judge))


def _of_classes(column: Column, target: Floats, learn: Ints, judge: Ints) -> float:
    """How well the column alone tells each of the commonest classes from the rest, a mean over their rows."""
    names, rows = np.unique(target[learn], return_counts=True)
    common = np.argsort(-rows, kind="stable")[:COMMON]
    found = [_strength(column, (target == names[at]).astype(np.float64), learn, judge, binary=True) for at in common]
    return float(np.average(found, weights=rows[common]))


def _cells(column: Column, learn: Ints) -> Ints:
    """A cell for every row: its category, or the quantile of the learning rows that its number lies in; 0 where it is missing."""
    if not column.numeric:
        return column.codes + 1
    known = column.values[learn][np.isfinite(column.values[learn])]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.empty(0)
    return np.where(np.isnan(column.values), 0, np.searchsorted(edges, column.values, side="left") + 1)


def _means(cells: Ints, target: Floats, learn: Ints) -> Floats:
    """For every row the mean target of its cell among the learning rows, drawn to the whole mean by `SHRINK` rows."""
    size, y = int(cells.max()) + 1, target[learn]
    count, total = np.bincount(cells[learn], minlength=size), np.bincount(cells[learn], weights=y, minlength=size)
    return np.asarray((total + SHRINK * y.mean()) / (count + SHRINK))[cells]


def _auc(y: Floats, score: Floats) -> float:
    """The area under the ROC curve by ranks (Mann and Whitney), ties one half; .5 where there is one class only."""
    from scipy.stats import rankdata

    positive = y > y.min()
    n, m = int(positive.sum()), int((~positive).sum())
    return float((rankdata(score)[positive].sum() - n * (n + 1) / 2) / (n * m)) if n and m else 0.5


def _r2(y: Floats, said: Floats) -> float:
    spread = float(((y - y.mean()) ** 2).sum())
    return 1 - float(((y - said) ** 2).sum()) / spread if spread else 0.0


def _line(x: Floats, y: Floats, learn: Ints, judge: Ints) -> float:
    """R² of a straight line on the judging rows: bins are coarse where a tail is long."""
    learn, judge = learn[np.isfinite(x[learn])], judge[np.isfinite(x[judge])]
    if min(len(learn), len(judge)) < ENOUGH // 2 or np.ptp(x[learn]) == 0:
        return 0.0
    slope, start = np.polyfit(x[learn] - x[learn].mean(), y[learn], 1)
    return _r2(y[judge], start + slope * (x[judge] - x[learn].mean()))


def _is_calibrated(x: Floats, y: Floats) -> bool:
    """Whether the target is on average what the column says, in each tenth of its rows: mean differences small against its own spread."""
    kept = np.isfinite(x)
    x, y = x[kept], y[kept]
    if len(x) < ENOUGH or np.std(x) == 0:
        return False
    tenths = np.array_split(np.argsort(x, kind="stable"), 10)
    gaps = [abs(x[rows].mean() - y[rows].mean()) for rows in tenths]
    noise = [np.std(y[rows]) / np.sqrt(len(rows)) for rows in tenths]
    return bool(np.mean(gaps) <= CALIBRATED * np.std(x) + np.mean(noise))


def _shown(strength: float) -> str:
    return f"{min(strength, 0.99):.2f}" if strength < 1 - 1e-9 else "1"
