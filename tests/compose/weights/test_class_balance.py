"""The weight `class_balance`: classes of equal sums, rows of a class in proportion."""

import numpy as np
import pytest
from tests.contracts.pools import pool

from keepfit.compose.weights.class_balance import ClassBalance


def test_classes_have_equal_sums_and_rows_of_one_keep_their_proportion():
    rows, given = pool(), np.linspace(1, 3, 240)
    weights = ClassBalance().weigh(rows, given)
    assert weights[rows.label == 1].sum() == pytest.approx(weights[rows.label == 0].sum())
    assert np.ptp((weights / given)[rows.label == 1]) == pytest.approx(0)
