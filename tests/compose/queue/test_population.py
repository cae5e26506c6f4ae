"""What a queue is drawn from: rows without a label that nobody is being asked about."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepfit.compose.queue.population import looked_at, population_of, row_ranks
from keepfit.params import load_params

PARAMS = load_params("""
model: {name: m, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric}}
""")
ONE = pa.table({"id": ["a", "b", "c", "d"], "x": [1.0, 2.0, 3.0, 4.0], "y": [0.0, None, None, None]})
OTHER = pa.table({"id": ["e"], "x": [5.0]})


def rows(known=(), asked=(), **more):
    found = population_of({"2013-01": ONE, "2013-02": OTHER}, PARAMS, known=known, asked=asked, **more)
    return found.table["id"].to_pylist(), found.labelled, found.asked


def test_rows_without_a_label_are_there_also_of_a_window_without_the_column():
    assert rows() == (["b", "c", "d", "e"], 1, 0)


def test_rows_that_people_have_labelled_or_are_asked_about_are_not():
    assert rows(known={"b", "nobody"}, asked={"b", "c", "a"}) == (["d", "e"], 2, 1)


def test_labelled_rows_are_there_where_they_are_wanted_but_not_those_that_people_are_asked_about():
    assert rows(known={"b"}, asked={"c"}, labelled=True) == (["a", "b", "d", "e"], 0, 1)


def test_each_row_knows_its_window():
    found = population_of({"2013-01": ONE, "2013-02": OTHER}, PARAMS, known=(), asked=())
    assert found.table["_window"].to_pylist() == ["2013-01"] * 3 + ["2013-02"]


def test_a_rows_rank_is_its_own_whatever_rows_are_beside_it():
    assert row_ranks(ONE, PARAMS, seed=3)[2] == row_ranks(ONE.slice(2, 1), PARAMS, seed=3)[0]
    assert row_ranks(ONE, PARAMS, seed=3)[2] != row_ranks(ONE, PARAMS, seed=4)[2]


def test_rows_that_are_looked_at_are_a_fair_sample():
    seen = np.zeros(20)
    for seed in range(2000):
        table = pa.table({"id": [str(number) for number in range(20)]})
        seen[looked_at(row_ranks(table, PARAMS, seed=seed), 5)] += 1
    assert np.abs(seen / 2000 - 0.25).max() < 4.5 * np.sqrt(0.25 * 0.75 / 2000)
