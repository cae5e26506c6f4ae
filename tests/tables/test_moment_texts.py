"""A moment is one category whatever unit and zone it is stored in, and layouts that named it otherwise keep their meaning."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.profiles.kernel import count_categories
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.profiles.shares import error_shares
from keepfit.records import CategoricalProfile, Profile, from_json
from keepfit.slices.codes import code_columns
from keepfit.tables.arrow import tally
from keepfit.tables.moment_texts import named_now

UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
ZONES = [None, "UTC", "Europe/Berlin", "+01:00", "-03:30"]
NAMED_BY = {  # as layouts were stored while each unit and zone named a moment in its own way
    ("ms", None): ["2013-02-01 06:00:00.000", "2013-02-01 07:00:00.000"],
    ("s", "UTC"): ["2013-02-01 06:00:00Z", "2013-02-01 07:00:00Z"],
    ("us", "UTC"): ["2013-02-01 06:00:00.000000Z", "2013-02-01 07:00:00.000000Z"],
    ("ns", "Europe/Berlin"): ["2013-02-01 07:00:00.000000000+0100", "2013-02-01 08:00:00.000000000+0100"],
}
SIX, SEVEN = 1_359_698_400, 1_359_702_000
STORED = """{"window": "2013-02", "rows": 4, "schema": 1, "columns": {"t": {"kind": "categorical", "categories":
    ["2013-02-01 07:00:00.000+0100", "2013-02-01 08:00:00.000+0100"], "counts": [2, 1], "n": 4, "missing": 0, "other": 1, "new": 0,
    "rare": ["2013-02-01 09:00:00.000+0100"]}}}"""


def moments(seconds, unit, zone):
    return pa.array([None if each is None else each * UNITS[unit] for each in seconds], pa.timestamp(unit, zone))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("unit", UNITS)
def test_a_moment_is_one_category_in_every_unit_and_zone(unit, zone):
    values = moments([SIX, SIX, None, -1], unit, zone)
    found = {"2013-02-01 06:00:00.000000": 2, None: 1, "1969-12-31 23:59:59.000000": 1}
    assert tally(values) == tally(values.dictionary_encode()) == found


def test_a_zone_that_this_machine_does_not_know_is_no_obstacle():
    assert tally(pa.array([0], pa.timestamp("us", "Mars/Olympus"))) == {"1970-01-01 00:00:00.000000": 1}


def test_nanoseconds_are_cut_off_and_dates_stay_dates():
    assert tally(pa.array([1, 999, 1000, -1], pa.timestamp("ns"))) == {"1970-01-01 00:00:00.000000": 3, "1970-01-01 00:00:00.000001": 1}
    assert tally(pa.array([0, 1], pa.date32())) == {"1970-01-01": 1, "1970-01-02": 1}


@pytest.mark.parametrize(("unit", "zone"), NAMED_BY)
def test_a_layout_that_names_moments_as_its_column_stored_them_counts_them_in_every_form(unit, zone):
    layout = CategoricalProfile(categories=tuple(NAMED_BY[unit, zone]), counts=(0, 0), n=0, missing=0, other=0, rare=())
    for other in UNITS:
        found = count_categories(moments([SEVEN, SIX, SEVEN, 0, None], other, zone), layout)
        assert (found.categories, found.counts, found.other, found.new, found.missing) == (layout.categories, (1, 2), 1, 1, 1)


def test_a_stored_reference_keeps_its_meaning_in_profiles_slices_and_errors():
    reference = from_json(Profile, STORED)
    table = pa.table({"t": moments([SIX, SEVEN, SEVEN + 3600, 0], "us", None), "y": [1.0, 0.0, 1.0, 0.0]})
    counted = profile_table(table, reference.columns, "2013-03").columns["t"]
    assert (counted.counts, counted.other, counted.new) == ((1, 1), 2, 1)
    assert (profile_table(table, reference.columns, "2013-03") + reference).rows == 8
    (coded,) = code_columns(table, reference.columns)
    six, seven = (f"t={name}" for name in reference.columns["t"].categories)
    assert [coded.literals[code] for code in coded.codes] == [six, seven, "t is other", "t is other"]
    shares = error_shares(table, reference.columns, y=np.array([1.0, 0.0, 1.0, 0.0]), scores=np.array([0.1, 0.1, 0.9, 0.1]))
    assert {name: (one.yes, one.n) for name, one in shares.items() if "t=" in name} == {f"errors of {six}": (1, 1), f"errors of {seven}": (0, 1)}


def test_texts_that_read_like_moments_are_texts():
    layout = learn_layout(pa.table({"c": ["2013-02-01 06:00:00.000"]}), {"c": "categorical"})["c"]
    assert count_categories(pa.array(["2013-02-01 06:00:00.000", "2013-02-01 06:00:00.000000"]), layout).counts == (1,)


def test_of_two_names_of_one_moment_the_first_counts_it():
    layout = CategoricalProfile(categories=("2013-02-01 06:00:00.000000001", "2013-02-01 06:00:00.000000002"), counts=(0, 0), n=0, missing=0, other=0, rare=())
    assert count_categories(moments([SIX], "ns", None), layout).counts == (1, 0)
    (coded,) = code_columns(pa.table({"t": moments([SIX], "ns", None)}), {"t": layout})
    assert coded.codes.tolist() == [0]


@pytest.mark.parametrize("text", ["", "soon", "2013-02-30 06:00:00", "0001-01-01 00:00:00+0100", "2013-02-01", "2013-02-01 06:00:00.0001"])
def test_what_names_no_moment_stays_as_it_is(text):
    assert named_now([text]) == [text]


@given(st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(0, 999), st.integers(-14 * 60, 14 * 60))
def test_an_older_name_is_the_moment_that_arrow_wrote(moment, nanos, ahead):
    sign = "-" if ahead < 0 else "+"
    zone = f"{sign}{abs(ahead) // 60:02}:{abs(ahead) % 60:02}"
    written = pa.array([(moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000 + nanos], pa.timestamp("ns", zone))
    assert named_now(written.cast(pa.string()).to_pylist()) == list(tally(written))
