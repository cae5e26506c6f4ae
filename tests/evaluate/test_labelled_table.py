"""A labelled table that no project knows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.evaluate.labelled_table import EvaluationQuestion, LabelledTable, Measures, chosen_metrics, never_learned, same_answer
from keepfit.tables.labels import labels


def look(target, **question):
    values = pa.array(target)
    table = pa.table({"y": values, "x": np.arange(len(values)), "at": pa.array(["2026-03-01"] * len(values))})
    return LabelledTable.of(table, EvaluationQuestion(target="y", **question))


@pytest.mark.parametrize(
    ("target", "question", "task", "words"),
    [
        (["no", "yes", "no"], {}, "classification", ("no", "yes")),
        (["bad", "good", "bad"], {"positive": "good"}, "classification", ("bad", "good")),
        (["bad", "good", "ugly"], {"positive": "good"}, "classification", ("bad", "ugly", "good")),
        ([0, 1, 1], {}, "classification", ("0", "1")),
        ([True, False, True], {}, "classification", ("0", "1")),
        (["a", "b", "c"], {}, "classification", ("a", "b", "c")),
        ([1, 2, 3], {"task": "regression"}, "regression", ()),
        ([1.5, 2.25, 3.0], {}, "regression", ()),
    ],
)
def test_the_target_says_what_is_predicted_and_the_class_that_counts_comes_last(target, question, task, words):
    found = look(target, **question)
    assert (found.task, found.words) == (task, words)


@pytest.mark.parametrize("missing", [None, ""])
def test_a_row_without_a_label_is_left_out_and_counted(missing):
    found = look(["no", missing, "yes"])
    assert (found.table.num_rows, found.unlabelled, found.given["x"].to_pylist()) == (2, 1, [0, 2])


def test_nan_is_no_label():
    assert look([0.5, float("nan"), 1.5, 2.5]).unlabelled == 1


def test_no_model_is_shown_the_labels():
    assert "y" not in look(["no", "yes"]).given.column_names


def test_labels_are_numbers_where_positive_counts_as_1():
    found = look(["bad", "good", "bad"], positive="good")
    params = found.params("m", Measures(metric="roc_auc"))
    assert labels(params, found.frame(params)).tolist() == [0.0, 1.0, 0.0]


def test_of_many_classes_they_are_the_places_in_the_list():
    found = look(["a", "c", "b"])
    params = found.params("m", Measures(metric="error_rate", classes=("a", "b", "c", "d")))
    assert labels(params, found.frame(params)).tolist() == [0.0, 2.0, 1.0]


def test_infinity_is_no_number_to_be_predicted():
    found = look([1.5, float("inf"), 2.5])
    params = found.params("m", Measures(metric="mae"))
    with pytest.raises(DataError, match="infinity"):
        labels(params, found.frame(params))


def test_a_slice_may_be_a_column_or_what_the_time_gives():
    found = look(["no", "yes"], time="at")
    assert found.sliceable(["x", "weekday", "x"]) == ("x", "weekday")
    with pytest.raises(UnknownNameError, match="weekday"):
        look(["no", "yes"]).sliceable(["weekday"])


def test_ids_are_the_rows_names_and_places_where_there_are_none():
    assert (look(["no", "yes"], id="x").row_names(), look(["no", None, "yes"]).row_names()) == (["0", "1"], ["0", "1"])


@pytest.mark.parametrize(
    ("question", "demanded", "many", "only_labels", "chosen"),
    [
        ({}, [], False, False, ("roc_auc", ("log_loss",))),
        ({}, ["accuracy"], False, False, ("accuracy", ("roc_auc", "log_loss"))),
        ({}, ["accuracy", "log_loss"], False, False, ("log_loss", ("roc_auc",))),
        ({"metric": "log_loss", "metrics": ("f1",)}, ["accuracy"], False, False, ("log_loss", ("f1",))),
        ({}, [], True, False, ("error_rate", ("f1_macro", "log_loss"))),
        ({}, [], True, True, ("error_rate", ("f1_macro",))),
        ({}, [], False, True, ("accuracy", ())),
    ],
)
def test_what_decides_is_what_is_asked_for_else_what_the_rules_name_else_what_is_usual(question, demanded, many, only_labels, chosen):
    asked = EvaluationQuestion(target="y", **question)
    assert chosen_metrics(asked, demanded, "classification", many=many, only_labels=only_labels) == chosen


def test_labels_that_a_model_never_learned_are_named_with_their_rows_at_most_five():
    table = pa.table({"y": [name for name in "abcdefgh" for _ in range(2)]})
    said = never_learned("abcdefgh", ["a"], table, "y")
    assert said == "'b' (2 rows), 'c' (2 rows), 'd' (2 rows), 'e' (2 rows), 'f' (2 rows) and 2 more"
    assert never_learned("ab", None, table, "y") == ""


def test_one_answer_to_all_rows_is_seen_of_many_classes_too():
    assert same_answer(np.tile([0.2, 0.3, 0.5], (4, 1))) == "0.2, 0.3, 0.5"
    assert same_answer(np.array([0.5, 0.5, np.nan])) == ""
