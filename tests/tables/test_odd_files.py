"""Where an odd file lies in time: by its own rows, by its neighbours, or nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from keepfit.errors import DataError
from keepfit.tables.odd_files import odd_file

BAD = DataError("b.parquet is not readable Parquet")


def span(month, first=1, last=28):
    return datetime(2026, month, first), datetime(2026, month, last)


def placed(spans, name="b.parquet"):
    found = odd_file(name, BAD, of="data/in", spans=spans, odd={name})
    return found.span, found.between


def test_a_file_whose_times_are_known_lies_there():
    assert placed({"a.parquet": span(1), "b.parquet": span(2)}) == (span(2), None)


def test_a_file_between_others_lies_between_their_times_and_the_usual_gap_is_told():
    spans = {"a.parquet": span(1), "c.parquet": span(3), "d.parquet": span(4), "e.parquet": span(5)}
    found = odd_file("b.parquet", BAD, of="data/in", spans=spans, odd={"b.parquet"})
    assert (found.between, found.gap, found.of) == ((datetime(2026, 1, 28), datetime(2026, 3, 1)), timedelta(days=4), "data/in")
    assert found.sentence == BAD.what


def test_the_last_file_has_no_neighbour_after_it():
    assert placed({"a.parquet": span(1)}) == (None, (datetime(2026, 1, 28), None))


def test_files_in_no_order_say_nothing_of_it():
    assert placed({"a.parquet": span(5), "c.parquet": span(1)}) == placed({}) == (None, None)
