"""The parts of a recipe: new windows in full, a replay that is its share, a cap that keeps it; drawn by the rows' own hashes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts.pools import pool

from keepfit.compose.samplers.parts import WindowParts


def draw(rows=None, **fields):
    return WindowParts(**fields).draw(rows or pool(), rng=np.random.default_rng(0))


def counts(drawn):
    return [int((drawn.part == name).sum()) for name in ("train", "replay", "out")]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [240, 0, 0]),
        ({"windows": 3}, [180, 0, 60]),
        ({"new": 1}, [60, 0, 180]),
        ({"new": 1, "replay": 0.5}, [60, 60, 120]),
        ({"new": 1, "replay": 0.25, "max_rows": 40}, [30, 10, 200]),
        ({"new": 3, "replay": 0.9}, [180, 60, 0]),  # fewer where there are fewer
        ({"windows": 2, "new": 1, "replay": 0.9}, [60, 60, 120]),
        ({"max_rows": 100}, [100, 0, 140]),
    ],
)
def test_windows_parts_and_a_cap(fields, found):
    assert counts(draw(**fields)) == found


@pytest.mark.parametrize(
    ("fields", "needed"),
    [({}, None), ({"windows": 5}, 5), ({"windows": 5, "new": 2}, 2), ({"windows": 5, "new": 2, "replay": 0.1}, 5), ({"new": 2, "replay": 0.1}, None)],
)
def test_older_windows_need_not_be_read_where_nothing_is_drawn_from_them(fields, needed):
    assert WindowParts(**fields).windows_needed == needed


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.sampled_from([0.0, 0.1, 1 / 3, 0.7]), st.none() | st.integers(5, 300), st.randoms())
def test_a_draw_is_the_same_in_whatever_order_the_rows_come(new, replay, most, chance):
    fields = {"new": new, "replay": replay, "max_rows": most}
    rows = pool()
    order = np.array(chance.sample(range(240), 240))
    mixed = pool()
    for name in ("row_id", "window", "time", "label"):
        object.__setattr__(mixed, name, getattr(rows, name)[order])
    drawn, again = draw(rows, **fields), draw(mixed, **fields)
    assert again.part.tolist() == drawn.part[order].tolist()
    train, replayed, _ = counts(drawn)
    assert abs(replayed - replay * (train + replayed)) < 1 or (drawn.part != "out")[rows.ages >= new].all()


def test_a_seed_is_a_draw_and_a_row_more_changes_at_most_one_other():
    def ids(rows, seed=0):
        return set(rows.row_id[draw(rows, max_rows=100, seed=seed).part == "train"])

    rows = pool()
    without = rows.rows(np.arange(240) != 17)
    assert ids(rows) != ids(rows, seed=1)
    assert len(ids(rows) - ids(without)) <= 1


def test_each_row_that_is_left_out_says_why():
    drawn = draw(windows=3, new=1, replay=0.25, max_rows=40)
    rows = pool()
    said = {age: set(drawn.reason[(rows.ages == age) & (drawn.part == "out")]) for age in range(4)}
    assert said == {0: {"over max_rows 40"}, 1: {"not drawn for replay"}, 2: {"not drawn for replay"}, 3: {"older than the recipe's windows"}}
