"""Features that are derived from a row's time: their values, the clock they are read from, and their columns' names."""

from __future__ import annotations

import inspect
import re
from datetime import datetime
from pathlib import Path
from typing import get_args

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError, ParamsError
from keepfit.integrations.models import keepfit_model
from keepfit.params import TIME_FEATURES, Params, load_params
from keepfit.records import ModelMeta, TimeFeature, TimeFeatures
from keepfit.tables.conform import conform
from keepfit.tables.frames import to_frame
from keepfit.tables.time_features import DERIVED, asked_for, in_frame, sliced_by, stand_still, with_time_features
from keepfit.tables.times import normalise_time

NAMES = get_args(TimeFeature)
DOCS = Path(__file__).resolve().parents[2] / "docs"


def derived(names=NAMES, timezone="UTC"):
    return TimeFeatures(column="t", timezone=timezone, names=tuple(names))


def rows(*times, unit="us"):
    return pa.table({"t": pa.array(times, pa.timestamp(unit)), "x": list(range(len(times)))})


def params(time_features, data=None, **other):
    data = {"live": "rows.csv", "time": "t", "features": {"x": "numeric"}, "time_features": time_features, **(data or {})}
    return Params.model_validate({"model": {"name": "m", "task": "regression", "target": "y"}, "data": data, **other})


# -- values -------------------------------------------------------------------------------------------------------------


def test_each_feature_has_the_value_that_its_docstring_says():
    found = with_time_features(rows(datetime(2024, 12, 31, 23, 59, 59, 999999), datetime(2024, 3, 4)), derived()).to_pylist()
    assert found[0] == {
        "t": datetime(2024, 12, 31, 23, 59, 59, 999999), "x": 0, "minute_of_day": 1439, "hour": 23, "day_part": "evening",
        "weekday": 1, "is_weekend": 0, "day_of_month": 31, "day_of_year": 366, "month": 12, "quarter": 4,
    }  # fmt: skip
    assert [found[1][name] for name in NAMES] == [0, 0, "night", 0, 0, 4, 64, 3, 1]


@given(st.lists(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2100, 12, 31)), min_size=1, max_size=20))
def test_no_value_leaves_the_range_that_is_documented(times):
    found = with_time_features(rows(*times), derived())
    for name, derive in DERIVED.items():
        said = re.search(r"(\d+)(?: \(Monday\))? to (\d+)", inspect.getdoc(derive) or "")
        if said:
            assert set(found[name].to_pylist()) <= set(range(int(said[1]), int(said[2]) + 1))


def test_every_name_of_the_vocabulary_is_derived_and_explained():
    page = (DOCS / "composing.md").read_text(encoding="utf-8")
    assert list(DERIVED) == list(NAMES) == list(TIME_FEATURES)
    assert all(f"| `{name}` |" in page for name in NAMES)


def test_a_column_of_the_name_is_replaced_and_deriving_twice_changes_nothing():
    once = with_time_features(rows(datetime(2026, 1, 1, 5)).append_column("hour", pa.array([99])), derived(["hour"]))
    assert once["hour"].to_pylist() == [5]
    assert with_time_features(once, derived(["hour"])).equals(once)


def test_a_frame_has_what_its_table_has_whatever_its_index():
    table = rows(datetime(2026, 1, 1, 5), datetime(2026, 7, 4, 18))
    frame = to_frame(table).set_axis([7, 3])
    pd.testing.assert_frame_equal(in_frame(frame, derived()), to_frame(with_time_features(table, derived())).set_axis([7, 3]))


# -- clocks -------------------------------------------------------------------------------------------------------------


def test_times_with_a_zone_are_read_off_the_tables_clock():
    told = normalise_time(pa.table({"t": ["2026-01-05T04:30:00Z", "2026-07-06T04:30:00+02:00"]}), "t", timezone="America/New_York")
    assert with_time_features(told, derived(["hour", "weekday"], "America/New_York")).select(["hour", "weekday"]).to_pylist() == [
        {"hour": 23, "weekday": 6},
        {"hour": 22, "weekday": 6},
    ]


def test_eight_in_the_morning_is_8_before_and_after_the_clocks_change():
    told = normalise_time(pa.table({"t": ["2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"]}), "t", timezone="Europe/Berlin")
    assert with_time_features(told, derived(["hour"]))["hour"].to_pylist() == [8, 8]


def test_the_hour_that_comes_twice_in_autumn_is_one_value():
    told = normalise_time(pa.table({"t": ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]}), "t", timezone="Europe/Berlin")
    assert with_time_features(told, derived(["hour"]))["hour"].to_pylist() == [2, 2]


def test_the_hour_that_is_skipped_in_spring_is_taken_as_a_naive_table_holds_it():
    told = normalise_time(pa.table({"t": ["2026-03-29T02:30:00"]}), "t", timezone="Europe/Berlin")
    assert with_time_features(told, derived(["hour"]))["hour"].to_pylist() == [2]


ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"])
MOMENTS = st.datetimes(min_value=datetime(1975, 1, 1), max_value=datetime(2037, 12, 31)).map(lambda time: time.replace(microsecond=0))
STORED = {
    "naive text": lambda times: pd.Series([time.isoformat() for time in times]),
    "UTC text": lambda times: pd.Series([f"{time.isoformat()}Z" for time in times]),
    "text with an offset": lambda times: pd.Series([f"{time.isoformat()}-05:30" for time in times]),
    "naive": lambda times: pd.Series(times),
    "with a zone": lambda times: pd.Series(times).dt.tz_localize("UTC"),
    "objects": lambda times: pd.Series([time.isoformat() for time in times], dtype=object),
    "seconds": lambda times: pd.Series([int((time - datetime(1970, 1, 1)).total_seconds()) for time in times]),
    "milliseconds": lambda times: pd.Series([int((time - datetime(1970, 1, 1)).total_seconds()) * 1000 for time in times]),
    "digits": lambda times: pd.Series([f"{time:%Y%m%d%H%M%S}" for time in times]),
    "days": lambda times: pd.Series([int(f"{time:%Y%m%d}") for time in times]),
}


@given(st.lists(MOMENTS, min_size=1, max_size=8), ZONES, st.sampled_from(sorted(STORED)))
def test_a_served_model_derives_what_a_table_of_the_same_times_does(times, zone, stored):
    column = STORED[stored](times)
    table = normalise_time(pa.table({"t": pa.array(column)}), "t", timezone=zone)
    trained = to_frame(with_time_features(table, derived(timezone=zone)))
    served = keepfit_model.with_time_features(pd.DataFrame({"t": column}), {"column": "t", "timezone": zone, "names": NAMES})
    pd.testing.assert_frame_equal(served[list(NAMES)], trained[list(NAMES)])


# -- names --------------------------------------------------------------------------------------------------------------


def test_a_list_of_names_and_a_map_say_the_same():
    assert params(["hour", "weekday"]).data == params({"hour": "numeric", "weekday": None}).data
    assert params({"hour": "categorical"}).data.inputs == {"x": "numeric", "hour": "categorical"}
    assert params(["day_part"]).data.time_features == {"day_part": "categorical"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["weekda"], "no time feature 'weekda' (did you mean 'weekday'?"),
        ({"houre": "numeric"}, "did you mean 'hour'?"),
        ("hours", "did you mean 'hour'?"),
        ([["hour"]], "no time feature"),
        ([8], "no time feature '8'"),
        ({"hour": "ordinal"}, "'numeric' or 'categorical'"),
        ({"day_part": "numeric"}, "day_part is a word"),
    ],
)
def test_what_is_no_time_feature_is_refused_in_one_sentence(given, said):
    text = f"model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t, time_features: {given}}}"
    with pytest.raises(ParamsError) as refused:
        load_params(text)
    assert said in str(refused.value)
    assert "data.time_features" in str(refused.value)


@pytest.mark.parametrize(
    ("data", "whose"), [({"features": {"hour": "numeric"}}, "a feature"), ({"time": "hour"}, "the time"), ({"group": "hour"}, "the group")]
)
def test_a_time_feature_has_no_name_that_params_yaml_gives_to_a_column(data, whose):
    with pytest.raises(ValueError, match=f"the name of the column that is {whose}"):
        params(["hour"], data)


def test_the_target_is_no_time_feature():
    with pytest.raises(ValueError, match="the target 'month' has the name of a time feature"):
        params(["month"], model={"name": "m", "task": "regression", "target": "month"})


def test_a_table_that_has_a_column_of_the_name_is_refused():
    table = pa.table({"t": ["2026-01-01"], "x": [1.0], "y": [1.0], "hour": [4]})
    with pytest.raises(DataError, match="the table has a column 'hour'") as refused:
        conform(table, params(["hour"]))
    assert "data.time_features.hour" in str(refused.value)
    assert conform(table, params([]))["hour"].to_pylist() == [4]


def test_ids_made_of_features_and_time_know_no_time_features():
    table = pa.table({"t": ["2026-01-01T05:00:00"], "x": [1.0], "y": [1.0]})
    assert conform(table, params(["hour", "month"], {"id_scheme": "features"})).equals(conform(table, params([], {"id_scheme": "features"})))


# -- what is asked of rows ----------------------------------------------------------------------------------------------


def meta(features, time_features=None):
    return ModelMeta(
        model="m",
        task="regression",
        target="y",
        features=features,
        flavor="sklearn",
        estimator="E",
        rows=1,
        trained_from=None,
        trained_until=None,
        time_features=time_features,
    )


def test_rows_must_hold_the_time_in_place_of_what_is_derived_from_it():
    assert asked_for(meta({"x": "numeric"})) == ("x",)
    assert asked_for(meta({"x": "numeric", "hour": "numeric"}, derived(["hour"]))) == ("x", "t")


def test_a_slice_may_be_a_time_feature_that_the_model_does_not_read():
    told = params(["hour"], evaluate={"slices": {"day_part": {}, "x": {}}})
    assert sliced_by(told, ["t", "x"]) == derived(["hour", "day_part"])
    assert sliced_by(told, ["t", "x", "day_part"]) == derived(["hour"])
    assert sliced_by(params([]), ["t", "x"]) is None


@pytest.mark.parametrize(("window", "still"), [("month", {"weekday", "month"}), ("day", {"weekday", "month"}), ("500 rows", {"hour", "weekday", "month"})])
def test_what_differs_from_day_to_day_by_the_calendar_alone_is_not_watched(window, still):
    assert stand_still(derived(["hour", "weekday", "month"]), window) == still
    assert stand_still(None, window) == frozenset()
