"""The parts of a recipe: which windows train, and which are there to be replayed."""

import numpy as np
import pytest
from tests.contracts.pools import pool

from keepfit.compose.samplers.parts import WindowParts


def draw(**fields):
    return WindowParts(**fields).draw(pool(), rng=np.random.default_rng(0))


def by_window(drawn):
    return [(*{*drawn.part[pool().ages == age]},)[0] for age in (3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, ["train", "train", "train", "train"]),
        ({"windows": 3}, ["out", "train", "train", "train"]),
        ({"new": 1}, ["out", "out", "out", "train"]),
        ({"windows": 3, "new": 1, "replays": True}, ["out", "replay", "replay", "train"]),
        ({"windows": 9, "new": 2, "replays": True}, ["replay", "replay", "train", "train"]),
    ],
)
def test_each_window_is_of_one_part(fields, found):
    assert by_window(draw(**fields)) == found


@pytest.mark.parametrize(
    ("fields", "needed"),
    [({}, None), ({"windows": 5}, 5), ({"windows": 5, "new": 2}, 2), ({"windows": 5, "new": 2, "replays": True}, 5), ({"new": 2, "replays": True}, None)],
)
def test_older_windows_need_not_be_read_where_nothing_is_drawn_from_them(fields, needed):
    assert WindowParts(**fields).windows_needed == needed


def test_each_row_that_is_left_out_says_why():
    drawn = draw(windows=3, new=1)
    said = {age: set(drawn.reason[(pool().ages == age) & (drawn.part == "out")]) for age in range(4)}
    assert said == {0: set(), 1: {"older than the new windows"}, 2: {"older than the new windows"}, 3: {"older than the recipe's windows"}}
