from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from keepfit.gate.counted import counted_attempts, place
from keepfit.records import Attempt, JournalRow

AT = datetime(2026, 1, 1, tzinfo=UTC)


def row(kind="evaluated", **detail):
    return JournalRow(at=AT, kind=kind, model="m", version="2", target="", who="ci", via="server", text="", detail=detail)


def evaluated(rows, model, **more):
    return row(judged_rows=rows, judged_model=model, **more)


def test_what_is_written_down_is_counted_with_where_the_rows_end():
    until = "2013-03-01T00:00:00"
    assert counted_attempts([row("promoted"), evaluated("a", "m1", judged_until=until)]) == (Attempt(rows="a", model="m1", until=datetime(2013, 3, 1)),)


def test_no_other_row_counts():
    assert counted_attempts([row("promoted", judged_rows="a", judged_model="m"), row(), row(judged_rows="a"), row(judged_model="m")]) == ()


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=12))
def test_a_model_has_the_place_at_which_the_rows_first_judged_it_and_a_new_one_comes_last(said):
    known = counted_attempts([evaluated(*one) for one in said])
    for rows in "ab":
        order = [model for each, model in dict.fromkeys(said) if each == rows]
        assert [place(known, rows=rows, model=model) for model in order] == list(range(1, len(order) + 1))
        assert place(known, rows=rows, model="new") == len(order) + 1
