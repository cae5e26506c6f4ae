"""A window cut into base windows as long as the reference's."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from keepfit.records import Profile, Reference, Window
from keepfit.tables.base_windows import base_windows, form_of

MARCH = Window(id="2013-03", source="live", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))


def named(*names):
    return Reference(profiles=tuple(Profile(window=name, rows=0, columns={}) for name in names))


def rows(times):
    return pa.table({"t": pa.array(times), "x": pa.array(range(len(times)))})


HALF_DAYS = [datetime(2013, 3, 1) + timedelta(hours=12 * i) for i in range(6)]


def cut(table, reference):
    found = base_windows(table, np.arange(float(table.num_rows)), MARCH, time="t", reference=reference)
    return [(base.id, part["x"].to_pylist(), scores.tolist()) for part, scores, base in found]


def test_a_month_is_cut_into_the_days_that_have_rows():
    assert cut(rows([*HALF_DAYS[:2], *HALF_DAYS[4:]]), named("2013-01-01", "2013-01-02")) == [
        ("2013-03-01", [0, 1], [0.0, 1.0]),
        ("2013-03-03", [2, 3], [2.0, 3.0]),
    ]


def test_a_reference_of_hours_cuts_by_the_hour():
    assert [name for name, _, _ in cut(rows(HALF_DAYS), named("2013-01-01T07"))] == [f"2013-03-{day:02}T{hour:02}" for day in (1, 2, 3) for hour in (0, 12)]


@pytest.mark.parametrize("reference", [named("part-0", "part-1"), named(), named("2013-01-01", "part-1")])
def test_a_reference_that_is_not_cut_by_the_calendar_cuts_nothing(reference):
    assert form_of(reference) is None
    assert cut(rows(HALF_DAYS), reference) == []


@pytest.mark.parametrize(
    "times",
    [HALF_DAYS[:2], [HALF_DAYS[0], HALF_DAYS[4], HALF_DAYS[1]], [*HALF_DAYS, None], [str(time) for time in HALF_DAYS]],
    ids=["one day", "no order", "no time", "text"],
)
def test_rows_of_one_day_or_out_of_order_or_without_a_time_are_looked_at_whole(times):
    assert cut(rows(times), named("2013-01-01")) == []
