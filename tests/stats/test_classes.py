from __future__ import annotations

import numpy as np
import pytest

from keepfit.errors import DataError
from keepfit.stats.classes import answered, checked_codes, columns, one_hot, with_rows


def test_of_equal_probabilities_the_first_class_is_the_answer_and_of_two_classes_class_one():
    assert answered(np.array([[0.5, 0.5, 0.0]])).tolist() == [0]
    assert answered(np.array([0.5, 0.49])).tolist() == [1, 0]


def test_one_column_and_two_say_the_same():
    s = np.array([0.1, 0.7])
    assert answered(columns(s)).tolist() == answered(s).tolist()


def test_labels_without_probabilities_are_one_hot_and_answer_themselves():
    codes = np.array([2, 0, 1])
    assert answered(one_hot(codes, 3)).tolist() == codes.tolist()
    assert one_hot(codes, 4)[:, 3].tolist() == [0, 0, 0]


def test_classes_with_rows_are_the_listed_ones():
    assert with_rows(checked_codes(np.array([0.0, 2.0, 3.0]), 3), 3) == [0, 2]
    with pytest.raises(DataError, match="from 0 to 3"):
        checked_codes(np.array([4.0]), 3)
