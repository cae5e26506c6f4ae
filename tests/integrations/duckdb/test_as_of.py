"""The row of a history that holds for a row: against a slow search that anybody can check, for all orders, gaps, ties and nulls."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.integrations.duckdb.as_of import RANK, TIME, newest_not_later

TEXT, INT = pa.string(), pa.int64()
KEY = st.sampled_from(["a", "b", "", None])
MOMENT = st.one_of(st.integers(0, 6), st.none())
ROWS = st.lists(st.tuples(KEY, KEY, st.integers(0, 6)), max_size=12)
HISTORY = st.lists(st.tuples(KEY, KEY, MOMENT, st.sampled_from([0, 1, None])), max_size=14)


def rows_of(given_rows):
    k, j, t = zip(*given_rows, strict=True) if given_rows else ((), (), ())
    return pa.table({"k": pa.array(k, TEXT), "j": pa.array(j, TEXT), TIME: pa.array(t, INT)})


def history_of(given_rows):
    k, j, t, r = zip(*given_rows, strict=True) if given_rows else ((), (), (), ())
    return pa.table({"k": pa.array(k, TEXT), "j": pa.array(j, TEXT), TIME: pa.array(t, INT), RANK: pa.array(r, INT)})


def slowly(row, history, keys):
    """The newest that is not later: of one time the highest rank, of one rank the first; None where there is none."""
    k, j, t = row
    best = None
    for place, (hk, hj, ht, rank) in enumerate(history):
        wanted = [(k, hk), (j, hj)][: len(keys)]
        if any(one is None or one != other for one, other in wanted) or ht is None or ht > t:
            continue
        better = (ht, -1 if rank is None else rank)
        if best is None or better > best[0]:
            best = (better, place)
    return None if best is None else best[1]


@settings(max_examples=60, deadline=None)
@given(ROWS, HISTORY, st.sampled_from([[], ["k"], ["k", "j"]]))
def test_it_is_the_newest_that_is_not_later_however_both_are_sorted(rows, history, keys):
    found = newest_not_later(rows_of(rows).select([*keys, TIME]), history_of(history).select([*keys, TIME, RANK]), keys=keys)
    assert found.places.to_pylist() == [slowly(row, history, keys) for row in rows]
    assert all(history[place][2] <= row[2] for place, row in zip(found.places.to_pylist(), rows, strict=True) if place is not None)


@settings(max_examples=40, deadline=None)
@given(HISTORY)
def test_rows_of_one_key_time_and_rank_are_told_and_those_of_lower_rank_counted(history):
    found = newest_not_later(rows_of([]).select(["k", TIME]), history_of(history).select(["k", TIME, RANK]), keys=["k"])
    groups = {}
    for place, (k, _, t, rank) in enumerate(history):
        if k is not None and t is not None:
            groups.setdefault((k, t), []).append((-1 if rank is None else rank, place))
    tops = [[place for rank, place in group if rank == max(group)[0]] for group in groups.values()]
    assert found.pairs.to_pylist() == sorted(({"first": top[0], "other": other} for top in tops for other in top[1:]), key=lambda one: tuple(one.values()))
    assert found.superseded == sum(map(len, groups.values())) - sum(map(len, tops))


def test_a_rank_may_be_a_text_or_a_time():
    history = pa.table({"k": ["a"] * 3, TIME: [1, 1, 1], RANK: ["2013-02-01T00:00", "2013-02-03T00:00", None]})
    assert newest_not_later(pa.table({"k": ["a"], TIME: [1]}), history, keys=["k"]).places.to_pylist() == [1]


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_joined_in_any_order_alike():
    count = 100_000
    keys, times = [f"k{n % 997}" for n in range(count)], [n * 7919 % 100_003 for n in range(count)]
    rows = pa.table({"k": keys, TIME: times})
    history = pa.table({"k": keys[::-1], TIME: [n * 104_729 % 100_003 for n in range(count)], RANK: pa.nulls(count, INT)})
    found = newest_not_later(rows, history, keys=["k"]).places
    back = newest_not_later(rows.take(list(range(count))[::-1]), history, keys=["k"]).places
    assert found.to_pylist() == back.to_pylist()[::-1]
    assert count // 3 < count - found.null_count < count
