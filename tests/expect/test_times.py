"""Texts that are compared with a column of times are times."""

from datetime import UTC, datetime

import pytest

from keepfit.errors import ExpectationError
from keepfit.expect.times import with_times

NEW_YEAR = datetime(2024, 1, 1)


@pytest.mark.parametrize(
    ("kwargs", "expected"),
    [
        ({"column": "t", "min_value": "2024-01-01", "max_value": None}, {"column": "t", "min_value": NEW_YEAR, "max_value": None}),
        ({"column": "x", "min_value": "2024-01-01"}, {"column": "x", "min_value": "2024-01-01"}),
        ({"column": "t", "value_set": ["2024-01-01T00:00:00", 3]}, {"column": "t", "value_set": [NEW_YEAR, 3]}),
        (
            {"column_A": "x", "column_B": "t", "value_pairs_set": [["2024-01-01", "2024-01-01"]]},
            {"column_A": "x", "column_B": "t", "value_pairs_set": [["2024-01-01", NEW_YEAR]]},
        ),
        (
            {"column": "t", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [["2024-01-01", None]]}},
            {"column": "t", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[NEW_YEAR, None]]}},
        ),
    ],
)
def test_texts_become_times_where_the_column_holds_times(kwargs, expected):
    assert with_times(kwargs, {"t": None}, where="suite s: a") == expected


def test_a_text_without_a_zone_is_in_the_columns_own():
    found = with_times({"column": "t", "min_value": "2024-01-01", "max_value": "2024-01-02T00:00:00+00:00"}, {"t": UTC}, where="")
    assert (found["min_value"], found["max_value"]) == (NEW_YEAR.replace(tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize(("text", "says"), [("soon", "'soon' is compared with a column of times and is none"), ("2024-01-01T00:00Z", "has a zone")])
def test_what_is_no_time_of_the_column_is_refused(text, says):
    with pytest.raises(ExpectationError, match=says):
        with_times({"column": "t", "min_value": text}, {"t": None}, where="suite s: a")
