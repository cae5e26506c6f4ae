"""Times that people give, in the clock of the rows."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from keepfit.errors import DataError
from keepfit.flows.clock import moment, now_in


@pytest.mark.parametrize(
    ("given", "zone", "expected"),
    [
        (datetime(2026, 3, 1, 12), "Europe/Berlin", datetime(2026, 3, 1, 12)),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "Europe/Berlin", datetime(2026, 3, 1, 13)),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "Europe/Berlin", datetime(2026, 7, 1, 14)),
        (datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "UTC", datetime(2026, 2, 28, 23, 30)),
        (date(2026, 3, 1), "Europe/Berlin", datetime(2026, 3, 1)),
        ("2026-03-01", "Europe/Berlin", datetime(2026, 3, 1)),
        ("2026-03-01T12:00:00", "UTC", datetime(2026, 3, 1, 12)),
        ("2026-03-01T12:00:00Z", "Europe/Berlin", datetime(2026, 3, 1, 13)),
    ],
)
def test_a_time_is_read_in_the_clock_of_the_rows(given, zone, expected):
    assert moment(given, zone, where="until") == expected


def test_without_a_time_it_is_now():
    utc, berlin = (moment(None, zone, where="until") for zone in ("UTC", "Europe/Berlin"))
    assert abs(utc - datetime.now(UTC).replace(tzinfo=None)) < timedelta(seconds=5)
    assert timedelta(minutes=55) < berlin - utc < timedelta(hours=2, minutes=5)
    assert now_in("UTC").tzinfo is None


def test_what_is_no_time_is_refused_in_one_sentence():
    with pytest.raises(DataError, match=r"'yesterday' is no time \(until\)"):
        moment("yesterday", "UTC", where="until")
