"""Whether rows are known to have trained no model: by time, and never by hope."""

from datetime import UTC, datetime, timedelta

import pytest

from keepfit.evaluate.unseen import unseen_rows

DAY = datetime(2026, 2, 1)


@pytest.mark.parametrize(
    ("first", "ends", "said"),
    [
        (DAY, [DAY - timedelta(days=1), DAY - timedelta(days=9)], "known"),
        (DAY, [DAY - timedelta(days=1)], "known"),
        (DAY, [DAY], "unknown"),
        (DAY, [DAY - timedelta(days=1), DAY + timedelta(days=1)], "unknown"),
        (DAY, [DAY - timedelta(days=1), None], "unknown"),
        (None, [DAY], "unknown"),
        (DAY, [], "unknown"),
        (DAY, [(DAY - timedelta(hours=1)).replace(tzinfo=UTC)], "known"),
    ],
)
def test_known_only_where_every_end_is_known_and_before_the_first_row(first, ends, said):
    assert unseen_rows(first, ends) == said
