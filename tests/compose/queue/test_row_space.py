"""Rows as points: each feature counts the same, whatever its unit, and nothing that is missing or odd breaks the space."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.queue.row_space import row_space


def apart(space, one, other):
    return float(((space[one] - space[other]) ** 2).sum())


def test_a_unit_or_an_outlier_changes_no_distance():
    small, large = (row_space(pa.table({"x": [0.0, 1.0, 2.0, worst]}), {"x": "numeric"}) for worst in (3.0, 1e300))
    assert np.array_equal(small, large)


def test_categories_are_alike_or_not():
    space = row_space(pa.table({"c": ["a", "b", "c", "a", None]}), {"c": "categorical"})
    assert [apart(space, 0, 3), apart(space, 0, 1), apart(space, 1, 2), apart(space, 0, 4)] == pytest.approx([0, 1, 1, 1])


def test_what_is_missing_is_like_what_is_missing_and_unlike_the_rest():
    space = row_space(pa.table({"x": pa.array([None, None, 1.0, 1.0])}), {"x": "numeric"})
    assert apart(space, 0, 1) == apart(space, 2, 3) == 0
    assert apart(space, 0, 2) >= 1


def test_texts_that_share_words_lie_nearer_also_in_a_language_without_spaces():
    texts = ["the invoice is wrong", "the invoice is late", "cannot log in to vpn", "请求退款订单", "请求退款付款", "无法登录账户"]
    space = row_space(pa.table({"body": [*texts, None]}), {"body": "text"})
    assert apart(space, 0, 1) < apart(space, 0, 2)
    assert apart(space, 3, 4) < apart(space, 3, 5)
    assert np.isfinite(space).all()


@pytest.mark.parametrize(
    "values",
    [pa.array([True, False, None]), pa.array(["1", "x", None]), pa.array([[1], [2], None]), pa.nulls(3), pa.array([float("inf"), -float("inf"), float("nan")])],
    ids=["booleans", "text in a column of numbers", "lists", "nothing", "no finite number"],
)
def test_every_column_has_a_place(values):
    assert np.isfinite(row_space(pa.table({"x": values}), {"x": "numeric"})).all()
    assert np.isfinite(row_space(pa.table({"x": values}), {"x": "categorical"})).all()


def test_rows_without_features_lie_in_one_place():
    assert row_space(pa.table({"x": [1, 2]}), {}).tolist() == [[0.0], [0.0]]
    assert row_space(pa.table({"x": pa.array([], pa.float64())}), {"x": "numeric"}).shape[0] == 0
