"""Scouts that were trained are kept: by window, recipe and rows, within bounds."""

import os
from datetime import datetime

import pytest

from keepfit.flows.monitoring import kept_scouts
from keepfit.flows.monitoring.kept_scouts import KeptScouts, ScoutName
from keepfit.tables.windows import count_window_id, parse_window_id, window_of

RECIPE, ROWS = "a" * 64, "b" * 64


def name(window, *, recipe=RECIPE, rows=ROWS):
    return ScoutName(window=window, recipe=recipe, rows=rows)


def leave(text):
    def make(out):
        out.mkdir()
        (out / "model").write_text(text)

    return make


def forbidden(_out):
    raise AssertionError("trained again")


@pytest.fixture
def kept(tmp_path):
    return KeptScouts(tmp_path / "scouts")


def test_a_scout_is_made_once(kept):
    made = kept.keep(name("2013-02"), leave("one"))
    assert kept.keep(name("2013-02"), forbidden) == made
    assert (made / "model").read_text() == "one"


def test_one_that_was_trained_on_the_same_rows_is_found_whatever_window_it_was_for(kept):
    made = kept.keep(name("2013-02"), leave("one"))
    assert kept.of(name("2013-03")) == made
    assert kept.of(name("2013-03", rows="c" * 64)) is None
    assert kept.of(name("2013-03", recipe="c" * 64)) is None


def test_the_one_before_is_the_newest_of_the_same_recipe_before_the_window(kept):
    for month in ("2013-04", "2013-02", "2013-03"):
        kept.keep(name(month, rows=month), leave(month))
    kept.keep(name("2013-03", recipe="c" * 64), leave("another recipe"))
    window, folder = kept.before(window_of("month", datetime(2013, 4, 1)), RECIPE)
    assert (window.id, (folder / "model").read_text()) == ("2013-03", "2013-03")
    assert kept.before(window_of("month", datetime(2013, 2, 1)), RECIPE) is None


def test_count_windows_are_told_apart_by_their_number(kept):
    for number in (9, 10, 11):
        kept.keep(name(count_window_id(number), rows=str(number)), leave(str(number)))
    assert kept.before(parse_window_id(count_window_id(11)), RECIPE)[0].number == 10


def test_a_run_that_is_killed_leaves_no_half_a_scout(kept):
    def killed(out):
        out.mkdir()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.keep(name("2013-02"), killed)
    assert kept.of(name("2013-02")) is None
    assert (kept.keep(name("2013-02"), leave("whole")) / "model").read_text() == "whole"


@pytest.mark.parametrize(("bound", "value"), [("MOST", 2), ("MOST_BYTES", 2)])
def test_the_oldest_past_the_bounds_are_let_go(kept, monkeypatch, bound, value):
    monkeypatch.setattr(kept_scouts, bound, value)
    for at, month in enumerate(("2013-02", "2013-03", "2013-04")):
        os.utime(kept.keep(name(month, rows=month), leave("x")), (at, at))
    kept.keep(name("2013-05", rows="2013-05"), leave("x"))
    assert sorted(place.name[:7] for place in kept.folder.iterdir()) == ["2013-04", "2013-05"]
