"""Which time features are worth proposing for an own table: those that surely help on the last third of its first rows, learned on the two before.

Each is tried on top of those that helped before it, in the order hour, weekday, month; it helps where the lower bound of the paired gain, corrected for how
many are tried, is above 0. Rows are drawn (seeded), so the trial takes about as long for any table.

Blind to a feature that helps only together with one that does not, and to what a later season would say. A month is never tried on less than two
years of rows to learn from: in one year it is just another name for whatever else was so in that month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from keepfit.params import TIME_FEATURES, DataParams, FeatureKind
from keepfit.records import TimeFeature, TimeFeatures
from keepfit.stats.known_metric import metric_named
from keepfit.tables.labels import are_known
from keepfit.tables.origins import origins
from keepfit.tables.time_features import in_frame

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.expect.own_table import TableFacts

Floats = npt.NDArray[np.float64]
Fit = Callable[["pd.DataFrame", Floats, "pd.DataFrame", Mapping[str, FeatureKind]], Floats]
"""Learn the labels of the first frame's rows by these features, and score the second's rows."""

TRIED: dict[TimeFeature, timedelta] = {"hour": timedelta(days=2), "weekday": timedelta(days=14), "month": timedelta(days=731)}
"""What is tried, each with the time that the rows to learn from must span: two turns of its cycle."""
LEARNED, JUDGED, FEWEST = 10_000, 5_000, 100
CONFIDENCE = 0.95
SEED = 0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The features that helped, and the metric on the judging rows without and with them; `low` is the lower bound of what they gain."""

    names: tuple[TimeFeature, ...]
    metric: str
    without: float
    with_them: float
    low: float
    rows: int

    @property
    def sentence(self) -> str:
        """What was measured, for a reader of params.yaml."""
        said = f"{self.metric} {_shown(self.with_them)} with them, {_shown(self.without)} without (a gain surely above {_shown(self.low)})"
        return f"measured on {self.rows:,} of the first windows' last rows: {said}"


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def try_time_features(first: pd.DataFrame, facts: TableFacts, fit: Fit) -> Trial | None:
    """Return the time features that help on the first rows (those before `facts.as_of`, labelled or not); None where none does, or rows are too few to say."""
    time, target = facts.asked.time, facts.asked.target
    rows = first[are_known(first[target].to_numpy("float64"))].sort_values(time, kind="stable", ignore_index=True)
    if len(rows) < 3 * FEWEST:
        return None
    cut = rows[time].iloc[2 * len(rows) // 3].normalize()
    learn, judge = _drawn(rows[rows[time] < cut], LEARNED), _drawn(rows[rows[time] >= cut], JUDGED)
    if min(len(learn), len(judge)) < FEWEST:
        return None
    span = learn[time].max() - learn[time].min()
    taken = {*facts.features, *facts.left_out, facts.id, time, target}
    names = [name for name, turns in TRIED.items() if span >= turns and name not in taken]
    return _tried(learn, judge, facts, names, fit)


def _drawn(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """So many of the rows, in their order; drawn, as every k-th row of an hourly table would be of one hour."""
    if len(rows) <= most:
        return rows
    return rows.iloc[np.sort(np.random.default_rng(SEED).choice(len(rows), most, replace=False))]


def _tried(learn: pd.DataFrame, judge: pd.DataFrame, facts: TableFacts, names: list[TimeFeature], fit: Fit) -> Trial | None:
    """Add one after the other; each has to help those that are there already."""
    derived = TimeFeatures(column=facts.asked.time, timezone="UTC", names=tuple(names))
    learn, judge = in_frame(learn, derived), in_frame(judge, derived)
    names = [name for name in names if learn[name].nunique() > 1]
    metric, y = metric_named(facts.metrics[0], where="keepfit init"), judge[facts.asked.target].to_numpy("float64")
    taught = learn[facts.asked.target].to_numpy("float64")
    found = origins(DataParams(live="", time=facts.asked.time), judge).clusters()
    clusters = None if found is None else found.codes
    if not names or metric.undecidable(y, clusters=clusters) or metric.undecidable(taught):
        return None
    confidence = 1 - (1 - CONFIDENCE) / len(names)
    helped: list[TimeFeature] = []
    best = plain = fit(learn, taught, judge, facts.features)
    for name in names:
        scores = fit(learn, taught, judge, facts.features | {str(each): TIME_FEATURES[each] for each in (*helped, name)})
        if metric.difference(y, best, scores, confidence, clusters=clusters).low > 0:
            helped, best = [*helped, name], scores
    if not helped:
        return None
    gain = metric.difference(y, plain, best, confidence, clusters=clusters)
    return Trial(names=tuple(helped), metric=metric.name, without=gain.value_a, with_them=gain.value_b, low=gain.low, rows=len(y))
