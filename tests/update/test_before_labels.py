"""Performance before labels: learned on labelled rows, said of others, and never of what says nothing of itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from tests.update.watched import APRIL, MARCH, PARAMS, champion, rows, scores

from keepfit.monitor.champion import Scores
from keepfit.params import Params
from keepfit.tables.judged_scores import judged_scores
from keepfit.update.before_labels import answered_by_sibling, enough_labels, estimate_before_labels, learn, teaching_rows


def estimate(table, answer, learned, *, earlier=()):
    return estimate_before_labels(PARAMS, learned, table, answer, window=APRIL, earlier=earlier)


def without_labels(table):
    return table.set_column(table.column_names.index("y"), "y", pa.nulls(table.num_rows, pa.float64()))


def test_nothing_is_estimated_before_labels_of_a_model_without_probabilities():
    table = without_labels(rows(APRIL))
    said = estimate(table, Scores(np.round(scores(table).values), only_labels=True), None)
    assert (said.status, said.value) == ("not estimated", None)
    assert "needs probabilities (predict_proba, or train.predict)" in said.detail


def test_without_labelled_rows_that_the_champion_did_not_train_on_nothing_is_known():
    table = without_labels(rows(APRIL))
    assert estimate(table, scores(table), None).detail == "no labelled rows are known that the champion did not train on"


def test_what_was_learned_holds_the_truth_and_is_held_against_it_once_labels_are_there():
    taught = teaching_rows(PARAMS, [rows(MARCH)])
    learned = learn(champion(), taught, scores(taught).values)
    table = rows(APRIL, seed=5)
    before, after = (estimate(one, scores(one), learned) for one in (without_labels(table), table))
    assert (before.status, before.truth, before.held) == ("estimated", None, None)
    assert before.low < after.truth < before.high
    assert (after.held, after.labelled) == (True, 1200)
    missed = replace(after, held=False)
    assert estimate(table, scores(table), learned, earlier=[missed, missed]).status == "cannot tell"


def test_labelled_rows_teach_in_the_order_of_time():
    late, early = rows(APRIL, n=100), rows(MARCH, n=100)
    half = early.slice(0, 50)
    taught = teaching_rows(PARAMS, [late, half, without_labels(early.slice(50))])
    assert taught.num_rows == 150
    assert taught["t"].to_pylist() == sorted(taught["t"].to_pylist())
    assert [enough_labels(PARAMS, [table]) for table in (half, without_labels(half), half.slice(1))] == [True, False, False]


def test_of_a_refit_the_answers_of_the_judged_model_teach_and_only_where_they_were_kept():
    """The refit has learned the labels of these rows: by its own scores it would be right of nearly all."""
    table = rows()
    ids, sibling = table["id"].to_pylist(), scores(table).values
    kept = judged_scores(ids[:800], sibling[:800])
    known, answered = answered_by_sibling(PARAMS, table, kept)
    assert known["id"].to_pylist() == ids[:800]
    assert answered.tolist() == sibling[:800].tolist()
    own = np.where(np.array(table["y"].to_pylist()) == 1, 0.99, 0.01)
    told = learn(champion(), known, answered).estimate(rows(APRIL), scores(rows(APRIL)).values, APRIL).value
    fooled = learn(champion(), known, own[:800]).estimate(rows(APRIL), own, APRIL).value
    assert told < 0.9 < fooled


def test_of_many_classes_the_sibling_is_read_in_the_order_that_the_classes_are_listed_in_by_now():
    model = {"name": "m", "task": "classification", "target": "y", "classes": ["press", "outage", "billing"]}
    params = Params.model_validate({"model": model, "data": {"live": "r.csv", "time": "t", "id": "id"}})
    kept = judged_scores(["a", "b"], np.array([[0.75, 0.25], [0.5, 0.5]]), classes=("billing", "outage"))
    known, answered = answered_by_sibling(params, pa.table({"id": ["b", "c", "a"]}), kept)
    assert known["id"].to_pylist() == ["b", "a"]
    assert answered.tolist() == [[0.0, 0.5, 0.5], [0.0, 0.25, 0.75]]
