from __future__ import annotations

import numpy as np
import pytest

from keepfit.stats.clusters import RowOrigins, sentence

START = np.datetime64("2013-02-01T00:00")
HOUR = np.timedelta64(1, "h")


def hourly(hours, start=START):
    """Three rows an hour."""
    return np.repeat(start + np.arange(hours) * HOUR, 3)


def said(**origins):
    found = RowOrigins(**origins).clusters()
    return found.count, found.unit


def test_a_month_is_cut_into_its_days():
    times = hourly(28 * 24)
    found = RowOrigins(times=times).clusters()
    assert (found.count, found.unit) == (28, "day")
    assert found.codes.tolist() == np.repeat(np.arange(28), 72).tolist()


def test_the_coarser_of_group_and_day_is_taken_if_there_are_eight_of_it():
    times = hourly(28 * 24)
    stores, customers, few = (np.arange(len(times)) % many for many in (10, 900, 7))
    assert said(times=times, groups=stores) == (10, "group")
    assert said(times=times, groups=customers) == (28, "day")
    assert said(times=times, groups=few) == (28, "day")
    assert said(times=hourly(24), groups=customers % 60) == (60, "group")
    assert said(groups=few) == (7, "group")


def test_a_weeks_days_stand_although_they_are_seven():
    assert said(times=hourly(7 * 24)) == (7, "day")
    assert said(times=hourly(5 * 24)) == (5, "day")


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(4 * 24, (8, "stretch of 12 hours")), (24, (8, "stretch of 3 hours")), (10, (10, "hour")), (8, (8, "hour"))],
)
def test_fewer_days_are_cut_into_stretches_of_hours_as_long_as_leaves_eight(hours, expected):
    assert said(times=hourly(hours)) == expected


def test_stretches_without_rows_are_none():
    day = np.concatenate([hourly(4), hourly(4, START + 20 * HOUR)])
    assert said(times=day) == (8, "hour")


def test_within_an_hour_minutes_are_cut():
    times = START + np.arange(1200) * np.timedelta64(1, "s")
    assert said(times=times) == (10, "stretch of 2 minutes")
    assert said(times=times[:180]) == (3, "minute")


def test_one_time_for_all_rows_is_one_cluster_and_no_time_is_not_known():
    assert said(times=np.repeat(START, 40)) == (1, "day")
    assert RowOrigins().clusters() is None
    assert RowOrigins(times=np.array(["2013-02-01", "NaT"], "datetime64[us]")).clusters() is None


def test_days_of_windows_judged_together_are_counted_together():
    week = [hourly(4 * 24), hourly(5 * 24, START + 4 * 24 * HOUR)]
    joined = RowOrigins.joined([RowOrigins(times=times) for times in week])
    assert (joined.clusters().count, joined.clusters().unit) == (9, "day")
    assert RowOrigins.joined([RowOrigins(times=week[0]), RowOrigins()]).clusters() is None
    assert RowOrigins.joined([]).clusters() is None


def test_a_part_keeps_the_origins_of_its_rows():
    times = hourly(10 * 24)
    kept = np.arange(len(times)) < 9 * 72
    found = RowOrigins(times=times, groups=np.arange(len(times)) % 3).part(kept)
    assert (len(found.times), len(found.groups), found.clusters().count) == (648, 648, 9)


def test_the_page_says_what_one_cluster_is_how_many_there_are_and_if_they_are_few():
    assert sentence("day", 28, 20.44) == "rows of one day are taken as one group: 28 days, design effect 20.4"
    assert sentence("group", 12, 1.0) == "rows of one group are taken as one group: 12 groups, design effect 1.0"
    assert sentence("day", 7, 2.0) == "rows of one day are taken as one group: 7 days, fewer than 8, so intervals are wider, design effect 2.0"


def test_days_far_apart_and_close_together_are_numbered_in_their_order():
    near = RowOrigins(times=START + np.array([3, 0, 9, 3, 1, 2, 4, 5, 6, 8] * 9) * 24 * HOUR).clusters()
    far = RowOrigins(times=START + np.array([3, 0, 9, 3, 1, 2, 4, 5, 6, 8]) * 24_000 * HOUR).clusters()
    assert (near.count, far.count) == (9, 9)
    assert near.codes[:10].tolist() == far.codes.tolist() == [3, 0, 8, 3, 1, 2, 4, 5, 6, 7]
