"""Pieces: every row group is in exactly one, neighbours stay together, none is much larger than asked for."""

from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.pieces import Piece, cut, shares


@given(st.lists(st.integers(0, 50)), st.integers(1, 60))
def test_every_group_is_in_one_run_in_its_place_and_a_run_stops_once_it_is_full(groups, rows):
    runs = list(cut(groups, rows))
    assert [place for run in runs for place in run] == list(range(len(groups)))
    assert all(sum(groups[place] for place in run[:-1]) < rows for run in runs)
    assert all(sum(groups[place] for place in run) >= rows for run in runs[:-1])


def test_shares_keep_the_order_of_the_table():
    pieces = [Piece(path="a", groups=(i,), first_row=10 * i, rows=10, size=1, changed_ns=0) for i in range(7)]
    assert [[piece.first_row for piece in share] for share in shares(pieces, 25)] == [[0, 10, 20], [30, 40, 50], [60]]
    assert shares([], 25) == []
