"""A queue's rows from a population: what was looked at, from which slices, and the probability over all."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.queue.at_random import AtRandom
from keepfit.compose.queue.doubtful import MostDoubtful
from keepfit.compose.queue.drawing import ModelsSay, QueueDrawing, QueueLook, draw_queue
from keepfit.compose.queue.population import population_of
from keepfit.errors import DataError
from keepfit.params import load_params
from keepfit.records.quality import Suspect, Suspects

PARAMS = load_params("""
model: {name: m, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric, c: categorical}}
evaluate: {metric: roc_auc, slices: {c: {}}}
""")
N = 200
TABLE = pa.table(
    {"id": [f"r{number}" for number in range(N)], "x": np.arange(N) * 1.0, "c": np.where(np.arange(N) % 10 == 0, "rare", "usual").tolist(), "y": [None] * N}
)


def drawn(strategy=None, *, most=10_000, seed=0, **asked):
    population = population_of({"w": TABLE}, PARAMS, known=(), asked=())
    look = QueueLook.at(population, PARAMS, seed=seed, most=most)
    drawing = QueueDrawing(**{"rows": 20, "random_share": 0.2, **asked})
    return draw_queue(look, PARAMS, strategy or AtRandom(), drawing=drawing, seen=ModelsSay())


def test_over_many_seeds_a_total_is_estimated_without_bias_though_the_strategy_looked_at_some_rows_of_a_slice_only():
    """The sum of x over all 200 rows and over the rare slice, by 400 queues: within four standard errors."""
    truth = [float(np.arange(N).sum()), float(np.arange(0, N, 10).sum())]
    sums = []
    for seed in range(400):
        rows = drawn(most=100, seed=seed, slices=("c=rare",)).rows
        weights = [(float(row.row[1:]) / row.probability, row.slices == ("c=rare",)) for row in rows]
        sums.append([sum(weight for weight, _ in weights), sum(weight for weight, rare in weights if rare)])
    mean, error = np.mean(sums, axis=0), np.std(sums, axis=0) / 20
    assert (np.abs(mean - truth) <= 4 * error).all()


def test_the_table_has_the_rows_in_the_order_in_which_people_see_them():
    found = drawn()
    assert found.table["id"].to_pylist() == [row.row for row in found.rows]


def test_suspects_are_drawn_by_their_doubt_with_the_label_that_they_had():
    ranked = tuple(Suspect(row=f"r{number}", kind="label_errors", score=number / N, label="1") for number in range(0, 100, 2))
    suspects = Suspects(source="s", target="y", method="m", folds=5, seed=0, judged=N, rows=ranked)
    found = drawn(MostDoubtful(), suspects=suspects)
    chosen = {row.row: row for row in found.rows if row.selected == "active"}
    assert len(chosen) == 16
    assert min(int(row[1:]) for row in chosen) >= 60
    assert {(row.label, row.score) for row in chosen.values()} == {("1", int(row[1:]) / N) for row in chosen}
    assert (found.in_slices or 0) + found.held == 50
    assert found.held > 0


def test_without_a_ranking_no_label_is_more_doubtful_than_another():
    with pytest.raises(DataError, match="nobody has ranked the labels"):
        drawn(MostDoubtful())
