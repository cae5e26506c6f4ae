"""Time features are proposed where they surely help on the first rows, with the figure; else nothing is said."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa

from keepfit.expect.own_table import OwnTable, learn
from keepfit.expect.time_trial import JUDGED, LEARNED, try_time_features
from keepfit.flows.init.time_trial import proposed

ASKED = OwnTable(time="t", target="y", model="m")


def table(days=360, *, hour=1.0, weekday=1.0, month=0.0, freq="2h", words=False):
    """Rows over some days; the target is made of what is asked for."""
    rng, times = np.random.default_rng(0), pd.date_range("2020-01-01", pd.Timestamp("2020-01-01") + pd.Timedelta(days=days), freq=freq, inclusive="left")
    x = rng.normal(size=len(times))
    y = x + hour * np.cos(times.hour / 24 * 2 * np.pi) + weekday * (times.day_of_week >= 5) + month * np.cos(times.month / 6 * np.pi)
    y = y + rng.normal(size=len(times))
    return pa.table({"t": times.to_numpy(), "x": x, "y": np.where(y > 0, "yes", "no") if words else y})


def found(rows):
    return proposed(rows, learn(rows, ASKED))


def test_what_helps_is_proposed_with_what_it_brought():
    trial = found(table())
    assert trial is not None
    assert trial.names == ("hour", "weekday")
    assert trial.with_them < trial.without - trial.low < trial.without
    said = r"measured on \d+ of the first windows' last rows: mae 0\.\d+ with them, [\d.]+ without \(a gain surely above 0\.\d+\)"
    assert re.fullmatch(said, trial.sentence)


def test_a_target_that_does_not_follow_the_clock_is_told_nothing():
    assert found(table(hour=0.0, weekday=0.0)) is None


def test_two_classes_are_held_by_auc():
    trial = found(table(weekday=0.0, hour=2.0, words=True))
    assert trial is not None
    assert (trial.names, trial.metric) == (("hour",), "roc_auc")
    assert trial.with_them > trial.without


def test_a_month_is_never_proposed_from_less_than_two_years():
    short = found(table(days=3 * 500, hour=0.0, weekday=0.0, month=3.0, freq="6h"))
    long = found(table(days=3 * 1_300, hour=0.0, weekday=0.0, month=3.0, freq="6h"))
    assert short is None or "month" not in short.names
    assert long is not None
    assert long.names == ("month",)


def test_times_without_an_hour_are_not_tried_by_the_hour():
    trial = found(table(days=3_000, freq="1D", weekday=3.0))
    assert trial is not None
    assert trial.names == ("weekday",)


def test_a_table_that_has_such_a_column_keeps_it():
    trial = found(table().append_column("hour", pa.array(np.arange(4_320) % 7)))
    assert trial is None or "hour" not in trial.names


def test_few_rows_say_nothing():
    assert found(table(days=20, freq="12h")) is None


def test_one_class_among_the_rows_to_learn_from_says_nothing():
    rows = table(words=True, hour=2.0)
    early = pd.Series(rows["y"].to_pylist())
    early[:1_400] = "no"
    assert found(rows.set_column(2, "y", pa.array(early))) is None


def test_a_large_table_is_tried_on_some_rows_of_every_hour():
    seen = []

    def fit(learn, labels, judge, features):
        seen.append((len(learn), len(judge), learn["hour"].nunique()))
        return judge["x"].to_numpy()

    rows = table(days=4_000, freq="1h")
    facts = learn(rows, ASKED)
    frame = rows.to_pandas()
    assert try_time_features(frame[frame["t"] < facts.as_of], facts, fit) is None
    assert set(seen) == {(LEARNED, JUDGED, 24)}
