"""Times in every form that tables have them become naive times of one clock; what is none is refused by name."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.tables.times import normalise_time

SIX = datetime(2013, 2, 1, 6)
NANO = datetime(2013, 2, 1, 6, 0, 0, 123456)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["2013-02-01T06:00:00.123456789"], NANO),
        (["2013-02-01T06:00:00.123456789Z"], NANO),
        (pa.array([1359698400123456789], pa.timestamp("ns")), NANO),
        (pa.array(["2013-02-01T06:00:00"]).dictionary_encode(), SIX),
        (pa.array(["2013-02-01T06:00:00"], pa.large_string()), SIX),
        (pa.array(["2013-02-01T06:00:00"], pa.string_view()), SIX),
        (pa.array([SIX], pa.timestamp("us")).dictionary_encode(), SIX),
        (pa.array([1359698400]), SIX),
        (pa.array([1359698400], pa.uint32()), SIX),
        ([1359698400.25], SIX.replace(microsecond=250_000)),
        ([1359698400_000], SIX),
        ([1359698400_123456], NANO),
        ([1359698400_123456789], NANO),
        (["1359698400"], SIX),
        ([20130201], datetime(2013, 2, 1)),
        (["20130201"], datetime(2013, 2, 1)),
        ([20130201.0], datetime(2013, 2, 1)),
        ([20130201060000], SIX),
        (["20130201060000"], SIX),
    ],
    ids=str,
)
def test_a_time_is_read_in_any_storage(values, found):
    table = normalise_time(pa.table({"t": values}), "t")
    assert (table["t"].type, table["t"].to_pylist()) == (pa.timestamp("us"), [found])


def test_an_epoch_is_in_utc_and_a_day_in_the_tables_own_clock():
    assert normalise_time(pa.table({"t": [1359698400]}), "t", timezone="America/New_York")["t"].to_pylist() == [datetime(2013, 2, 1, 1)]
    assert normalise_time(pa.table({"t": [20130201]}), "t", timezone="America/New_York")["t"].to_pylist() == [datetime(2013, 2, 1)]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([20130230], "'t' is not ISO 8601: .*2013-02-30"),
        ([1359698400, 1359698400000], "'t' holds int64, not times: numbers from"),
        ([1, 2], "'t' holds int64, not times: numbers from 1 to 2"),
        ([20130201, None], "1 of 2 rows have no time in 't'"),
        (["n/a", "2013-02-01"], "1 of 2 rows have no time in 't'"),
        ([["a"]], "'t' holds list"),
        (pa.array([1], pa.time32("s")), "'t' holds time32"),
    ],
    ids=str,
)
def test_what_is_no_time_names_the_column_and_what_it_holds(values, says):
    with pytest.raises(DataError, match=says):
        normalise_time(pa.table({"t": values}), "t")


@pytest.mark.parametrize(
    ("values", "hour"),
    [
        (["2013-02-01T06:00:00"], 6),
        (["2013-02-01 06:00"], 6),
        (["2013-02-01"], 0),
        (["2013-02-01T06:00:00Z"], 6),
        (["2013-02-01T06:00:00+0100"], 5),
        (pa.array([datetime(2013, 2, 1, 6)], pa.timestamp("ns", "America/New_York")), 6),
    ],
)
def test_times_become_naive_in_their_own_clock_or_utc(values, hour):
    table = normalise_time(pa.table({"t": values}), "t")
    assert table["t"].type == pa.timestamp("us")
    assert table["t"][0].as_py() == datetime(2013, 2, 1, hour)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["2013-02-01T06:00:00Z", "2013-02-01T06:00:00"], "'t' mixes times with and without a zone"),
        (["1/2/2013"], "'t' is not ISO 8601"),
        ([1.5], "'t' holds double, not times"),
        (["2013-02-01", None], "1 of 2 rows have no time in 't'"),
    ],
)
def test_times_that_cannot_be_trusted_are_refused(values, says):
    with pytest.raises(DataError, match=says):
        normalise_time(pa.table({"t": values}), "t")


def test_an_unknown_time_column_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="no column 'tme'") as caught:
        normalise_time(pa.table({"time": ["2013-02-01"]}), "tme")
    assert "did you mean 'time'" in str(caught.value)


def test_times_with_a_zone_become_times_of_the_projects_zone_and_naive_ones_are_in_it():
    times = ["2026-03-08T06:59:00+00:00", "2026-03-08T07:00:00+00:00", "2026-07-01T00:00:00+02:00"]
    table = normalise_time(pa.table({"t": times}), "t", timezone="America/New_York")
    assert table["t"].to_pylist() == [datetime(2026, 3, 8, 1, 59), datetime(2026, 3, 8, 3, 0), datetime(2026, 6, 30, 18, 0)]
    naive = pa.table({"t": ["2026-03-08T06:59:00"]})
    assert normalise_time(naive, "t", timezone="America/New_York") == normalise_time(naive, "t")
