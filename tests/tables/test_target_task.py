"""What there is to be predicted in a column."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.tables.target_task import task_of


def found(values, said=None, type_=None):
    return task_of(pa.table({"y": pa.array(values, type_)}), "y", said)


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        ([0, 1, None], None),
        ([True, False], None),
        (["no", "yes", "yes", "yes"], "yes"),
        (["stayed", "churned", "stayed"], "churned"),
        (["a", "b", "a"], "b"),
        ([2, 3, 2], "3"),
    ],
)
def test_two_values_are_classes_and_one_that_sounds_like_yes_or_is_rarer_counts_as_1(values, positive):
    for column in (pa.array(values), pa.array(values).dictionary_encode()):
        its = task_of(pa.table({"y": column}), "y")
        assert (its.task, its.positive, its.classes, its.doubt) == ("classification", positive, None, "")


def test_three_texts_and_more_are_classes_in_the_order_of_the_alphabet_and_numbers_in_theirs():
    assert found(["outage", "billing", "contract"]).classes == ("billing", "contract", "outage")
    assert found(["10", "9", "b", "a"]).classes == ("9", "10", "a", "b")


@pytest.mark.parametrize("type_", [pa.int8(), pa.int64(), pa.float64()])
def test_few_whole_numbers_are_never_a_regression_without_a_word(type_):
    its = found([1, 2, 3, 6, 2, 1] * 50, type_=type_)
    assert (its.task, its.classes) == ("classification", ("1", "2", "3", "6"))
    assert its.doubt == "4 whole numbers are taken for classes, as nothing says that they are a number: if they are one, --task regression"


def test_what_a_person_says_leaves_no_doubt():
    assert found([1, 2, 3] * 9, "regression").task == "regression"
    assert found([1, 2, 3] * 9, "classification").doubt == ""
    assert found([0.5, 1.5, 2.5], "classification").classes == ("0.5", "1.5", "2.5")
    assert found([0, 1, 1], "regression").task == "regression"


def test_more_whole_numbers_that_come_again_and_again_are_a_number_that_may_be_codes():
    its = found(list(range(50)) * 10)
    assert its.task == "regression"
    assert its.doubt.startswith("50 whole numbers that come again and again are taken for a number")
    assert found(list(range(50)) * 2).doubt == ""


def test_fractions_are_numbers():
    its = found([1.5, 2.5, 3.5])
    assert (its.task, its.doubt) == ("regression", "")


def test_a_class_of_two_rows_is_named():
    its = found(["a"] * 50 + ["b"] * 50 + ["legal"] * 2 + ["press"])
    assert its.rare == "press has 1 row, legal has 2 rows: too few to learn or to judge; group them, or wait"
    assert len(found([f"c{at % 100}" for at in range(1000)]).rare) < 120


@pytest.mark.parametrize(
    ("values", "said", "sentence"),
    [
        ([None], None, "has no value in any row"),
        (["a", "a", None, ""], None, "has one value only, 'a'"),
        ([f"c{at}" for at in range(10_000)], None, "has 10,000 different values, and one model is judged by 256 classes at most"),
        (list(range(10_000)), "classification", "has 10,000 different values"),
        (["a", "b", "c"], "regression", "holds no numbers: 'a', 'b', 'c'"),
    ],
)
def test_what_cannot_be_predicted_is_named(values, said, sentence):
    with pytest.raises(DataError, match=sentence):
        found(values, said, pa.string() if values == [None] else None)
