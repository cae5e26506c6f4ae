"""What there is to be predicted in a column."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.tables.target_task import task_of


@pytest.mark.parametrize(
    ("values", "task", "positive"),
    [
        ([0, 1, None], "classification", None),
        ([True, False], "classification", None),
        (["no", "yes", "yes", "yes"], "classification", "yes"),
        (["stayed", "churned", "stayed"], "classification", "churned"),
        (["a", "b", "a"], "classification", "b"),
        ([2, 3, 2], "classification", "3"),
        ([1.5, 2.5, 3.5], "regression", None),
    ],
)
def test_two_values_are_classes_and_one_that_sounds_like_yes_or_is_rarer_counts_as_1(values, task, positive):
    assert task_of(pa.table({"y": values}), "y") == (task, positive)
    assert task_of(pa.table({"y": pa.array(values).dictionary_encode()}), "y") == (task, positive)


@pytest.mark.parametrize(
    ("values", "said"), [([None], "has no value in any row"), (["a", "a", None], "has one value only, 'a'"), (["a", "b", "c"], "has 3 different texts")]
)
def test_what_cannot_be_predicted_is_named(values, said):
    with pytest.raises(DataError, match=said):
        task_of(pa.table({"y": pa.array(values, pa.string())}), "y")
