"""A window counted in parts is the window counted whole; what labels and pairs say is left to the rows that were drawn."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.update.watched import MARCH, champion, rows, scores

from keepfit.monitor.window_counts import CountWindow, completed
from keepfit.records import WindowCounts

TABLE = rows()
KNOWN = WindowCounts(window=MARCH.id, rows=TABLE.num_rows, drawn=100)


def look(ask=scores):
    return CountWindow.of(champion(), MARCH, TABLE.column_names, ask)


def counted(table, cuts=(), counting=None):
    counting = counting or look()
    ends, state = [*sorted(cuts), table.num_rows], counting.start(0)
    for begin, end in zip([0, *ends], ends, strict=False):
        part = counting.add(counting.start(begin), table.slice(begin, end - begin).select(counting.columns))
        state = counting.join(state, part)
    return counting.counts(state, KNOWN)


def numbers(profile):
    return {name: (column.counts, column.n, column.missing) for name, column in profile.columns.items()}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, TABLE.num_rows), max_size=4), st.randoms(use_true_random=False))
def test_however_it_is_cut_and_shuffled_it_is_what_the_champion_counts(cuts, chance):
    order = list(range(TABLE.num_rows))
    chance.shuffle(order)
    found = counted(TABLE.take(order), cuts)
    whole, days = champion().profile(TABLE, scores(TABLE).values, MARCH), champion().steps(TABLE, scores(TABLE).values, MARCH)
    assert [step.window for step in found.steps] == [day.window for day in days]
    for one, other in zip((found.profile, *found.steps), (whole, *days), strict=True):
        assert (one.window, one.rows, one.shares) == (other.window, other.rows, {})
        told = numbers(other)
        told.pop(champion().meta.target)
        assert numbers(one) == told


def test_what_only_the_rows_drawn_say_stays_theirs():
    drawn = TABLE.take(np.arange(0, TABLE.num_rows, 12))
    sample = champion().profile(drawn, scores(drawn).values, MARCH)
    profile, steps = completed(sample, champion().steps(drawn, scores(drawn).values, MARCH), counted(TABLE))
    target = champion().meta.target
    assert (profile.rows, profile.shares, profile.columns[target]) == (TABLE.num_rows, sample.shares, sample.columns[target])
    assert list(profile.columns) == list(sample.columns)
    assert sum(step.rows for step in steps) == TABLE.num_rows
    assert completed(sample, (), KNOWN) == (sample, ())


def test_without_a_model_predictions_are_those_of_the_rows_drawn():
    alone = counted(TABLE, counting=look(None))
    assert "prediction" not in alone.profile.columns
    sample = champion().profile(TABLE.slice(0, 50), scores(TABLE.slice(0, 50)).values, MARCH)
    assert completed(sample, (), alone)[0].columns["prediction"].n == 50


def test_a_window_of_one_day_has_no_days_beside_it():
    day = pc.strftime(TABLE["t"], "%Y-%m-%d")
    found = counted(TABLE.filter(pc.equal(day, day[0])))
    assert found.steps == ()
    assert found.profile.window == MARCH.id


@pytest.mark.parametrize("kind", ["numbers as text", "times with a zone"])
def test_what_a_table_stores_otherwise_is_read_as_it_was_trained_on(kind):
    name, values = ("x", TABLE["x"].cast(pa.string())) if kind == "numbers as text" else ("t", TABLE["t"].cast(pa.timestamp("us", "UTC")))
    stored = TABLE.set_column(TABLE.column_names.index(name), name, values)
    assert counted(stored, [500]) == counted(TABLE, [500])


def test_the_pass_is_sent_as_it_is():
    sent = pickle.loads(pickle.dumps(look()))
    assert counted(TABLE, [7], sent) == counted(TABLE, [7])
    assert len(pickle.dumps(sent)) < 1_000_000


def test_a_reader_is_told_what_was_counted():
    told = counted(TABLE)
    assert replace(told, rows=5_000_000, drawn=100_000, scored_by="sha256:ab").sentence == (
        "100,000 of 5,000,000 rows were drawn: labels, expectations and slices are those of the rows drawn; features and predictions are counted on all"
    )
    assert told.sentence.endswith("features are counted on all")
